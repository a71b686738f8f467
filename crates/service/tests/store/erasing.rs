//! What is erased is not in the file, and a wrong clock erases nothing. Two organizations always.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use callplan_service::calls::erase::{self, Caller};
use callplan_service::calls::{RetentionDefaults, delete_old};
use callplan_service::clock::SettledTime;
use callplan_service::store::{
    AuditSource, CallFilter, CallId, CallKind, CallRecord, Conflict, OrganizationId, OwnRetention, Page, Store,
    StoreError, StoreOptions,
};
use jiff::{SignedDuration, Timestamp};

use super::database::{TestStore, agent, at, revision};

/// The number of a caller.
fn number(caller: usize) -> String {
    format!("+1415555{caller:05}")
}

fn caller(number: &str) -> Caller {
    Caller::read(number).expect("a number")
}

fn source() -> AuditSource {
    AuditSource::command_line(at(9))
}

fn call(organization: OrganizationId, rule: usize, number: &str, now: Timestamp) -> CallRecord {
    let kind = CallKind {
        organization_id: organization,
        action: "answer".into(),
        source: "workflow".into(),
        rule: Some(format!("rule {rule}")),
        agent_id: None,
        decision: None,
        release: "0.1.0".into(),
        masked: false,
    };
    CallRecord {
        id: CallId::at(now),
        kind: Arc::new(kind),
        revision: Some(1),
        version: None,
        caller_number: Some(number.to_owned()),
        called_number: "+18005550100".to_owned(),
        trunk_id: None,
        further: None,
        timestamp: now,
        // Of differing length, so that pages are filled in differing ways.
        decision: Some(format!("{{\"initial_context\":\"From {number}.{}\"}}", "x".repeat(rule * 17 % 290))),
        switches: "[]".into(),
    }
}

/// Logs calls of many kinds in turn, so that pages in the middle of the table are split.
fn filled(database: &TestStore, organizations: [OrganizationId; 2], calls: usize) {
    for batch in 0..calls / 50 {
        let calls: Vec<_> = (0..50)
            .map(|place| {
                let caller = batch * 50 + place;
                call(
                    organizations[caller % 2],
                    caller * 7 % 13,
                    &number(caller),
                    at(i64::try_from(caller).expect("few")),
                )
            })
            .collect();
        database.store.log(move |transaction| transaction.add_calls(&calls)).wait().expect("they are logged");
    }
}

/// The bytes of the database and of the files beside it.
fn bytes(database: &TestStore) -> Vec<u8> {
    let path = database.path();
    let wal = fs::read(path.with_extension("db-wal")).unwrap_or_default();
    [fs::read(path).expect("a file"), wal].concat()
}

/// Those of the numbers that are in the bytes: each is found by one pass.
fn found(bytes: &[u8], is_sought: impl Fn(usize) -> bool) -> Vec<usize> {
    let mut found: Vec<usize> = bytes
        .windows(13)
        .filter(|window| window.starts_with(b"+1415555"))
        .filter_map(|window| std::str::from_utf8(&window[8..]).ok()?.parse().ok())
        .filter(|caller| is_sought(*caller))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn count(store: &Store, organization: OrganizationId) -> usize {
    let all = Page::first(usize::MAX);
    store
        .read(move |snapshot| snapshot.calls(organization, &CallFilter::default(), &all))
        .wait()
        .expect("a page")
        .items
        .len()
}

#[test]
fn an_erased_number_is_nowhere_in_the_file() {
    let database = TestStore::new();
    let (ours, theirs) = (database.organization(), database.organization());
    filled(&database, [ours, theirs], 6000);
    let is_erased = |caller: usize| caller.is_multiple_of(3);
    for erased in (0..6000).filter(|caller| is_erased(*caller)) {
        // As somebody would write it.
        let written = number(erased).replacen("+1415", "+1 (415) ", 1);
        assert_eq!(erase::forget(&database.store, None, &caller(&written), &source()), Ok(1));
    }
    erase::clean(&database.store, || false).expect("it is cleaned");
    let path = database.path();
    let connection = rusqlite::Connection::open(&path).expect("it opens");
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).expect("the log is emptied");
    let bytes = bytes(&database);
    assert_eq!(found(&bytes, is_erased), Vec::<usize>::new());
    assert_eq!(found(&bytes, |caller| !is_erased(caller) && caller < 6000).len(), 4000, "the others are there");
    assert_eq!((count(&database.store, ours), count(&database.store, theirs)), (2000, 2000));
    let sound: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("a check");
    assert_eq!(sound, "ok");
}

