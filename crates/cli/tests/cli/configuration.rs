//! Options of the server from the environment and from a file. Each run ends before it serves: its
//! database cannot be used, and the message tells which one was taken.

use insta::assert_snapshot;

use super::command::{Invocation, callplan};

/// A server with this file, and a folder in place of each database.
fn serve(file: &str) -> Invocation {
    let at = callplan("serve --config callplan.toml").file("callplan.toml", file);
    ["of-file", "of-environment", "of-command-line"].into_iter().fold(at, |at, name| at.file(&format!("{name}/x"), ""))
}

/// The database that it tried.
fn tried(invocation: Invocation) -> String {
    let message = invocation.run().message(2);
    let mut quoted = message.split('`');
    quoted.nth(1).unwrap_or_else(|| panic!("no database: {message}")).to_owned()
}

const FILE: &str = "database = \"of-file\"\nlisten = \"127.0.0.1:0\"\ncall-log-days = 90\ndemo = false\n";

#[test]
fn the_command_line_counts_before_the_environment_and_that_before_the_file() {
    assert_eq!(tried(serve(FILE)), "of-file");
    assert_eq!(tried(serve(FILE).environment("CALLPLAN_DATABASE", "of-environment")), "of-environment");
    let all = serve(FILE).environment("CALLPLAN_DATABASE", "of-environment").arg("--database").arg("of-command-line");
    assert_eq!(tried(all), "of-command-line");
    let named_by_variable = callplan("serve").file("other.toml", FILE).file("of-file/x", "");
    assert_eq!(tried(named_by_variable.environment("CALLPLAN_CONFIG", "other.toml")), "of-file");
}

#[test]
fn what_one_place_lacks_another_has() {
    let split = serve("listen = \"127.0.0.1:0\"\n").environment("CALLPLAN_DATABASE", "of-environment");
    assert_eq!(tried(split), "of-environment");
    // A certificate needs its key, wherever they stand.
    let half = serve(FILE).environment("CALLPLAN_TLS_CERTIFICATE", "x.pem").run().message(2);
    assert!(half.contains("--tls-key <FILE>"), "{half}");
}

#[test]
fn commands_beside_the_server_take_the_same_variable() {
    let run = callplan("organizations list").environment("CALLPLAN_DATABASE", "nowhere.db").run();
    assert!(run.message(2).contains("nowhere.db"));
}

#[test]
fn mistakes_in_a_file_are_told() {
    assert_snapshot!("unknown_option", serve("lisen = \"127.0.0.1:8080\"\n").run());
    assert_snapshot!("bad_value", serve(&format!("{FILE}decision-timeout = \"soon\"\n")).run());
    assert_snapshot!("a_table", serve("[listen]\nport = 8080\n").run());
    assert_snapshot!("not_toml", serve("database = \"callplan.db\"\nlisten = 127.0.0.1:8080\n").run());
    assert_snapshot!("missing_file", callplan("serve --config none.toml").run());
    assert_snapshot!("bad_variable", serve(FILE).environment("CALLPLAN_CALL_LOG_DAYS", "many").run());
}
