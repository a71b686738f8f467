//! The beginning of a server with a plan that takes a while to compile.

use std::fmt::Write;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use callplan_service::kept_plans::{self, Build, KeptPlans, NewForm};
use callplan_service::store::{Actor, Fields, KeyId, NewRevision, OrganizationId};
use jiff::Timestamp;

use super::server::{PATIENCE, ServedDatabase, Server, callplan, new_key};

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
    store_plan_of(database, database.organization, workflow_definition);
}

fn store_plan_of(database: &ServedDatabase, organization: OrganizationId, workflow_definition: String) {
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

/// Two organizations, whose plans reject every call by rules of their own.
struct Two {
    database: ServedDatabase,
    other: OrganizationId,
    /// The token of the other one.
    token: String,
}

const OURS: &str = "rule \"Ours\" { reject }\n";
const THEIRS: &str = "rule \"Theirs\" { reject }\n";

impl Two {
    fn new() -> Self {
        let database = ServedDatabase::new();
        let store = database.store();
        let made = store.write(|store| store.create_organization("Somebody else", Timestamp::now())).wait();
        let other = made.expect("an organization").id;
        let token = new_key(&store, other, 2).reveal();
        drop(store);
        store_plan(&database, OURS.to_owned());
        store_plan_of(&database, other, THEIRS.to_owned());
        Self { database, other, token }
    }

    /// The rules that decide a call to each, after a start.
    fn rules(&self, server: &Server) -> [String; 2] {
        server.wait_until_ready();
        [&self.database.token, &self.token].map(|token| server.call(token).json()["rule"].to_string().replace('"', ""))
    }

    /// Starts a server, has both calls decided, and ends it.
    fn rules_after_a_start(&self) -> [String; 2] {
        let server = Server::start(&self.database, &[]);
        let rules = self.rules(&server);
        assert_eq!(server.end().0.code(), Some(0));
        rules
    }

    fn plans(&self) -> PathBuf {
        self.database.folder.path().join("callplan.db-plans")
    }

    fn file(&self, build: Build) -> KeptPlans {
        KeptPlans::beside(&self.database.path(), build).expect("the database is there")
    }

    /// Replaces our compiled plan in the file by that of the other organization, which no text of
    /// ours has, and removes theirs.
    fn lie(&self, build: Build) {
        let found = self.file(program()).open().expect("it is of this build");
        let (text, theirs) = (kept_plans::hash(OURS), kept_plans::hash(THEIRS));
        let kept_as = found.find(&theirs).expect("it is kept");
        let lie = NewForm { text, kept_as, form: found.read(&theirs).expect("it is kept") };
        self.file(build).write([lie].into_iter(), || true).expect("it is written");
    }
}

/// The build of the program that is tested.
fn program() -> Build {
    Build::of(Path::new(env!("CARGO_BIN_EXE_callplan"))).expect("it can be read")
}

#[test]
fn a_second_start_reads_no_text_of_a_plan_that_the_first_has_kept() {
    let two = Two::new();
    assert_eq!(two.rules_after_a_start(), ["Ours", "Theirs"]);
    assert_eq!(fs::metadata(two.plans()).expect("it is there").permissions().mode() & 0o777, 0o600);
    two.lie(program());
    assert_eq!(two.rules_after_a_start(), ["Theirs", "Theirs"], "it has read the text");
}

#[test]
fn a_file_of_plans_that_is_damaged_or_of_another_build_or_gone_is_as_none() {
    let two = Two::new();
    assert_eq!(two.rules_after_a_start(), ["Ours", "Theirs"]);
    two.lie(program());
    let lie = fs::read(two.plans()).expect("it is there");
    let mut damaged = lie.clone();
    damaged[20] ^= 1;
    for file in [&damaged, &lie[..lie.len() - 1], b""] {
        fs::write(two.plans(), file).expect("it is written");
        assert_eq!(two.rules_after_a_start(), ["Ours", "Theirs"]);
        let found = two.file(program()).open().expect("it is made again");
        assert_eq!(found.iter().count(), 2);
    }
    two.lie(Build::of(&two.database.path()).expect("it can be read"));
    assert_eq!(two.rules_after_a_start(), ["Ours", "Theirs"]);
    fs::remove_file(two.plans()).expect("it is there");
    assert_eq!(two.rules_after_a_start(), ["Ours", "Theirs"]);
    assert!(two.plans().exists());
}

#[test]
fn a_plan_of_a_deleted_organization_is_not_kept() {
    let two = Two::new();
    two.rules_after_a_start();
    let delete = || {
        let other = two.other.to_string();
        let mut command = callplan();
        command.args(["organizations", "delete", &other, "--yes", "--database"]).arg(two.database.path());
        assert!(command.status().expect("it runs").success());
    };
    delete();
    assert!(!two.plans().exists(), "no server runs that could write the others");
    let server = Server::start(&two.database, &[]);
    server.wait_until_ready();
    server.end();
    let found = two.file(program()).open().expect("it is made again");
    assert!(found.find(&kept_plans::hash(OURS)).is_some() && found.find(&kept_plans::hash(THEIRS)).is_none());
}

#[test]
fn a_server_that_cannot_keep_plans_says_so_and_runs() {
    let two = Two::new();
    fs::create_dir(two.database.folder.path().join("callplan.db-plans-new")).expect("it is made");
    let server = Server::start(&two.database, &[]);
    assert_eq!(two.rules(&server), ["Ours", "Theirs"]);
    let begun = Instant::now();
    while !server.log().contains("compiled plans cannot be kept") {
        assert!(begun.elapsed() < PATIENCE, "{}", server.log());
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert_eq!(server.end().0.code(), Some(0));
    assert!(!two.plans().exists());
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