#[test]
fn the_write_ahead_log_is_emptied_by_the_store_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("callplan.db");
    let options = StoreOptions { create: true, log_lifetime: Duration::ZERO, ..StoreOptions::default() };
    let store = Store::open(&path, options).expect("it opens");
    store.write(|transaction| transaction.create_organization("Acme", at(0)).map(drop)).wait().expect("it is written");
    // The log is emptied after the answer, and before the next write.
    store.write(|_| Ok::<_, StoreError>(())).wait().expect("nothing is written");
    assert_eq!(fs::metadata(path.with_extension("db-wal")).expect("a log").len(), 0);
}

#[test]
fn one_organizations_calls_are_forgotten_without_the_others() {
    let database = TestStore::new();
    let (ours, theirs) = (database.organization(), database.organization());
    for organization in [ours, theirs] {
        let calls = [1, 2].map(|rule| call(organization, rule, "+14155550100", at(rule as i64)));
        let local = call(organization, 3, "101", at(3));
        database.write(move |transaction| transaction.add_calls(&[&calls[..], &[local]].concat()));
    }
    let mut exported = 0;
    erase::export(&database.store, Some(ours), &caller("tel:+1-415-555-0100"), |call| {
        assert_eq!((call.kind.organization_id, call.caller_number.as_deref()), (ours, Some("+14155550100")));
        exported += 1;
        Ok(())
    })
    .expect("they are read");
    assert_eq!(exported, 2);
    assert_eq!(erase::forget(&database.store, Some(ours), &caller("+14155550100"), &source()), Ok(2));
    assert_eq!((count(&database.store, ours), count(&database.store, theirs)), (1, 3));
    assert_eq!(erase::forget(&database.store, Some(ours), &caller("+14155550100"), &source()), Ok(0));
    assert_eq!(erase::forget(&database.store, None, &caller("101"), &source()), Ok(2), "of all organizations");
    let trail = database.store.read(|snapshot| snapshot.audit_trail(None, (None, None), &Page::first(99))).wait();
    let erased: Vec<_> =
        trail.expect("events").items.into_iter().filter(|event| event.kind == "calls.erased").collect();
    assert_eq!(erased.iter().map(|event| event.count).sum::<u32>(), 4);
    assert!(erased.iter().any(|event| event.organization == Some(ours)));
    assert!(!format!("{erased:?}").contains("4155550100"), "the trail does not say whose calls they were");
    for nobody in ["", "anonymous"] {
        assert!(Caller::read(nobody).is_none(), "{nobody}");
    }
}

#[test]
fn rewriting_changes_nothing_that_is_read() {
    let database = TestStore::new();
    let (ours, theirs) = (database.organization(), database.organization());
    filled(&database, [ours, theirs], 1000);
    assert_eq!(erase::forget(&database.store, None, &caller(&number(7)), &source()), Ok(1));
    let page = |after| {
        let page = Page { after, ..Page::first(100) };
        database.store.read(move |snapshot| snapshot.calls(ours, &CallFilter::default(), &page)).wait().expect("a page")
    };
    let first = page(None);
    let before = page(first.next);
    erase::clean(&database.store, || false).expect("it is cleaned");
    // The place in the list is the same, too.
    assert_eq!(page(first.next).items, before.items);
    let again = call(ours, 1, "+14155559999", at(5000));
    database.write(move |transaction| transaction.add_calls(&[again]));
    assert_eq!((count(&database.store, ours), count(&database.store, theirs)), (501, 499));
    let kinds = database.store.read(|snapshot| snapshot.log_kinds(None)).wait().expect("kinds");
    assert_eq!(kinds.len(), 26, "there is no second kind of the same");
    assert_eq!(database.store.read(|snapshot| snapshot.must_rewrite()).wait(), Ok(None));
}

