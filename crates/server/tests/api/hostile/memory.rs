//! The memory for bodies of requests and of answers.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use axum::http::Method;

use super::*;
use crate::service::stalled;

/// Size of a plan that counts, in bytes.
const LARGE: usize = 300 << 10;

/// A plan of this size.
fn plan(bytes: usize) -> String {
    format!("switch storm\n{}reject\n", "# A line.\n".repeat(bytes / 10))
}

#[tokio::test]
async fn bodies_of_a_key_that_only_reads_leave_room_for_the_bodies_of_others() {
    let (service, hostile) = two().await;
    let reader = service.key_of(&hostile, &[Scope::ReadConfigs]).await;
    let mut sending = Vec::new();
    for key in [&reader, &hostile] {
        for _ in 0..10 {
            let body = stalled(15 << 20);
            let request =
                key.request(Method::POST, &format!("{CONFIG}/check")).header("content-type", "application/json");
            let mut request = Box::pin(service.unread(request.body(body).expect("a request")));
            let polled = request.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            assert!(
                matches!(&polled, Poll::Pending) || matches!(&polled, Poll::Ready(answer) if answer.status() == 503)
            );
            sending.push((request, polled));
        }
    }
    assert!(sending.iter().any(|(_, polled)| polled.is_ready()), "nothing was refused");
    service.put(CONFIG, json!({"workflow_definition": plan(LARGE)})).await.expect(200);
    all_goes_on(&service).await;
}

#[tokio::test]
async fn what_is_announced_and_does_not_come_takes_no_room() {
    let (service, hostile) = two().await;
    let mut announced = Vec::new();
    for _ in 0..1_000 {
        let request = hostile.request(Method::POST, CONFIG).header("content-type", "application/json");
        let request = request.header("content-length", 16 << 20).body(stalled(1)).expect("a request");
        let mut request = Box::pin(service.unread(request));
        assert!(pin!(request.as_mut()).poll(&mut Context::from_waker(Waker::noop())).is_pending());
        announced.push(request);
    }
    let config = json!({"workflow_definition": plan(LARGE)});
    hostile.put(&service, CONFIG, config.clone()).await.expect(200);
    service.put(CONFIG, config).await.expect(200);
    all_goes_on(&service).await;
}

#[tokio::test]
async fn answers_that_nobody_reads_leave_room_for_the_answers_of_others() {
    let (service, hostile) = two().await;
    for tenant in [&service.tenant, &hostile] {
        tenant.put(&service, CONFIG, json!({"workflow_definition": plan(LARGE)})).await.expect(200);
    }
    let reader = service.key_of(&hostile, &[Scope::ReadConfigs]).await;
    let _unread = (service.unread_configs(&reader).await, service.unread_configs(&hostile).await);
    service.get(CONFIG).await.expect(200);
    all_goes_on(&service).await;
}

#[tokio::test]
async fn a_plan_is_switched_off_and_restored_without_room_for_it() {
    let (service, _) = two().await;
    service.put(CONFIG, json!({"workflow_definition": plan(LARGE)})).await.expect(200);
    let reader = service.key(&[Scope::ReadConfigs]).await;
    let held = [service.unread_configs(&reader).await, service.unread_configs(&service.tenant).await];
    let off = service.put(CONFIG, json!({"enabled": false})).await;
    assert_eq!((off.status.as_u16(), &off.headers["etag"]), (204, &"\"3\"".parse().expect("a tag")));
    let restored = service.post(&format!("{CONFIG}/revisions/2/restore"), json!({})).await;
    assert_eq!((restored.status.as_u16(), &restored.headers["etag"]), (204, &"\"4\"".parse().expect("a tag")));
    // A text is refused before anything is written.
    let text = json!({"workflow_definition": plan(2 * LARGE)});
    assert_eq!(service.put(CONFIG, text).await.expect(503)["code"], "overloaded");
    drop(held);
    let config = service.get(CONFIG).await.expect(200);
    assert_eq!((&config["revision"], &config["enabled"]), (&4.into(), &true.into()));
}

#[tokio::test(start_paused = true)]
async fn a_body_that_pauses_is_given_up() {
    let (service, hostile) = two().await;
    let request = hostile.request(Method::POST, CONFIG).header("content-type", "application/json");
    let request = request.body(stalled(1 << 20)).expect("a request");
    assert_eq!(service.send(request).await.expect(408)["code"], "request_timeout");
}
