//! `callplan serve --demo`: the printed commands can be pasted, and what they write is removed or
//! kept, as the demo says.

use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::server::{ServedDatabase, Server, callplan};

/// Runs a command as it was printed; `None` without `curl`.
fn paste(command: &str) -> Option<serde_json::Value> {
    Command::new("curl").arg("--version").output().ok()?;
    let output = Command::new("sh").args(["-c", command]).output().expect("a shell");
    assert!(output.status.success(), "{command}\n{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {command}")))
}

/// Starts a demo with further options, and checks that it prints all commands.
fn start(options: &[&str]) -> (Server, String) {
    let mut server = Server::run(&[&["--demo", "--listen", "127.0.0.1:0"], options].concat());
    let mut buffer = [0; 16 << 10];
    let mut printed = String::new();
    while printed.matches("curl ").count() < 4 || !printed.ends_with('\n') {
        let read = server.stdout.read(&mut buffer).expect("more");
        assert!(read > 0, "{printed}");
        printed.push_str(&String::from_utf8_lossy(&buffer[..read]));
    }
    (server, printed)
}

fn commands(printed: &str) -> Vec<&str> {
    printed.lines().filter(|line| line.starts_with("curl ")).collect()
}

/// The token in a demo's commands.
fn token(printed: &str) -> &str {
    let after = printed.split("Bearer ").nth(1).expect("a token");
    after.split('\'').next().expect("its end")
}

/// The temporary folders of demos.
fn demo_folders(of: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(of).expect("the folder is there").map(|entry| entry.expect("an entry").path());
    entries.collect()
}

#[test]
fn it_prints_commands_to_try() {
    let (server, printed) = start(&[]);
    let commands = commands(&printed);
    assert_eq!(commands.len(), 4);
    assert!(commands.iter().all(|command| command.contains(&format!("http://{}/core/", server.address))));
    if let Some(decision) = paste(commands[0]) {
        assert_eq!((&decision["action"], &decision["rule"]), (&"answer".into(), &"Lifts are running".into()));
    }
    if let Some(simulated) = paste(commands[1]) {
        assert_eq!(simulated["decision"]["rule"], "Lifts are running");
        assert!(simulated["trace"].as_array().is_some_and(|trace| trace.len() > 2), "{simulated}");
    }
    if let Some(switch) = paste(commands[3]) {
        assert_eq!((&switch["name"], &switch["on"]), (&"storm".into(), &true.into()));
        let decision = paste(commands[0]).expect("curl is there");
        assert_eq!(decision["rule"], "Storm");
    }
    if let Some(problem) = paste(commands[2]) {
        assert_eq!(problem["status"], 422);
        assert!(problem["rendered"].as_str().is_some_and(|text| text.contains("snow_desk")), "{problem}");
    }
    assert!(server.end().0.success());
}

#[test]
fn it_says_that_nothing_is_kept_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = callplan();
    command.args(["serve", "--demo", "--listen", "127.0.0.1:0"]).env("TMPDIR", folder.path());
    let mut server = Server::spawn(command);
    let mut line = String::new();
    while !line.contains("gone when the server ends") {
        line.clear();
        assert!(server.stdout.read_line(&mut line).expect("more") > 0, "it does not say so");
    }
    assert_eq!(demo_folders(folder.path()).len(), 1);
    assert!(server.end().0.success());
    assert_eq!(demo_folders(folder.path()), Vec::<PathBuf>::new());
}

#[test]
fn in_a_file_it_is_kept_and_the_next_start_goes_on_with_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("demo.db");
    let named = ["--database", database.to_str().expect("UTF-8")];
    let (server, first) = start(&named);
    assert!(first.contains("is kept in") && !first.contains("gone"), "{first}");
    let call = |server: &Server, printed: &str| {
        let body = r#"{"caller_number": "+18025550142", "called_number": "+18025550100"}"#;
        server.connect().ask(token(printed), "POST", "/core/inbound-calls", body).expect("an answer").json()
    };
    let switch = "/core/inbound-routing-config/switches/storm";
    let switched = server.connect().ask(token(&first), "PUT", switch, r#"{"on": true}"#).expect("an answer");
    assert_eq!(switched.status, 200);
    assert!(server.end().0.success());
    let (server, second) = start(&named);
    assert!(second.contains("goes on with") && !second.contains("gone"), "{second}");
    assert_ne!(token(&first), token(&second));
    // What was written is there, for the old key and the new one.
    for printed in [&first, &second] {
        assert_eq!(call(&server, printed)["rule"], "Storm");
    }
    assert!(server.end().0.success());
}

#[test]
fn the_database_of_others_gets_no_key_of_a_demo() {
    let database = ServedDatabase::new();
    let keys = || database.store().read(|snapshot| snapshot.access()).wait().expect("keys").keys.len();
    let before = keys();
    let mut command = callplan();
    let refused = command.args(["serve", "--demo", "--database"]).arg(database.path()).output().expect("it runs");
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("the database of other organizations"), "{refused:?}");
    assert_eq!(keys(), before);
}

/// The demo's plan is a copy in the crate.
#[test]
fn its_plan_is_that_of_the_examples() {
    let read = |path: &str| std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path);
    assert_eq!(read("src/serve/demo.callplan"), read("../../examples/storm_closure.callplan"));
}
