//! `kill -9` loses nothing that was answered.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use callplan_service::store::{CallFilter, CallId, CallKind, CallRecord, OrganizationId, Page, Store, StoreOptions};

use super::database::{Database, actor, agent, at, open, revision};

/// Names the database to the process that is to be killed.
const DATABASE: &str = "CALLPLAN_TEST_STORE";

/// How often it is killed, each time a little later.
const KILLS: u64 = 12;

/// Not a test: what the process to be killed does. It says `n` when the n-th round of writes has been answered.
#[test]
#[ignore = "this is the process that the test below kills"]
fn rounds_without_end() {
    let path = std::env::var_os(DATABASE).expect("the name of a database");
    let store = Store::open(path.as_ref(), StoreOptions::default()).expect("it opens");
    let organization = store.read(|it| it.organizations(&Page::first(1))).wait().expect("a page").items[0].id;
    let first = store.read(move |it| it.config(organization)).wait().expect("a config").expect("one").revision;
    for round in first.. {
        let pending = store.write(move |it| {
            let kind = CallKind {
                organization_id: organization,
                action: "answer".into(),
                source: "workflow".into(),
                rule: None,
                agent_id: None,
                decision: Some("{}".to_owned()),
                release: "0.1.0".into(),
                masked: false,
            };
            let call = CallRecord {
                id: CallId::at(at(round as i64)),
                kind: kind.into(),
                revision: None,
                version: None,
                caller_number: None,
                called_number: "+18005550100".to_owned(),
                trunk_id: None,
                timestamp: at(round as i64),
                decision: None,
                switches: "[]".into(),
            };
            it.add_calls(&[call])?;
            it.create_agent(organization, agent(&round.to_string()), at(0))?;
            it.save_config(organization, revision(&text(round + 1)), &[], at(0))
        });
        assert_eq!(pending.wait().map(|it| it.revision), Ok(round + 1));
        println!("answered {}", round + 1);
        std::io::stdout().flush().expect("somebody listens");
    }
}

/// Some pages of text, different each time.
fn text(revision: u64) -> String {
    format!("# {revision}\n").repeat(2000 + revision as usize % 1000)
}

fn start(database: &Database) -> Child {
    Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "killed::rounds_without_end", "--ignored", "--nocapture"])
        .env(DATABASE, database.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts")
}

/// Kills it after so many rounds; the last that it said was answered.
fn killed_after(database: &Database, rounds: u64) -> u64 {
    let mut child = start(database);
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let mut answered =
        || lines.by_ref().map_while(Result::ok).find_map(|line| line.strip_prefix("answered ")?.parse::<u64>().ok());
    for _ in 0..rounds {
        answered().expect("it goes on until it is killed");
    }
    child.kill().expect("it is killed");
    child.wait().expect("it has ended");
    let mut last = 0;
    while let Some(next) = answered() {
        last = next;
    }
    last
}

/// Nothing is half written: every round is there with all that belongs to it. The number of the last.
fn sound(store: &Store, organization: OrganizationId) -> u64 {
    let read = store.read(move |it| {
        let config = it.config(organization)?.expect("a config");
        let everything = Page::first(usize::MAX);
        let calls = it.calls(organization, &CallFilter::default(), &everything)?.items.len() as u64;
        let agents = it.agents(organization, &everything)?.items.len() as u64;
        let revisions = it.revisions(organization, &everything)?.items;
        assert_eq!(
            (calls, agents, revisions.len() as u64),
            (config.revision - 1, config.revision - 1, config.revision)
        );
        for revision in 1..=config.revision {
            let kept = it.revision(organization, revision)?.expect("it is there");
            assert!(kept.fields.workflow_definition == text(revision) && kept.created_by == actor());
        }
        Ok::<_, callplan_service::store::StoreError>(config.revision)
    });
    read.wait().expect("it is read")
}

#[test]
fn what_was_answered_is_there_after_a_kill() {
    let database = Database::new();
    let organization = database.organization();
    database.write(move |it| it.create_config(organization, revision(&text(1)), at(0)));
    for kill in 0..KILLS {
        let answered = killed_after(&database, 1 + kill * 3);
        let beside = open(database.path());
        let found = sound(&beside, organization);
        // One more may have been written whose answer did not come through.
        assert!(found == answered || found == answered + 1 || answered == 0, "{answered} answered, {found} found");
        assert_eq!(sound(&database.store, organization), found);
    }
    let path = database.path();
    let check = rusqlite::Connection::open(path)
        .and_then(|it| it.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0)));
    assert_eq!(check.as_deref(), Ok("ok"));
}
