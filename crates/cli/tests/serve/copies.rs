//! Copies of a database beside a running server.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::server::{ServedDatabase, Server, callplan};

fn run(arguments: &[&str], paths: &[&Path]) -> (Option<i32>, String) {
    let output = callplan().args(arguments).args(paths).output().expect("it runs");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_backup_is_made_beside_a_server_and_nothing_else_is() {
    let database = ServedDatabase::new();
    let server = Server::start(&database, &[]);
    let plan = r#"{"workflow_definition": "rule \"Nobody\" {\n  reject\n}\n"}"#;
    let saved = server.connect().ask(&database.token, "POST", "/core/inbound-routing-config", plan);
    assert_eq!(saved.expect("an answer").status, 201);
    let (own, copy) = (database.path(), database.folder.path().join("monday.db"));
    assert_eq!(run(&["backup", "--database"], &[&own, &copy]), (Some(0), String::new()));
    let mode = std::fs::metadata(&copy).expect("a copy").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    for (arguments, paths) in [
        (&["verify"][..], &[&*own][..]),
        (&["restore", "--replace", "--database"], &[&own, &copy]),
        // What a server has is no backup either.
        (&["restore", "--replace", "--database"], &[&copy, &own]),
    ] {
        let (code, message) = run(arguments, paths);
        assert_eq!(code, Some(2), "{message}");
        assert!(message.contains("another server is running on"), "{message}");
    }
    assert_eq!(server.call(&database.token).json()["rule"], "Nobody");
    assert!(server.end().0.success());
    // The copy has what was answered.
    let restored = ServedDatabase { token: database.token.clone(), ..ServedDatabase::new() };
    let plans = restored.folder.path().join("callplan.db-plans");
    std::fs::write(&plans, "the plans of the database that is replaced").expect("it is written");
    assert_eq!(run(&["restore", "--replace", "--database"], &[&restored.path(), &copy]).0, Some(0));
    assert!(!plans.exists());
    let server = Server::start(&restored, &[]);
    assert_eq!(server.call(&database.token).json()["rule"], "Nobody");
}
