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

/// Deletes the events whose retention is over, a few at a time: other writers come in between. As
/// for calls, a clock that jumps ahead deletes nothing.
pub async fn delete_old(app: &App) -> Result<(), StoreError> {
    let age = SignedDuration::from_hours(24 * i64::from(app.settings.audit_days));
    let Ok(before) = app.live.settled.earliest(app.now()).checked_sub(age) else { return Ok(()) };
    let delete = || app.store.log(move |store| store.delete_audit_events_before(before, MAXIMUM_DELETION));
    while delete().await? == MAXIMUM_DELETION {}
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use jiff::Timestamp;

    use super::*;
    use crate::api::Settings;
    use callplan_service::clock::Clock;
    use callplan_service::live::Live;
    use callplan_service::store::{Page, Store, StoreOptions};

    #[test]
    fn a_clock_that_jumps_ahead_deletes_no_event() {
        let folder = tempfile::tempdir().expect("a folder");
        let options = StoreOptions { create: true, ..StoreOptions::default() };
        let store = Store::open(&folder.path().join("callplan.db"), options).expect("a database");
        let begin: Timestamp = "2026-03-01T12:00:00Z".parse().expect("an instant");
        let shown = Arc::new(Mutex::new(begin));
        let clock = Arc::clone(&shown);
        let clock = Clock::new(move || *clock.lock().expect("nobody panicked"));
        let access = store.read(|store| store.access()).wait().expect("nobody");
        let live = Arc::new(Live::new(Vec::new(), &access, jiff::civil::Date::MIN));
        live.settled.advance(begin, Duration::ZERO);
        let app = App::new(store, Arc::clone(&live), Settings { clock, ..Settings::default() }).expect("a thread");
        let write = app.store.write(move |store| {
            let change = Change::new(AuditKind::UserCreated, "a");
            store.audited(&AuditSource::command_line(begin), Audited::new((), change))
        });
        write.wait().expect("an event");
        let after_deletion = || {
            let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
            runtime.block_on(delete_old(&app)).expect("it is done");
            let trail = app.store.read(|store| store.audit_trail(None, (None, None), &Page::first(9)));
            trail.wait().expect("a page").items.len()
        };
        let later = begin + SignedDuration::from_hours(24 * 500);
        *shown.lock().expect("nobody panicked") = later;
        assert_eq!(after_deletion(), 1, "the clock has jumped");
        live.settled.advance(later, Duration::from_secs(24 * 3600 * 500));
        assert_eq!(after_deletion(), 0, "the time has passed");
    }
}
