//! The threads that read the database.

use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};

use callplan_service::store::Snapshot;
use callplan_service::telemetry::metrics::QueueDepth;
use tokio::task::JoinSet;

use super::*;

/// More than there are slots, for each key.
const MANY: usize = 100;

#[tokio::test]
async fn reads_of_an_organization_leave_a_thread_of_the_database_to_others() {
    let (service, hostile) = two().await;
    let reader = service.key_of(&hostile, &[Scope::ReadConfigs]).await;
    // A read ends once the sender is gone.
    let (end, wait) = channel::<()>();
    let wait = Arc::new(Mutex::new(wait));
    let read = |key: &Tenant| {
        let (app, who, wait) = (service.app(), service.principal(key), Arc::clone(&wait));
        async move {
            let work = move |_: &Snapshot<'_>| Ok(wait.lock().is_ok_and(|wait| wait.recv().is_ok()));
            app.read(&who, work).await.expect("it ends before its timeout")
        }
    };
    let reads: JoinSet<_> = (0..MANY).flat_map(|_| [read(&reader), read(&hostile)]).collect();
    let depth = || service.app().reads.depth();
    while depth() != (QueueDepth { running: 3, waiting: 2 * MANY - 3 }) {
        tokio::task::yield_now().await;
    }
    let request = Request::get("/metrics").header("host", "test").body(Body::empty()).expect("a request");
    let page = String::from_utf8(service.raw(request).await.1.to_vec()).expect("text");
    for line in ["callplan_queue_running{queue=\"reads\"} 3", "callplan_queue_waiting{queue=\"reads\"} 197"] {
        assert!(page.lines().any(|printed| printed == line), "{line}\n{page}");
    }
    all_goes_on(&service).await;
    drop(end);
    reads.join_all().await;
    assert_eq!(depth(), QueueDepth::default());
}
