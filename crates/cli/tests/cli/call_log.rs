//! `callplan calls`: one caller's calls are exported and erased. And what is deleted with `--yes`.

use callplan_service::calls::erase;
use callplan_service::store::{CallId, CallKind, CallRecord, Store, StoreOptions};
use jiff::Timestamp;

use super::database::CommandDatabase;

const CALLER: &str = "+14155550100";

/// Logs a call of two callers to an organization.
fn logged(database: &CommandDatabase, organization: &str) {
    let organization_id = organization.parse().expect("an id");
    let kind = CallKind {
        organization_id,
        action: "answer".into(),
        source: "workflow".into(),
        rule: Some("Day".into()),
        agent_id: None,
        decision: None,
        release: "0.1.0".into(),
        masked: false,
    };
    let now = Timestamp::now();
    let calls = [CALLER, "+14155550199"].map(|number| CallRecord {
        id: CallId::at(now),
        kind: std::sync::Arc::new(kind.clone()),
        revision: Some(1),
        version: None,
        caller_number: Some(number.into()),
        called_number: "+18005550100".into(),
        trunk_id: None,
        further: None,
        timestamp: now,
        decision: Some(format!(
            r#"{{"action":"answer","agent_id":null,"initial_context":"From {number}","custom_metadata":null,
                "skip_pre_conversation_workflow":false,"source":"workflow","reason":null,"rule":"Day"}}"#
        )),
        switches: "[]".into(),
    });
    let store = Store::open(&database.path(), StoreOptions::default()).expect("it opens");
    store.write(move |transaction| transaction.add_calls(&calls)).wait().expect("they are logged");
}

#[test]
fn a_caller_is_exported_and_forgotten() {
    let (database, ours) = CommandDatabase::with_organization();
    let theirs = database.id(&["organizations", "create", "Other"]);
    logged(&database, &ours);
    logged(&database, &theirs);
    let exported = |options: &[&str]| {
        let all = [&["calls", "export", "tel:+1-415-555-0100"], options].concat();
        database
            .run(&all)
            .fine()
            .stdout
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect::<Vec<serde_json::Value>>()
    };
    assert_eq!(exported(&[]).len(), 2);
    let [call] = &exported(&["--organization", &ours])[..] else { panic!("one call") };
    assert_eq!((&call["organization_id"], &call["call"]["caller_number"]), (&ours.clone().into(), &CALLER.into()));
    assert_eq!(call["decision"]["initial_context"], format!("From {CALLER}"));
    assert_eq!(database.id(&["calls", "forget", CALLER, "--organization", &ours]), "1");
    assert_eq!(exported(&[]).len(), 1);
    assert_eq!(database.id(&["calls", "forget", "+1 (415) 555-0100"]), "1");
    assert_eq!(database.id(&["calls", "forget", CALLER]), "0");
    let bytes = std::fs::read(database.path()).expect("a file");
    let has = |number: &str| bytes.windows(number.len()).any(|window| window == number.as_bytes());
    assert!(!has(CALLER) && has("+14155550199"));
    let message = database.run(&["calls", "forget", "anonymous"]).message(2);
    assert!(message.contains("write the number of a caller"), "{message}");
    assert!(erase::Caller::read("").is_none());
}

#[test]
fn an_organization_goes_only_with_yes() {
    let (database, ours) = CommandDatabase::with_organization();
    let theirs = database.id(&["organizations", "create", "Other"]);
    logged(&database, &ours);
    let message = database.run(&["organizations", "delete", &ours]).message(2);
    assert!(message.contains("calls: 2") && message.contains("--yes"), "{message}");
    assert_eq!(database.list("organizations").len(), 2);
    database.run(&["organizations", "delete", &ours, "--yes"]).fine();
    let [line] = &database.list("organizations")[..] else { panic!("one organization") };
    assert!(line.starts_with(&theirs), "{line}");
    let bytes = std::fs::read(database.path()).expect("a file");
    assert!(!bytes.windows(CALLER.len()).any(|window| window == CALLER.as_bytes()));
    assert!(database.run(&["organizations", "delete", &ours, "--yes"]).message(2).contains("no such organization"));
}

#[test]
fn a_user_goes_only_with_yes() {
    let (database, organization) = CommandDatabase::with_organization();
    let [ada, bob] = ["Ada", "Bob"].map(|name| database.id(&["users", "create", name]));
    for user in [&ada, &bob] {
        database.run(&["users", "join", user, &organization]).fine();
    }
    let token = database.id(&["keys", "create", "--user", &ada, "--scope", "inbound_calls:read"]);
    assert!(database.run(&["users", "delete", &ada]).message(2).contains("--yes"));
    assert_eq!(database.list("users").len(), 2);
    database.run(&["users", "delete", &ada, "--yes"]).fine();
    let [line] = &database.list("users")[..] else { panic!("one user") };
    assert!(line.starts_with(&bob), "{line}");
    let key = token.split('.').next().expect("a key");
    assert!(!database.list("keys").iter().any(|line| line.starts_with(key)));
}
