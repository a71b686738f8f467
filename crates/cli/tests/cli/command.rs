//! A command line as one would type it, and its result.

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A small plan without problems.
pub const OFFICE: &str = r#"timezone America/New_York

agent frontdesk  = "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11"
agent afterhours = "5c11d3c2-1d2f-4d53-8f0a-3c6f3b0b9a77" version 3

switch storm

schedule office { mon-fri 09:00-17:00 }

rule "Withheld numbers" when caller is anonymous { reject "no number, no call" }
rule "Storm" when storm is on {
  context "We are closed because of the storm."
  skip pre_conversation_workflow
  route to afterhours
}
when trunk is "overflow" { fallback }
rule "Open" when office is open {
  metadata { site: "main", from: caller }
  route to frontdesk
}
when office is closed { route to afterhours }

example "a Monday morning" {
  call from +14155550100 to +18005550100 at 2026-03-02 10:00
  expect route to frontdesk
}
"#;

/// `callplan` with these arguments, separated by spaces, in its own empty folder.
pub fn callplan(line: &str) -> Invocation {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let name = format!("callplan-test-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let folder = Folder(std::env::temp_dir().join(name));
    fs::create_dir_all(&folder.0).expect("a folder can be made");
    let arguments = line.split_whitespace().map(str::to_owned).collect();
    Invocation { arguments, folder, stdin: Vec::new(), environment: Vec::new() }
}

/// Decides one call to +18005550100 by [`OFFICE`].
pub fn decide(line: &str) -> Invocation {
    callplan(&format!("decide office.callplan --dialed +18005550100 {line}")).file("office.callplan", OFFICE)
}

/// Decides a log by [`OFFICE`].
pub fn decide_log(line: &str, name: &str, log: impl AsRef<[u8]>) -> Invocation {
    let office = callplan(&format!("decide office.callplan --calls {name} {line}")).file("office.callplan", OFFICE);
    if name == "-" { office.stdin(log) } else { office.file(name, log) }
}

pub struct Invocation {
    arguments: Vec<String>,
    folder: Folder,
    stdin: Vec<u8>,
    environment: Vec<(String, String)>,
}

impl Invocation {
    /// Adds an argument, which may contain spaces.
    pub fn arg(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// Adds a file to the folder.
    pub fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.folder.0.join(name);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
        fs::write(path, content).expect("a file can be written");
        self
    }

    /// Puts the project's examples into the folder.
    pub fn with_examples(mut self) -> Self {
        for from in ["examples", "examples/calls", "examples/drafts"] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(from);
            for entry in fs::read_dir(folder).expect("the examples are there") {
                let path = entry.expect("an entry").path();
                if path.is_file() {
                    let name = format!("{from}/{}", path.file_name().expect("a name").to_string_lossy());
                    self = self.file(&name, fs::read(&path).expect("an example"));
                }
            }
        }
        self
    }

    pub fn stdin(mut self, content: impl AsRef<[u8]>) -> Self {
        self.stdin = content.as_ref().to_owned();
        self
    }

    pub fn environment(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn folder(&self) -> &Path {
        &self.folder.0
    }

    pub fn run(self) -> Run {
        let mut child = self.command().stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut stdin = child.stdin.take().expect("standard input is a pipe");
        let bytes = self.stdin;
        // The command may not read all of its input.
        let feeder = std::thread::spawn(move || drop(stdin.write_all(&bytes)));
        let output = child.wait_with_output().expect("it ends");
        feeder.join().expect("the feeder ends");
        Run {
            line: self.arguments.join(" "),
            stdout: String::from_utf8(output.stdout).expect("results are UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("problems are UTF-8"),
            exit: output.status.code(),
            folder: self.folder,
        }
    }

    /// The command, for tests that need the streams themselves.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_callplan"));
        command.args(&self.arguments).current_dir(&self.folder.0).stdin(Stdio::piped());
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        command.env("COLUMNS", "100").envs(self.environment.clone());
        command
    }
}

/// The result of a command. Displays the exit code and both streams.
pub struct Run {
    line: String,
    pub stdout: String,
    pub stderr: String,
    pub exit: Option<i32>,
    folder: Folder,
}

impl Run {
    /// The content of a file in the folder.
    pub fn file(&self, name: &str) -> String {
        fs::read_to_string(self.folder.0.join(name)).expect("the file is there")
    }

    /// The names of the files in the folder.
    pub fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.folder.0).expect("the folder is there");
        let mut names: Vec<_> =
            entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// Asserts success without messages.
    pub fn fine(self) -> Self {
        assert_eq!((self.exit, self.stderr.as_str()), (Some(0), ""), "{self}");
        self
    }

    /// Asserts exit code 1 without messages.
    pub fn different(self) -> Self {
        assert_eq!((self.exit, self.stderr.as_str()), (Some(1), ""), "{self}");
        self
    }

    /// Asserts this exit code, and gives the messages.
    pub fn message(self, exit: i32) -> String {
        assert_eq!(self.exit, Some(exit), "{self}");
        self.stderr
    }

    /// The lines of standard output, each as JSON.
    pub fn json_lines(&self) -> Vec<serde_json::Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "$ callplan {}", self.line)?;
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                writeln!(f, "----- {name}\n{}", text.trim_end_matches('\n'))?;
            }
        }
        match self.exit {
            Some(exit) => write!(f, "----- exit {exit}"),
            None => write!(f, "----- killed"),
        }
    }
}

/// Removes the folder with the test.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
