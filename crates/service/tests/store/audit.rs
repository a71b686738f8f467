use callplan_service::store::{
    Actor, AuditActor, AuditEvent, AuditFilter, AuditKind, AuditSource, Audited, Change, KeyId, OrganizationId, Page,
    StoreError,
};
use jiff::Timestamp;
use serde_json::json;

use super::database::{TestStore, actor, at};

fn source(organization: Option<OrganizationId>, at: Timestamp) -> AuditSource {
    let from = Some("192.0.2.1".to_owned());
    AuditSource { actor: AuditActor::Principal(actor()), key: None, organization, from, at }
}

/// Records an event of an organization.
fn record(database: &TestStore, organization: OrganizationId, second: i64, change: Change) {
    let source = source(Some(organization), at(second));
    database.write(move |transaction| transaction.audited(&source, Audited::new((), change)));
}

fn events(database: &TestStore, organization: OrganizationId, filter: AuditFilter, limit: usize) -> Vec<AuditEvent> {
    let (mut page, mut all) = (Page::first(limit), Vec::new());
    loop {
        let filter = filter.clone();
        let read = database.store.read(move |snapshot| snapshot.audit_events(organization, &filter, &page));
        let listed = read.wait().expect("a page");
        assert!(listed.items.len() <= limit);
        all.extend(listed.items);
        match listed.next {
            Some(_) => page.after = listed.next,
            None => return all,
        }
    }
}

fn subjects(events: &[AuditEvent]) -> Vec<&str> {
    events.iter().map(|event| event.subject.as_str()).collect()
}

