//! Keeps the audit trail: records refused tokens once a minute, and deletes events whose retention is
//! over.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;

use crate::api::App;
use callplan_service::store::{AuditKind, AuditSource, Audited, Change, StoreError};

/// The time between two records of refused tokens.
const PAUSE: Duration = Duration::from_secs(60);
/// Maximum number of events that one transaction deletes.
const MAXIMUM_DELETION: usize = 200;

/// Keeps the trail until the task is aborted. What cannot be deleted now is old the next time, too.
pub async fn keep(app: Arc<App>) {
    loop {
        let _ = delete_old(&app).await;
        tokio::time::sleep(PAUSE).await;
        let _ = record_refused(&app).await;
    }
}

/// Records the tokens that were refused since the last time. If they cannot be written, they are
/// lost: a client must not make the server keep ever more.
pub async fn record_refused(app: &App) -> Result<(), StoreError> {
    let (counts, now) = (app.refused_sign_ins.take(), app.now());
    if counts.is_empty() {
        return Ok(());
    }
    let written = app.store.log(move |transaction| {
        for ((from, organization), count) in counts {
            let source = AuditSource::refused(from, organization, now);
            let subject = source.from.clone().unwrap_or_else(|| "unknown".to_owned());
            let change = Change::new(AuditKind::SignInRefused, subject).times(count);
            transaction.audited(&source, Audited::new((), change))?;
        }
        Ok(())
    });
    written.await
}

/// Deletes the events whose retention is over, a few at a time: other writers come in between.
pub async fn delete_old(app: &App) -> Result<(), StoreError> {
    let age = SignedDuration::from_hours(24 * i64::from(app.settings.audit_days));
    let Ok(before) = app.now().checked_sub(age) else { return Ok(()) };
    let delete = || app.store.log(move |store| store.delete_audit_events_before(before, MAXIMUM_DELETION));
    while delete().await? == MAXIMUM_DELETION {}
    Ok(())
}
