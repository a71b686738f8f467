//! The truth about the file: who can read it, who has it, and what the server does when it is no
//! longer the file that the server has read.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use rusqlite::Connection;
use serde_json::json;

use super::server::{PATIENCE, ServedDatabase, Server, callplan};

const CONFIG: &str = "/core/inbound-routing-config";

/// The permissions of a file or a folder.
fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).permissions().mode() & 0o777
}

/// A plan that rejects calls by a rule of this name.
fn plan(rule: &str) -> String {
    format!("rule \"{rule}\" {{\n  reject\n}}\n")
}

/// Saves the first plan of an organization.
fn save(server: &Server, token: &str, rule: &str) {
    let body = json!({"workflow_definition": plan(rule)}).to_string();
    assert_eq!(server.connect().ask(token, "POST", CONFIG, &body).expect("an answer").status, 201);
}

fn rule(server: &Server, token: &str) -> serde_json::Value {
    server.call(token).json()["rule"].clone()
}

/// Repeats a look until it is as expected, which may take a moment.
fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "never: {what}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

#[test]
fn nobody_else_can_read_what_it_makes() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("callplan.db");
    // A shell whose files everybody can read.
    let mut command = Command::new("sh");
    command.args(["-c", "umask 000; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_callplan"), "serve"]);
    command.args(["--listen", "127.0.0.1:0", "--database"]).arg(&database);
    let server = Server::spawn(command);
    for name in ["callplan.db", "callplan.db-wal", "callplan.db-shm"] {
        assert_eq!(mode(&folder.path().join(name)), 0o600, "{name}");
    }
    assert!(server.end().0.success());
    let other = folder.path().join("other.db");
    let mut command = Command::new("sh");
    command.args(["-c", "umask 000; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_callplan"), "organizations", "create"]);
    assert!(command.args(["Acme", "--database"]).arg(&other).output().expect("it runs").status.success());
    assert_eq!(mode(&other), 0o600);
}

#[test]
fn a_demo_is_private_and_gone_at_the_end() {
    for signal in ["-TERM", "-INT"] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = Command::new("sh");
        command.args(["-c", "umask 000; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_callplan"), "serve", "--demo"]);
        command.args(["--listen", "127.0.0.1:0"]).env("TMPDIR", folder.path());
        let server = Server::spawn(command);
        let inside: Vec<_> =
            fs::read_dir(folder.path()).expect("a folder").map(|entry| entry.expect("one").path()).collect();
        assert_eq!(inside.len(), 1);
        assert_eq!((mode(&inside[0]), mode(&inside[0].join("callplan.db"))), (0o700, 0o600));
        server.signal(signal);
        assert!(server.ended().0.success());
        assert!(!inside[0].exists(), "{signal}");
    }
}

#[test]
fn what_others_write_is_read_again_even_without_a_stamp() {
    let database = ServedDatabase::new();
    let other = key_of_another(&database);
    let server = Server::start(&database, &[]);
    save(&server, &database.token, "First");
    save(&server, &other, "Quiet");
    let foreign = Connection::open(database.path()).expect("it opens");
    let write = |sql: &str, text: &str| foreign.execute(sql, [text]).expect("it is written");
    let sql = "UPDATE definitions SET text = ?1 WHERE text LIKE '%First%'";
    assert_eq!(write(sql, &plan("Second")), 1);
    until("the new text is in force", || rule(&server, &database.token) == "Second");
    assert_eq!(rule(&server, &other), "Quiet");
    // A write of the server itself is not foreign, and is based on what was read.
    let body = json!({"workflow_definition": plan("Third")}).to_string();
    let saved = server.connect().ask(&database.token, "PUT", CONFIG, &body).expect("an answer");
    assert_eq!((saved.status, &saved.json()["revision"]), (200, &2.into()));
    assert_eq!(rule(&server, &database.token), "Third");
    // What is deleted is gone.
    foreign.execute_batch("DELETE FROM configs WHERE revision = 2").expect("it is written");
    until("the config is gone", || rule(&server, &database.token).is_null());
    assert_eq!(rule(&server, &other), "Quiet");
}

/// Makes another organization in the database, and a key of it.
fn key_of_another(database: &ServedDatabase) -> String {
    let store = database.store();
    let made = store.write(|transaction| transaction.create_organization("Other", jiff::Timestamp::now())).wait();
    super::server::new_key(&store, made.expect("an organization").id, 9).reveal()
}

