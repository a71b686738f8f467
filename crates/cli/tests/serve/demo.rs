//! `callplan serve --demo`: what it prints can be pasted.

use std::io::Read;
use std::process::Command;

use super::server::{Server, callplan};

/// Runs a command as it was printed; `None` where there is no `curl`.
fn paste(command: &str) -> Option<serde_json::Value> {
    Command::new("curl").arg("--version").output().ok()?;
    let output = Command::new("sh").args(["-c", command]).output().expect("a shell");
    assert!(output.status.success(), "{command}\n{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {command}")))
}

#[test]
fn it_prints_commands_to_try_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("demo.db");
    let mut server =
        Server::run(&["--demo", "--listen", "127.0.0.1:0", "--database", database.to_str().expect("UTF-8")]);
    let mut buffer = [0; 16 << 10];
    let mut printed = String::new();
    while printed.matches("curl ").count() < 4 || !printed.ends_with('\n') {
        let read = server.stdout.read(&mut buffer).expect("more");
        assert!(read > 0, "{printed}");
        printed.push_str(&String::from_utf8_lossy(&buffer[..read]));
    }
    let commands: Vec<&str> = printed.lines().filter(|line| line.starts_with("curl ")).collect();
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
    // A file that was named stays, and is not begun anew.
    assert!(database.exists());
    let again = callplan().args(["serve", "--demo", "--database"]).arg(&database).output().expect("it runs");
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&again.stderr).contains("is there already"));
}