#[test]
fn an_organization_is_deleted_with_all_that_it_has_and_no_more() {
    let database = TestStore::new();
    let (ours, theirs) = (database.organization(), database.organization());
    for organization in [ours, theirs] {
        database.write(move |transaction| {
            let id = transaction.create_agent(organization, agent("Desk"), at(0))?.id;
            transaction.create_version(organization, id, None, at(0))?;
            transaction.publish(organization, id, 1, at(0))?;
            transaction.register_number(organization, "101", None, at(0))?;
            transaction.assign_number(organization, "101", id, 1)?;
            transaction.create_config(organization, revision(&format!("reject // {organization}")), at(0))?;
            let user = transaction.create_user("Ada", at(0))?.id;
            transaction.join(user, organization)?;
            transaction.add_calls(&[call(organization, 1, "+14155550100", at(0))])
        });
    }
    let belongings = |id| database.store.read(move |snapshot| snapshot.belongings(id)).wait().expect("counts");
    let had = belongings(ours);
    assert_eq!((had.revisions, had.agents, had.phone_numbers, had.memberships, had.calls), (1, 1, 1, 1, 1));
    database.write(move |transaction| transaction.delete_organization(ours));
    assert_eq!(belongings(theirs), had);
    assert!(database.store.read(move |snapshot| snapshot.organization(ours)).wait().expect("read").is_none());
    assert_eq!(belongings(ours).calls + belongings(ours).revisions + belongings(ours).memberships, 0);
    let connection = rusqlite::Connection::open(database.path()).expect("it opens");
    let texts: i64 = connection.query_row("SELECT count(*) FROM definitions", [], |row| row.get(0)).expect("a count");
    let broken = connection.prepare("PRAGMA foreign_key_check").and_then(|mut check| check.exists([]));
    assert_eq!((texts, broken), (1, Ok(false)));
    // A call that was decided before, and is logged after, is left out; its batch is not.
    let late = [ours, theirs].map(|organization| call(organization, 1, "+14155550101", at(1)));
    database.write(move |transaction| transaction.add_calls(&late));
    assert_eq!((belongings(ours).calls, belongings(theirs).calls), (0, 2));
    let again = database.store.write(move |transaction| transaction.delete_organization(ours)).wait();
    assert_eq!(again, Err(StoreError::Conflict(Conflict::NoOrganization)));
}

#[test]
fn a_user_is_deleted_with_memberships() {
    let database = TestStore::new();
    let organization = database.organization();
    let [ada, bob] = ["Ada", "Bob"].map(|name| {
        database.write(move |transaction| {
            let user = transaction.create_user(name, at(0))?.id;
            transaction.join(user, organization)?;
            Ok(user)
        })
    });
    database.write(move |transaction| transaction.delete_user(ada, at(1)));
    let memberships = database.store.read(|snapshot| snapshot.memberships()).wait();
    assert_eq!(memberships, Ok(vec![(bob, organization)]));
    let again = database.store.write(move |transaction| transaction.delete_user(ada, at(1))).wait();
    assert_eq!(again, Err(StoreError::Conflict(Conflict::NoUser)));
}

const DEFAULTS: RetentionDefaults = RetentionDefaults { call_log_days: 30, revisions: None };

/// Runs the retention of 30 days once, with this clock, on calls that are up to 29 days old by a
/// right clock, and gives how many are left of each organization.
fn left_after(kept: Option<Timestamp>, clock: SignedDuration) -> (usize, usize) {
    let database = TestStore::new();
    let (ours, theirs) = (database.organization(), database.organization());
    let now = at(0);
    for organization in [ours, theirs] {
        let calls: Vec<_> = (0..30)
            .map(|days| call(organization, 1, "+14155550100", now - SignedDuration::from_hours(24 * days)))
            .collect();
        database.write(move |transaction| transaction.add_calls(&calls));
    }
    if let Some(kept) = kept {
        database.write(move |transaction| transaction.keep_clock(kept));
    }
    let read = database.store.read(|snapshot| snapshot.clock()).wait().expect("a time");
    let (settled, shown) = (SettledTime::new(read), now + clock);
    settled.advance(shown, Duration::ZERO);
    delete_old(&database.store, DEFAULTS, settled.earliest(shown), || false).expect("it is deleted");
    (count(&database.store, ours), count(&database.store, theirs))
}

