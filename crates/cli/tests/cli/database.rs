//! A database for several commands, one after the other.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::command::{Run, callplan};

pub struct CommandDatabase(TempDir);

impl CommandDatabase {
    /// A database that does not exist yet.
    pub fn missing() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// A database with an organization, and the organization's id.
    pub fn with_organization() -> (Self, String) {
        let database = Self::missing();
        let id = database.id(&["organizations", "create", "Riverside Dental"]);
        (database, id)
    }

    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    pub fn path(&self) -> PathBuf {
        self.folder().join("callplan.db")
    }

    /// Runs a command on the database.
    pub fn run(&self, arguments: &[&str]) -> Run {
        let path = self.path();
        let all = arguments.iter().copied().chain(["--database", path.to_str().expect("UTF-8")]);
        all.fold(callplan(""), |run, argument| run.arg(argument)).run()
    }

    /// Runs a command that prints one word, and gives that word.
    pub fn id(&self, arguments: &[&str]) -> String {
        let run = self.run(arguments).fine();
        let (word, rest) = run.stdout.split_once('\n').expect("a line");
        assert!(rest.is_empty() && !word.is_empty() && !word.contains(' '), "{run}");
        word.to_owned()
    }

    /// Runs a list, and gives its lines.
    pub fn list(&self, what: &str) -> Vec<String> {
        self.run(&[what, "list"]).fine().stdout.lines().map(str::to_owned).collect()
    }
}
