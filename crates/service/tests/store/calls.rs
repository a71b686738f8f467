use std::sync::Arc;

use callplan_service::store::{AgentId, CallFilter, CallId, CallKind, CallRecord, OrganizationId, Page, RetentionOf};
use jiff::Timestamp;

use super::database::{TestStore, at};

fn kind(organization_id: OrganizationId) -> CallKind {
    CallKind {
        organization_id,
        action: "answer".into(),
        source: "workflow".into(),
        rule: None,
        agent_id: None,
        decision: None,
        release: "0.1.0".into(),
        masked: false,
    }
}

fn record(kind: CallKind, created_at: Timestamp) -> CallRecord {
    CallRecord {
        id: CallId::at(created_at),
        kind: Arc::new(kind),
        revision: Some(3),
        version: None,
        caller_number: Some("+14155550100".to_owned()),
        called_number: "+18005550100".to_owned(),
        trunk_id: None,
        further: None,
        timestamp: created_at,
        decision: Some(r#"{"action":"answer"}"#.to_owned()),
        switches: "[]".into(),
    }
}

/// 300 calls, one a second, in batches.
fn filled(database: &TestStore, organization: OrganizationId, agent: AgentId) -> Vec<CallRecord> {
    let call = |number: usize| {
        // Half of them share their decision with others, some of those at another revision.
        let is_shared = number.is_multiple_of(2);
        let decision = Some(format!(r#"{{"source":{}}}"#, number / 100));
        let (shared, own) = if is_shared { (decision, None) } else { (None, decision) };
        let kind = CallKind {
            rule: (!number.is_multiple_of(3)).then(|| format!("rule {}", number % 3)),
            agent_id: (!number.is_multiple_of(5)).then_some(agent),
            action: if number.is_multiple_of(5) { "disconnect" } else { "answer" }.into(),
            source: if number.is_multiple_of(7) { "fallback" } else { "workflow" }.into(),
            decision: shared,
            ..kind(organization)
        };
        CallRecord {
            version: is_shared.then_some(number as u32 / 30),
            revision: (!number.is_multiple_of(11)).then_some(number as u64 / 50),
            caller_number: (!number.is_multiple_of(4)).then(|| format!("+1415555{number:04}")),
            trunk_id: number.is_multiple_of(9).then(|| "trunk-a".to_owned()),
            further: None,
            decision: own,
            ..record(kind, at(number as i64))
        }
    };
    let calls: Vec<_> = (0..300).map(call).collect();
    for batch in calls.chunks(64) {
        let batch = batch.to_owned();
        database.write(move |transaction| transaction.add_calls(&batch));
    }
    calls
}

/// All pages of a list, with 7 rows each.
fn listed(database: &TestStore, organization: OrganizationId, filter: &CallFilter) -> Vec<CallRecord> {
    let mut page = Page::first(7);
    let mut all = Vec::new();
    loop {
        let filter = filter.clone();
        let listed =
            database.store.read(move |snapshot| snapshot.calls(organization, &filter, &page)).wait().expect("a page");
        assert!(listed.items.len() <= 7);
        all.extend(listed.items);
        page.after = match listed.next {
            Some(place) => Some(place.to_string().parse().expect("a place")),
            None => return all,
        };
    }
}

#[test]
fn filters_find_what_they_say() {
    let database = TestStore::new();
    let organization = database.organization();
    let agent = AgentId::random();
    let calls = filled(&database, organization, agent);
    let (text, none) = (|text: &str| Some(text.to_owned()), CallFilter::default());
    for filter in [
        none.clone(),
        CallFilter { rule: text("rule 1"), ..none.clone() },
        CallFilter { rule: text("rule 3"), ..none.clone() },
        CallFilter { agent_id: Some(agent), ..none.clone() },
        CallFilter { agent_id: Some(AgentId::random()), ..none.clone() },
        CallFilter { action: text("disconnect"), ..none.clone() },
        CallFilter { source: text("fallback"), ..none.clone() },
        CallFilter { since: Some(at(40)), until: Some(at(60)), ..none.clone() },
        CallFilter { source: text("fallback"), action: text("answer"), rule: text("rule 2"), ..none.clone() },
        CallFilter { agent_id: Some(agent), source: text("workflow"), until: Some(at(100)), ..none },
    ] {
        let meets = |call: &&CallRecord| {
            filter.rule.as_ref().is_none_or(|rule| call.kind.rule.as_ref() == Some(rule))
                && filter.agent_id.is_none_or(|agent| call.kind.agent_id == Some(agent))
                && filter.action.as_ref().is_none_or(|action| call.kind.action == **action)
                && filter.source.as_ref().is_none_or(|source| call.kind.source == **source)
                && filter.since.is_none_or(|since| call.created_at() >= since)
                && filter.until.is_none_or(|until| call.created_at() < until)
        };
        let expected: Vec<_> = calls.iter().rev().filter(meets).cloned().collect();
        assert_eq!(listed(&database, organization, &filter), expected, "{filter:?}");
    }
}

#[test]
fn since_is_inclusive_and_until_is_not_to_the_nanosecond() {
    let database = TestStore::new();
    let organization = database.organization();
    let instant: Timestamp = "2026-03-01T17:00:00.000001Z".parse().expect("an instant");
    let call = record(kind(organization), instant);
    database.write(move |transaction| transaction.add_calls(&[call]));
    let count = |since, until| {
        let filter = CallFilter { since, until, ..CallFilter::default() };
        listed(&database, organization, &filter).len()
    };
    let later = "2026-03-01T17:00:00.000001001Z".parse().ok();
    assert_eq!((count(Some(instant), None), count(later, None)), (1, 0));
    assert_eq!((count(None, Some(instant)), count(None, later)), (0, 1));
    let long_ago = "0001-01-01T00:00:00Z".parse().ok();
    let far = Some(Timestamp::MAX);
    assert_eq!((count(long_ago, far), count(far, None), count(None, long_ago)), (1, 0, 0));
}

#[test]
fn a_call_is_found_in_its_organization_alone() {
    let database = TestStore::new();
    let (ours, theirs) = (database.organization(), database.organization());
    let call = record(CallKind { masked: true, ..kind(ours) }, at(0));
    let added = call.clone();
    database.write(move |transaction| transaction.add_calls(&[added]));
    let id = call.id;
    assert_eq!(database.store.read(move |snapshot| snapshot.call(ours, id)).wait(), Ok(Some(call)));
    assert_eq!(database.store.read(move |snapshot| snapshot.call(theirs, id)).wait(), Ok(None));
    assert!(listed(&database, theirs, &CallFilter::default()).is_empty());
}

#[test]
fn old_calls_go_in_small_batches() {
    let database = TestStore::new();
    let (ours, theirs) = (database.organization(), database.organization());
    filled(&database, ours, AgentId::random());
    filled(&database, theirs, AgentId::random());
    let old =
        || database.store.read(|snapshot| snapshot.kinds_before(RetentionOf::Others, at(250))).wait().expect("kinds");
    assert!(old().len() > 10, "they were decided in many ways");
    let mut all = 0;
    for kind in old() {
        loop {
            let deleted = database.write(move |transaction| transaction.delete_calls_before(kind, at(250), 7));
            assert!(deleted <= 7);
            all += deleted;
            if deleted < 7 {
                break;
            }
        }
    }
    assert_eq!((all, old()), (500, vec![]));
    let kinds = || {
        let connection = rusqlite::Connection::open(database.path()).expect("it opens");
        connection.query_row("SELECT count(*) FROM call_kinds", [], |row| row.get::<_, i64>(0)).expect("a count")
    };
    assert!(kinds() > 0);
    for organization in [ours, theirs] {
        let left = listed(&database, organization, &CallFilter::default());
        assert_eq!((left.len(), left[49].created_at()), (50, at(250)));
    }
    for kind in database
        .store
        .read(|snapshot| snapshot.kinds_before(RetentionOf::Others, Timestamp::MAX))
        .wait()
        .expect("kinds")
    {
        database.write(move |transaction| transaction.delete_calls_before(kind, Timestamp::MAX, 1000));
    }
    assert_eq!(kinds(), 0, "a kind without calls is no kind");
}

#[test]
fn a_call_of_nobody_is_left_out_of_its_batch() {
    let database = TestStore::new();
    let organization = database.organization();
    let batch = [organization, OrganizationId::random()].map(|organization| record(kind(organization), at(0)));
    database.write(move |transaction| transaction.add_calls(&batch));
    assert_eq!(listed(&database, organization, &CallFilter::default()).len(), 1);
}
