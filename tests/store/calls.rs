use callplan::store::{AgentId, CallFilter, CallId, CallRecord, OrganizationId, Page, StoreError};
use jiff::Timestamp;

use super::database::{Database, at};

fn record(organization_id: OrganizationId, created_at: Timestamp) -> CallRecord {
    CallRecord {
        id: CallId::at(created_at),
        organization_id,
        action: "answer".into(),
        source: "workflow".into(),
        rule: None,
        agent_id: None,
        call: r#"{"called_number":"+18005550100"}"#.to_owned(),
        revision: Some(3),
        version: None,
        decision: r#"{"action":"answer"}"#.to_owned(),
        is_shared: false,
        switches: "[]".into(),
        release: "0.1.0".into(),
        masked: false,
    }
}

/// 300 calls, one a second, in batches.
fn filled(database: &Database, organization: OrganizationId, agent: AgentId) -> Vec<CallRecord> {
    let calls: Vec<_> = (0..300)
        .map(|number: usize| CallRecord {
            rule: (!number.is_multiple_of(3)).then(|| format!("rule {}", number % 3)),
            agent_id: (!number.is_multiple_of(5)).then_some(agent),
            // Some got what others got, some of those at another revision.
            is_shared: number.is_multiple_of(2),
            decision: format!(r#"{{"source":{}}}"#, number / 100),
            version: number.is_multiple_of(2).then_some(number as u32 / 30),
            revision: (!number.is_multiple_of(11)).then_some(number as u64 / 50),
            action: if number.is_multiple_of(5) { "disconnect" } else { "answer" }.into(),
            source: if number.is_multiple_of(7) { "fallback" } else { "workflow" }.into(),
            ..record(organization, at(number as i64))
        })
        .collect();
    for batch in calls.chunks(64) {
        let batch = batch.to_owned();
        database.write(move |it| it.add_calls(&batch));
    }
    calls
}

/// All pages of a list, each of 7.
fn listed(database: &Database, organization: OrganizationId, filter: &CallFilter) -> Vec<CallRecord> {
    let mut page = Page::first(7);
    let mut all = Vec::new();
    loop {
        let filter = filter.clone();
        let listed = database.store.read(move |it| it.calls(organization, &filter, &page)).wait().expect("a page");
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
    let database = Database::new();
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
            filter.rule.as_ref().is_none_or(|it| call.rule.as_ref() == Some(it))
                && filter.agent_id.is_none_or(|it| call.agent_id == Some(it))
                && filter.action.as_ref().is_none_or(|it| call.action == **it)
                && filter.source.as_ref().is_none_or(|it| call.source == **it)
                && filter.since.is_none_or(|it| call.created_at() >= it)
                && filter.until.is_none_or(|it| call.created_at() < it)
        };
        let expected: Vec<_> = calls.iter().rev().filter(meets).cloned().collect();
        assert_eq!(listed(&database, organization, &filter), expected, "{filter:?}");
    }
}

#[test]
fn since_is_inclusive_and_until_is_not_to_the_nanosecond() {
    let database = Database::new();
    let organization = database.organization();
    let instant: Timestamp = "2026-03-01T17:00:00.000001Z".parse().expect("an instant");
    let call = record(organization, instant);
    database.write(move |it| it.add_calls(&[call]));
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
    let database = Database::new();
    let (ours, theirs) = (database.organization(), database.organization());
    let call = CallRecord { masked: true, ..record(ours, at(0)) };
    let added = call.clone();
    database.write(move |it| it.add_calls(&[added]));
    let id = call.id;
    assert_eq!(database.store.read(move |it| it.call(ours, id)).wait(), Ok(Some(call)));
    assert_eq!(database.store.read(move |it| it.call(theirs, id)).wait(), Ok(None));
    assert!(listed(&database, theirs, &CallFilter::default()).is_empty());
}

#[test]
fn old_calls_go_in_small_batches() {
    let database = Database::new();
    let (ours, theirs) = (database.organization(), database.organization());
    filled(&database, ours, AgentId::random());
    filled(&database, theirs, AgentId::random());
    let old = || database.store.read(|it| it.kinds_before(at(250))).wait().expect("kinds");
    assert!(old().len() > 10, "they were decided in many ways");
    let mut all = 0;
    for kind in old() {
        loop {
            let deleted = database.write(move |it| it.delete_calls_before(kind, at(250), 7));
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
    for kind in database.store.read(|it| it.kinds_before(Timestamp::MAX)).wait().expect("kinds") {
        database.write(move |it| it.delete_calls_before(kind, Timestamp::MAX, 1000));
    }
    assert_eq!(kinds(), 0, "a kind without calls is no kind");
}

#[test]
fn a_call_of_nobody_is_refused_and_its_batch_with_it() {
    let database = Database::new();
    let organization = database.organization();
    let batch = [record(organization, at(0)), record(OrganizationId::random(), at(0))];
    let refused = database.store.write(move |it| it.add_calls(&batch)).wait();
    assert!(matches!(refused, Err(StoreError::Failed(_))), "{refused:?}");
    assert!(listed(&database, organization, &CallFilter::default()).is_empty());
}
