//! The store: the time to read all organizations at a server's start, the cost of a write, and the
//! cost of a page of a long call log.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use callplan_service::store::{
    Actor, AgentFields, CallFilter, CallId, CallKind, CallRecord, Fields, KeyId, NewRevision, OrganizationId, Page,
    RetentionOf, Store, StoreError, StoreOptions, Transaction,
};
use jiff::Timestamp;

/// Organizations at the start, each with a plan of 20 rules, two agents, a version, a number and a
/// switch.
const ORGANIZATIONS: usize = 10_000;

/// Calls in the log of one organization.
const CALLS: usize = 1_000_000;

/// Number of calls that the log writes in a batch.
const BATCH: usize = 500;

pub fn run() {
    let folder = std::env::temp_dir().join(format!("callplan-bench-store-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("callplan.db");
    println!("{:<58} {:>12}", "store", "");
    let first = fill(&path);
    start(&path);
    write(&path, first);
    log(&path, first);
    std::fs::remove_dir_all(&folder).expect("the folder goes");
}

fn row(what: &str, value: String) {
    println!("{what:<58} {value:>12}");
}

fn open(path: &Path) -> Store {
    Store::open(path, StoreOptions { create: true, ..StoreOptions::default() }).expect("it opens")
}

fn now() -> Timestamp {
    Timestamp::from_second(1_796_061_653).expect("an instant")
}

fn plan(number: usize) -> String {
    let rules = (0..20).map(|rule| format!("rule \"Rule {rule}\" when caller is +1415555{rule:04} {{ reject }}\n"));
    format!("# {number}\n{}fallback\n", rules.collect::<String>())
}

fn revision(number: usize) -> NewRevision {
    let fields = Fields {
        workflow_definition: plan(number),
        fallback_agent_id: None,
        fallback_agent_version: None,
        enabled: true,
        diagnostics: "[]".into(),
    };
    NewRevision { fields, created_by: Actor::Key(KeyId::from_bytes([1; 16])), restored_from: None }
}

fn organization(transaction: &Transaction<'_>, number: usize) -> Result<OrganizationId, StoreError> {
    let id = transaction.create_organization("an organization", now())?.id;
    let fields = || AgentFields { name: "an agent".into(), description: None, active: true, metadata: None };
    let agent = transaction.create_agent(id, fields(), now())?.id;
    transaction.create_agent(id, fields(), now())?;
    transaction.create_version(id, agent, None, now())?;
    transaction.publish(id, agent, 1, now())?;
    let phone_number = format!("+1415{number:07}");
    transaction.register_number(id, &phone_number, None, now())?;
    transaction.assign_number(id, &phone_number, agent, 1)?;
    transaction.create_config(id, revision(number), now())?;
    Ok(id)
}

fn fill(path: &Path) -> OrganizationId {
    let made = open(path).write(|transaction| {
        let ids = (0..ORGANIZATIONS).map(|number| organization(transaction, number)).collect::<Result<Vec<_>, _>>()?;
        Ok::<_, StoreError>(ids[0])
    });
    made.wait().expect("it is written")
}

/// What a server does before its first decision, without compiling plans.
fn start(path: &Path) {
    let times: Vec<_> = (0..5)
        .map(|_| {
            let began = Instant::now();
            let store = open(path);
            let opened = began.elapsed();
            let read = store.read(|snapshot| {
                let mut bytes = 0;
                snapshot.each_live(|live| {
                    bytes += live.config.map_or(0, |snapshot| snapshot.fields.workflow_definition.len());
                    Ok::<_, StoreError>(())
                })?;
                Ok::<_, StoreError>((bytes, snapshot.access()?.organizations.len()))
            });
            let (bytes, count) = read.wait().expect("it is read");
            assert!(bytes > 0 && count == ORGANIZATIONS);
            (began.elapsed(), opened)
        })
        .collect();
    let (all, opened) = times.iter().min().expect("five");
    row(&format!("open, look for damage, read {ORGANIZATIONS} organizations"), format!("{:.0} ms", milliseconds(*all)));
    row("  of it, open and look for damage", format!("{:.0} ms", milliseconds(*opened)));
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The median.
fn median(mut times: Vec<Duration>) -> String {
    times.sort();
    format!("{:.2} ms", milliseconds(times[times.len() / 2]))
}

fn write(path: &Path, organization: OrganizationId) {
    let store = open(path);
    let saved = (0..200).map(|number| {
        let began = Instant::now();
        let saved = store.write(move |transaction| transaction.save_config(organization, revision(number), &[], now()));
        saved.wait().expect("it is saved");
        began.elapsed()
    });
    row("a revision saved, p50, with the disk's fsync", median(saved.collect()));
    let file = std::fs::File::create(path.with_extension("fsync")).expect("a file");
    let synced = (0..200).map(|_| {
        use std::io::Write;
        let began = Instant::now();
        (&file).write_all(&[1; 4096]).and_then(|()| file.sync_data()).expect("it is on the disk");
        began.elapsed()
    });
    row("  4 KiB appended and fsynced, p50, without the store", median(synced.collect()));
}

/// The kinds of the calls: a common one, and three with one call in a hundred thousand.
fn kinds(organization_id: OrganizationId) -> [Arc<CallKind>; 4] {
    let kind = |action: &'static str, source: &'static str, rule: &str| {
        let decision = r#"{"action":"answer","agent_id":"0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11","initial_context":"","custom_metadata":null,"skip_pre_conversation_workflow":false,"source":"workflow","reason":null,"rule":"Office hours"}"#;
        Arc::new(CallKind {
            organization_id,
            action: action.into(),
            source: source.into(),
            rule: Some(rule.into()),
            agent_id: None,
            decision: Some(decision.into()),
            release: "0.1.0".into(),
            masked: false,
        })
    };
    [
        kind("answer", "workflow", "Office hours"),
        kind("disconnect", "workflow", "Office hours"),
        kind("answer", "fallback", "Office hours"),
        kind("answer", "workflow", "Rare"),
    ]
}

fn record(kinds: &[Arc<CallKind>; 4], number: usize) -> CallRecord {
    let at = Timestamp::from_millisecond(1_796_061_653_000 + number as i64).expect("an instant");
    let kind = match number % 100_000 {
        rare @ 7..10 => rare - 6,
        _ => 0,
    };
    CallRecord {
        id: CallId::at(at),
        kind: Arc::clone(&kinds[kind]),
        revision: Some(12),
        version: Some(4),
        caller_number: Some("+14155550100".into()),
        called_number: "+18005550100".into(),
        trunk_id: Some("trunk-a".into()),
        further: None,
        timestamp: at,
        decision: None,
        switches: "[]".into(),
    }
}

fn log(path: &Path, organization: OrganizationId) {
    let store = open(path);
    let (kinds, began) = (kinds(organization), Instant::now());
    for start in (0..CALLS).step_by(BATCH) {
        let batch: Vec<_> = (start..start + BATCH).map(|number| record(&kinds, number)).collect();
        store.write(move |transaction| transaction.add_calls(&batch)).wait().expect("it is written");
    }
    let rate = CALLS as f64 / began.elapsed().as_secs_f64();
    row(&format!("calls logged a second, in batches of {BATCH}"), format!("{rate:.0}"));
    let text = |text: &str| Some(text.to_owned());
    for (what, filter) in [
        ("all", CallFilter::default()),
        ("of a common rule", CallFilter { rule: text("Office hours"), ..CallFilter::default() }),
        ("of a rare rule", CallFilter { rule: text("Rare"), ..CallFilter::default() }),
        ("rejected, which are rare", CallFilter { action: text("disconnect"), ..CallFilter::default() }),
        ("of the fallback, which are rare", CallFilter { source: text("fallback"), ..CallFilter::default() }),
    ] {
        let times = (0..100).map(|_| {
            let filter = filter.clone();
            let began = Instant::now();
            let page = store.read(move |snapshot| snapshot.calls(organization, &filter, &Page::first(50)));
            assert!(!page.wait().expect("a page").items.is_empty());
            began.elapsed()
        });
        row(&format!("a page of 50 of {CALLS} calls, {what}, p50"), median(times.collect()));
    }
    let began = Instant::now();
    let end = Timestamp::from_millisecond(1_796_061_653_000 + 50_000).expect("an instant");
    let mut slowest = Duration::ZERO;
    for kind in store.read(move |snapshot| snapshot.kinds_before(RetentionOf::Others, end)).wait().expect("kinds") {
        loop {
            let before = Instant::now();
            let deleted = store.write(move |transaction| transaction.delete_calls_before(kind, end, BATCH)).wait();
            slowest = slowest.max(before.elapsed());
            if deleted.expect("it is deleted") < BATCH {
                break;
            }
        }
    }
    row("50000 old calls deleted", format!("{:.0} ms", milliseconds(began.elapsed())));
    row("  the longest that another writer waits", format!("{:.2} ms", milliseconds(slowest)));
}
