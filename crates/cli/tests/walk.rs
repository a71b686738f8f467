//! The commands of `docs/api.md` can be pasted: each is run, in order, in one `bash`, with the real
//! server, socket and database file, and its output must be what the page shows.

#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

const PAGE: &str = include_str!("../../../docs/api.md");
/// Stands for values that differ each time; as a name, for fields that are not shown.
const ANY: &str = "…";
/// Separates the outputs of two commands.
const MARK: &str = "~~~ next ~~~";

/// A command, and the lines that the page shows below it.
struct Step {
    command: String,
    shown: String,
}

/// The commands of the page. A here-document belongs to its command.
fn steps() -> Vec<Step> {
    let blocks = PAGE.split("```console\n").skip(1).filter_map(|block| block.split("\n```").next());
    let mut steps: Vec<Step> = Vec::new();
    for line in blocks.flat_map(|block| block.lines().chain([""])) {
        let is_in_document =
            steps.last().is_some_and(|step| step.command.contains("<<END") && !step.command.ends_with("\nEND"));
        match (line.strip_prefix("$ "), steps.last_mut()) {
            (_, Some(step)) if is_in_document => step.command.push_str(&format!("\n{line}")),
            (Some(command), _) => steps.push(Step { command: command.to_owned(), shown: String::new() }),
            (None, Some(step)) => step.shown.push_str(&format!("{line}\n")),
            (None, None) => {}
        }
    }
    steps
}

/// The server, killed when the test is over.
struct WalkServer(Child);

impl Drop for WalkServer {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn serve(folder: &std::path::Path) -> (WalkServer, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_callplan"))
        .args(["serve", "--database", "callplan.db", "--listen", "127.0.0.1:0"])
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the server starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
    let address = line.trim().strip_prefix("listening on ").expect("the address").to_owned();
    (WalkServer(child), address)
}

#[test]
fn every_command_of_the_api_page_does_what_it_shows() {
    let steps = steps();
    assert!(steps.len() > 60, "{}", steps.len());
    let folder = tempfile::tempdir().expect("a folder");
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_callplan")).parent().expect("a folder");
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap_or_default());
    let mut shell = Command::new("bash")
        .current_dir(folder.path())
        .env("PATH", path)
        .env("no_proxy", "127.0.0.1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .expect("bash");
    let mut stdin = shell.stdin.take().expect("a pipe");
    let mut stdout = BufReader::new(shell.stdout.take().expect("a pipe"));
    let mut run = |command: &str| {
        write!(stdin, "{command}\necho\necho '{MARK}'\n").expect("bash listens");
        let mut printed = String::new();
        while !printed.ends_with(&format!("{MARK}\n")) {
            assert!(stdout.read_line(&mut printed).expect("bash answers") > 0, "bash is gone after {command}");
        }
        printed.trim_end_matches(&format!("{MARK}\n")).trim_end().to_owned()
    };
    // The key is made before there is a server. Then the server starts, and `api` is defined as on
    // the page.
    let (first, rest) = steps.split_at(2);
    first.iter().for_each(|step| assert_eq!(run(&step.command), ""));
    let (_server, address) = serve(folder.path());
    let defined = PAGE.split("```sh\n").nth(1).and_then(|block| block.split("```").next()).expect("a block");
    run(&defined.replace("http://127.0.0.1:8080", &address));
    let mut wrong = Vec::new();
    for step in rest {
        let printed = run(&step.command);
        if !is_as_shown(step.shown.trim(), &printed) {
            wrong.push(format!("$ {}\n{}\n--- the page shows\n{}", step.command, printed, step.shown.trim()));
        }
    }
    drop(stdin);
    let mut left = String::new();
    stdout.read_to_string(&mut left).expect("bash ends");
    shell.wait().expect("bash ends");
    assert!(wrong.is_empty(), "{} of {} steps are not as shown:\n\n{}", wrong.len(), steps.len(), wrong.join("\n\n"));
}

/// Whether the output is what the page shows, line by line; lines of JSON are compared as JSON.
fn is_as_shown(shown: &str, printed: &str) -> bool {
    let (shown, printed): (Vec<&str>, Vec<&str>) = (shown.lines().collect(), printed.lines().collect());
    let is_alike = |shown: &str, printed: &str| match (serde_json::from_str(shown), serde_json::from_str(printed)) {
        (Ok(shown), Ok(printed)) => is_like(&shown, &printed),
        _ => shown == printed,
    };
    shown.len() == printed.len() && shown.iter().zip(&printed).all(|(shown, printed)| is_alike(shown, printed))
}

fn is_like(shown: &Value, value: &Value) -> bool {
    match (shown, value) {
        (Value::String(text), value) if text == ANY => !value.is_null(),
        (Value::Array(shown), Value::Array(values)) => {
            shown.len() == values.len() && shown.iter().zip(values).all(|(shown, value)| is_like(shown, value))
        }
        (Value::Object(shown), Value::Object(fields)) => {
            let all_named = shown.contains_key(ANY) || shown.len() == fields.len();
            let named = shown.iter().filter(|(name, _)| *name != ANY);
            all_named && { named }.all(|(name, shown)| fields.get(name).is_some_and(|value| is_like(shown, value)))
        }
        (shown, value) => shown == value,
    }
}