#[test]
fn an_event_is_read_as_it_was_recorded_by_its_organization_alone() {
    let database = TestStore::new();
    let (ours, theirs) = (database.organization(), database.organization());
    let change = Change::new(AuditKind::SwitchSet, "storm").before(json!({"on": false})).after(json!({"on": true}));
    record(&database, ours, 1, change);
    let [event] = &events(&database, ours, AuditFilter::default(), 9)[..] else { panic!("one event") };
    let Actor::Key(key) = actor() else { panic!("a key") };
    let expected = AuditEvent {
        id: event.id,
        organization: Some(ours),
        at: at(1),
        kind: "switch.set".to_owned(),
        actor_kind: "key",
        actor: Some(key.to_string()),
        key: None,
        subject: "storm".to_owned(),
        from: Some("192.0.2.1".to_owned()),
        count: 1,
        before: Some(r#"{"on":false}"#.to_owned()),
        after: Some(r#"{"on":true}"#.to_owned()),
    };
    assert_eq!(event, &expected);
    assert_eq!(events(&database, theirs, AuditFilter::default(), 9), []);
}

#[test]
fn a_write_that_fails_leaves_no_event_and_an_event_that_fails_no_write() {
    let database = TestStore::new();
    let organization = database.organization();
    let failed = database.store.write(move |transaction| {
        let change = Change::new(AuditKind::AgentCreated, "x");
        transaction.audited(&source(Some(organization), at(1)), Audited::new((), change))?;
        Err::<(), _>(StoreError::Closed)
    });
    assert_eq!(failed.wait(), Err(StoreError::Closed));
    assert_eq!(events(&database, organization, AuditFilter::default(), 9), []);
}

#[test]
fn events_are_found_by_what_they_are_about_page_by_page() {
    let database = TestStore::new();
    let (ours, theirs) = (database.organization(), database.organization());
    for organization in [ours, theirs] {
        // Several in one moment, and a clock that goes back.
        for (second, kind, subject) in [
            (5, AuditKind::AgentCreated, "a"),
            (5, AuditKind::AgentUpdated, "b"),
            (5, AuditKind::AgentUpdated, "c"),
            (9, AuditKind::AgentUpdated, "a"),
            (3, AuditKind::AgentDeleted, "a"),
        ] {
            record(&database, organization, second, Change::new(kind, subject));
        }
    }
    let found = |filter: AuditFilter| {
        let pages = [1, 2, 3, 100].map(|limit| events(&database, ours, filter.clone(), limit));
        assert!(pages.iter().all(|all| *all == pages[0]), "whatever the size of a page");
        let [first, ..] = pages;
        assert!(first.iter().all(|event| event.organization == Some(ours)));
        first
    };
    let all = AuditFilter::default();
    assert_eq!(subjects(&found(all.clone())), ["a", "c", "b", "a", "a"], "the newest first");
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(found(AuditFilter { subject: text("a"), ..all.clone() }).len(), 3);
    assert_eq!(subjects(&found(AuditFilter { kind: text("agent.updated"), ..all.clone() })), ["a", "c", "b"]);
    assert_eq!(found(AuditFilter { actor: text("nobody"), ..all.clone() }).len(), 0);
    let Actor::Key(key) = actor() else { panic!("a key") };
    assert_eq!(found(AuditFilter { actor: Some(key.to_string()), ..all.clone() }).len(), 5);
    let between = AuditFilter { since: Some(at(5)), until: Some(at(9)), ..all.clone() };
    assert_eq!(subjects(&found(between.clone())), ["c", "b", "a"]);
    assert_eq!(subjects(&found(AuditFilter { subject: text("a"), kind: text("agent.created"), ..between })), ["a"]);
}

#[test]
fn the_trail_is_append_only() {
    let database = TestStore::new();
    let organization = database.organization();
    record(&database, organization, 50, Change::new(AuditKind::AgentCreated, "old"));
    record(&database, organization, 100, Change::new(AuditKind::AgentCreated, "new"));
    let beside = rusqlite::Connection::open(database.path()).expect("it opens");
    let refused = |sql: &str| {
        let error = beside.execute(sql, []).expect_err(sql).to_string();
        assert!(error.contains("audit"), "{sql}: {error}");
    };
    for sql in [
        "UPDATE audit_events SET subject = 'other'",
        "UPDATE audit_events SET at = 0 WHERE subject = 'new'",
        "DELETE FROM audit_events",
        "DELETE FROM audit_events WHERE subject = 'old'",
        "INSERT OR REPLACE INTO audit_events SELECT * FROM audit_events",
        "DELETE FROM audit_retention",
        "UPDATE audit_retention SET kept_from = -1",
    ] {
        refused(sql);
    }
    let delete = |second| database.write(move |transaction| transaction.delete_audit_events_before(at(second), 10));
    assert_eq!((delete(50), delete(51), delete(51)), (0, 1, 0));
    assert_eq!(subjects(&events(&database, organization, AuditFilter::default(), 9)), ["new"]);
    refused("UPDATE audit_retention SET kept_from = 0");
    // A clock that jumps back deletes nothing more, and keeps nothing less.
    assert_eq!(delete(10), 0);
    refused("DELETE FROM audit_events");
    assert_eq!(events(&database, organization, AuditFilter::default(), 9).len(), 1);
}

#[test]
fn retention_deletes_a_few_at_a_time() {
    let database = TestStore::new();
    let organization = database.organization();
    (0..5).for_each(|second| record(&database, organization, second, Change::new(AuditKind::AgentCreated, second)));
    let delete = || database.write(|transaction| transaction.delete_audit_events_before(at(4), 3));
    assert_eq!((delete(), delete(), delete()), (3, 1, 0));
    assert_eq!(subjects(&events(&database, organization, AuditFilter::default(), 9)), ["4"]);
}

#[test]
fn the_whole_trail_is_read_in_the_order_in_which_it_was_recorded() {
    let database = TestStore::new();
    let (ours, theirs) = (database.organization(), database.organization());
    record(&database, ours, 7, Change::new(AuditKind::AgentCreated, "first"));
    record(&database, theirs, 5, Change::new(AuditKind::AgentCreated, "second"));
    let command_line = AuditSource::command_line(at(6));
    let change = Change::new(AuditKind::UserCreated, KeyId::random());
    database.write(move |transaction| transaction.audited(&command_line, Audited::new((), change)));
    let trail = |organization, since, until, limit| {
        let page = Page::first(limit);
        let read = database.store.read(move |snapshot| snapshot.audit_trail(organization, (since, until), &page));
        read.wait().expect("a page")
    };
    let all = trail(None, None, None, 9).items;
    assert_eq!((&subjects(&all)[..2], all.len()), (&["first", "second"][..], 3));
    assert_eq!((all[2].organization, all[2].actor_kind), (None, "command_line"));
    assert_eq!(subjects(&trail(Some(theirs), None, None, 9).items), ["second"]);
    assert_eq!(subjects(&trail(None, Some(at(6)), Some(at(8)), 9).items)[0], "first");
    assert!(trail(None, None, None, 2).next.is_some());
}