#[test]
fn an_earlier_state_that_is_put_back_is_noticed() {
    let database = ServedDatabase::new();
    let server = Server::start(&database, &[]);
    let copy = database.folder.path().join("copy.db");
    let foreign = Connection::open(database.path()).expect("it opens");
    save(&server, &database.token, "First");
    foreign.execute("VACUUM INTO ?1", [copy.to_str()]).expect("a copy");
    foreign.execute("ATTACH ?1 AS earlier", [copy.to_str()]).expect("it is attached");
    let body = json!({"workflow_definition": plan("Second")}).to_string();
    for _ in 0..3 {
        let saved = server.connect().ask(&database.token, "PUT", CONFIG, &body).expect("an answer");
        assert_eq!(saved.status, 200);
    }
    // Into the same file, and with lower stamps than those that the server has seen.
    let tables = ["organizations", "definitions", "revisions", "configs"]
        .map(|table| format!("DELETE FROM main.{table}; INSERT INTO main.{table} SELECT * FROM earlier.{table};"));
    let steps = format!("PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE; {} COMMIT", tables.concat());
    foreign.execute_batch(&steps).expect("it is restored");
    until("the earlier text is in force", || rule(&server, &database.token) == "First");
}

#[test]
fn another_file_in_its_place_ends_the_server_and_harms_neither() {
    let database = ServedDatabase::new();
    let other = ServedDatabase::new();
    let server = Server::start(&other, &[]);
    save(&server, &other.token, "Other");
    assert!(server.end().0.success());
    let server = Server::start(&database, &[]);
    save(&server, &database.token, "First");
    let away = database.folder.path().join("away.db");
    fs::hard_link(database.path(), &away).expect("a second name");
    fs::rename(other.path(), database.path()).expect("it is moved");
    let (status, log) = server.ended();
    assert_eq!(status.code(), Some(2), "{log}");
    assert!(log.contains("another file has taken the place of the database"), "{log}");
    // The file that came is as it was, and the one that went has all that was answered.
    let server = Server::start(&database, &[]);
    assert_eq!(rule(&server, &other.token), "Other");
    assert!(server.end().0.success());
    fs::rename(&away, database.path()).expect("it is moved back");
    let server = Server::start(&database, &[]);
    assert_eq!(rule(&server, &database.token), "First");
}

#[test]
fn no_file_beside_the_database_frees_it() {
    let database = ServedDatabase::new();
    let server = Server::start(&database, &[]);
    for entry in fs::read_dir(database.folder.path()).expect("a folder") {
        let path = entry.expect("an entry").path();
        assert!(!path.ends_with("callplan.db-server"), "the lock is the file's own");
    }
    let is_refused = |path: &Path| {
        let second = callplan().args(["serve", "--listen", "127.0.0.1:0", "--database"]).arg(path).output();
        second.expect("it runs").status.code() == Some(1)
    };
    assert!(is_refused(&database.path()));
    let (link, hard) = (database.folder.path().join("link.db"), database.folder.path().join("hard.db"));
    std::os::unix::fs::symlink(database.path(), &link).expect("a link");
    fs::hard_link(database.path(), &hard).expect("a link");
    assert!(is_refused(&link) && is_refused(&hard), "another name, the same file");
    assert_eq!(server.call(&database.token).status, 200);
}

#[test]
fn a_server_whose_file_was_removed_leaves_a_second_one_alone() {
    let database = ServedDatabase::new();
    let first = Server::start(&database, &[]);
    save(&first, &database.token, "First");
    for name in ["callplan.db", "callplan.db-wal", "callplan.db-shm"] {
        fs::remove_file(database.folder.path().join(name)).expect("it is there");
    }
    let second = Server::start(&database, &[]);
    let (status, log) = first.ended();
    assert_eq!(status.code(), Some(2), "{log}");
    // The first has removed none of the second's files: what is written now is there after a kill.
    let token = key_of_another(&database);
    second.call_until(&token, 200);
    save(&second, &token, "Second");
    second.signal("-KILL");
    drop(second.ended());
    let third = Server::start(&database, &[]);
    assert_eq!(rule(&third, &token), "Second");
}
