//! The beginning of a server with a plan that takes a while to compile.

use std::fmt::Write;

use callplan_service::store::{Actor, Fields, KeyId, NewRevision};
use jiff::Timestamp;

use super::server::{ServedDatabase, Server, new_key};

/// A plan that rejects [`CALL`](super::server::CALL), with this many further rules.
fn large(rules: usize) -> String {
    let mut plan = String::from("rule \"No\" when dialed is +18005550100 { reject }\n");
    for number in 0..rules {
        let _ = writeln!(plan, "rule \"Line {number}\" when dialed is +1415{number:07} {{ reject }}");
    }
    plan
}

/// Stores a config with a plan, unchecked.
fn store_plan(database: &ServedDatabase, workflow_definition: String) {
    let organization = database.organization;
    let fields = Fields {
        workflow_definition,
        fallback_agent_id: None,
        fallback_agent_version: None,
        enabled: true,
        diagnostics: "[]".into(),
    };
    let new = NewRevision { fields, created_by: Actor::Key(KeyId::random()), restored_from: None };
    let stored = database.store().write(move |store| store.create_config(organization, new, Timestamp::now()));
    stored.wait().expect("it is written");
}

#[test]
fn it_is_ready_when_its_plans_are_compiled_and_answers_calls_before() {
    let database = ServedDatabase::new();
    store_plan(&database, large(8_000));
    let store = database.store();
    let other = store.write(|store| store.create_organization("Somebody else", Timestamp::now())).wait();
    let other = new_key(&store, other.expect("an organization").id, 2).reveal();
    drop(store);
    let server = Server::start(&database, &[]);
    let starting = server.get("/readyz");
    assert_eq!(
        (starting.is_problem(503).json()["code"].as_str(), starting.header("retry-after")),
        (Some("starting"), "1")
    );
    assert_eq!(server.get("/healthz").status, 200);
    assert_eq!(server.call(&other).json()["reason"], "number_unassigned");
    server.wait_until_ready();
    let decided = server.call(&database.token).json();
    assert_eq!((decided["reason"].as_str(), decided["rule"].as_str()), (Some("rejected"), Some("No")), "{decided:#}");
}
