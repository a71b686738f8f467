//! The slots of work that takes a core.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use callplan_server::api::Work;

use super::*;

/// More than there are slots, and more than may wait.
const MANY: usize = 200;

/// A slot, or a place in the queue for one.
type Taken = Pin<Box<dyn Future<Output = bool> + Send>>;

/// The size of a text for which there is a slot like that of any other.
const SMALL: usize = 1_000;
/// The size of one of the largest texts.
const LARGEST: usize = 8 << 20;

/// Takes all slots of a kind, for texts of this size, that these keys can get, and waits for more.
fn take(service: &Service, work: Work, texts: usize, keys: &[&Tenant]) -> Vec<Taken> {
    let one = |key: &&Tenant| -> Taken {
        let (app, who) = (service.app(), service.principal(key));
        let mut waiting: Taken = Box::pin(async move {
            let slot = app.cores.slot(work, texts, &who).await;
            let is_taken = slot.is_ok();
            // It is held as long as somebody holds the future.
            std::future::pending::<()>().await;
            drop(slot);
            is_taken
        });
        assert!(matches!(waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())), Poll::Pending));
        waiting
    };
    (0..MANY).flat_map(|_| keys.iter().map(one)).collect()
}

#[tokio::test]
async fn drafts_of_a_key_that_only_reads_keep_nobody_from_checking_and_saving() {
    let (service, hostile) = two().await;
    let reader = service.key_of(&hostile, &[Scope::ReadConfigs]).await;
    let _drafts = take(&service, Work::Draft, SMALL, &[&reader, &hostile]);
    let _light = take(&service, Work::Light, SMALL, &[&reader, &hostile]);
    all_goes_on(&service).await;
}

#[tokio::test]
async fn saves_and_restores_of_an_organization_keep_another_from_neither() {
    let (service, hostile) = two().await;
    for texts in [SMALL, LARGEST] {
        let _saves = take(&service, Work::Save, texts, &[&hostile]);
        let _restores = take(&service, Work::Restore, texts, &[&hostile]);
        all_goes_on(&service).await;
    }
}

#[tokio::test]
async fn a_key_that_only_reads_keeps_its_own_organization_from_nothing() {
    let (service, _) = two().await;
    let reader = service.key(&[Scope::ReadConfigs]).await;
    let _drafts = take(&service, Work::Draft, SMALL, &[&reader]);
    all_goes_on(&service).await;
}

#[tokio::test]
async fn a_restore_and_a_switch_off_need_no_slot_of_checks_or_saves() {
    let (service, hostile) = two().await;
    let third = service.organization("Third").await;
    let keys = [&hostile, &third, &service.tenant];
    let _drafts = take(&service, Work::Draft, SMALL, &keys);
    let _light = take(&service, Work::Light, SMALL, &keys);
    let _saves = take(&service, Work::Save, SMALL, &keys);
    let _large = take(&service, Work::Save, LARGEST, &keys);
    service.put(CONFIG, json!({"enabled": false})).await.expect(200);
    service.post(&format!("{CONFIG}/revisions/1/restore"), json!({})).await.expect(200);
    service.put(&format!("{CONFIG}/switches/storm"), json!({"on": true})).await.expect(200);
    tokio::time::pause();
    let check = service.post(&format!("{CONFIG}/check"), json!({"workflow_definition": "reject\n"})).await;
    assert_eq!(check.headers["retry-after"], "1");
    assert_eq!(check.expect(429)["code"], "too_many_checks");
}

#[tokio::test]
async fn large_drafts_of_an_organization_keep_another_from_neither_large_nor_small_ones() {
    let (service, hostile) = two().await;
    let reader = service.key_of(&hostile, &[Scope::ReadConfigs]).await;
    let _large = take(&service, Work::Draft, LARGEST, &[&reader, &hostile]);
    all_goes_on(&service).await;
    let large = json!({"workflow_definition": format!("reject\n{}", "# a comment\n".repeat(50_000))});
    service.post(&format!("{CONFIG}/check"), large.clone()).await.expect(200);
    // Large ones alone wait for each other.
    tokio::time::pause();
    assert_eq!(hostile.post(&service, &format!("{CONFIG}/check"), large).await.expect(429)["code"], "too_many_checks");
    let small = json!({"workflow_definition": "reject\n"});
    hostile.post(&service, &format!("{CONFIG}/check"), small).await.expect(200);
}