#[test]
fn a_clock_that_is_ahead_deletes_nothing_and_a_right_one_does() {
    let month = SignedDuration::from_hours(40 * 24);
    assert_eq!(left_after(Some(at(0)), month), (30, 30), "ahead of the time that was kept");
    assert_eq!(left_after(None, month), (30, 30), "ahead of the newest call");
    // By a clock that was followed for a day, the oldest call is too old.
    let day = SignedDuration::from_hours(24) + SignedDuration::from_secs(1);
    assert_eq!(left_after(Some(at(0) + day), day), (29, 29));
}

/// Logs a call of an organization for each of these days before `now`.
fn days_old(database: &TestStore, organization: OrganizationId, now: Timestamp, days: &[i64]) {
    let calls: Vec<_> = days
        .iter()
        .map(|days| call(organization, 1, "+14155550100", now - SignedDuration::from_hours(24 * days)))
        .collect();
    database.write(move |transaction| transaction.add_calls(&calls));
}

#[test]
fn an_organization_may_keep_its_calls_for_a_time_of_its_own() {
    let database = TestStore::new();
    let [short, long, usual] = [(); 3].map(|()| database.organization());
    let own = |days| OwnRetention { call_log_days: Some(days), revisions: None };
    database.write(move |transaction| {
        transaction.set_retention(short, own(5))?;
        transaction.set_retention(long, own(100))
    });
    for organization in [short, long, usual] {
        days_old(&database, organization, at(0), &[1, 4, 6, 29, 31, 99, 101]);
    }
    let left = || [short, long, usual].map(|organization| count(&database.store, organization));
    delete_old(&database.store, DEFAULTS, at(0), || false).expect("it is deleted");
    assert_eq!(left(), [2, 6, 4]);
    database.write(move |transaction| transaction.set_retention(long, OwnRetention::default()));
    delete_old(&database.store, DEFAULTS, at(0), || false).expect("it is deleted");
    assert_eq!(left(), [2, 4, 4], "it is as the server says again");
}

#[test]
fn old_revisions_go_but_none_that_a_kept_call_refers_to() {
    let database = TestStore::new();
    let (ours, theirs) = (database.organization(), database.organization());
    let day = |day: i64| at(0) + SignedDuration::from_hours(24 * day);
    // A revision a day: the first on day 1, the twentieth on day 20. Every second has a text of its own.
    for organization in [ours, theirs] {
        database.write(move |transaction| {
            let text = |number: i64| revision(&format!("reject # {}", number / 2));
            transaction.create_config(organization, text(1), day(1))?;
            for number in 2..=20 {
                transaction.save_config(organization, text(number), &[], day(number))?;
            }
            Ok(())
        });
    }
    let numbers = |organization| {
        let listed = database.store.read(move |snapshot| snapshot.revisions(organization, &Page::first(100))).wait();
        listed.expect("a page").items.into_iter().map(|revision| revision.revision).collect::<Vec<_>>()
    };
    let pruned = |kept, now| {
        let defaults = RetentionDefaults { revisions: kept, ..DEFAULTS };
        delete_old(&database.store, defaults, now, || false).expect("it is deleted");
        [ours, theirs].map(|organization| numbers(organization).len())
    };
    // The oldest call is of day 12, and revision 12 decided it.
    days_old(&database, ours, day(40), &[28]);
    assert_eq!(pruned(None, day(40)), [20, 20], "all are kept");
    assert_eq!(pruned(Some(15), day(40)), [15, 15]);
    assert_eq!(pruned(Some(3), day(40)), [9, 3]);
    assert_eq!(numbers(ours).last(), Some(&12));
    // Revisions that were in force a day ago stay: their calls may not be in the log yet.
    assert_eq!(pruned(Some(1), day(20)), [9, 2]);
    // The call is too old, and goes first.
    assert_eq!(pruned(Some(1), day(43)), [1, 1]);
    let config = database.store.read(move |snapshot| snapshot.config(ours)).wait();
    assert!(config.expect("read").is_some(), "what is in force stays");
    let connection = rusqlite::Connection::open(database.path()).expect("it opens");
    let texts: i64 = connection.query_row("SELECT count(*) FROM definitions", [], |row| row.get(0)).expect("a count");
    assert_eq!(texts, 2, "no text stays that no revision has");
}
