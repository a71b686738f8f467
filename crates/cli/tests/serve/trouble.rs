//! Trouble with the file while the server runs: writes are refused with the reason, calls are
//! decided from memory all the time, and afterwards writes work again and nothing is lost. Also
//! trouble before the start.

use std::fs;
use std::path::Path;
use std::process::Command;

use rusqlite::Connection;
use rustix::process::{Pid, Resource, Rlimit, prlimit};
use serde_json::json;

use super::server::{CALL, Client, HttpAnswer, ServedDatabase, Server, callplan, head};

const CONFIG: &str = "/core/inbound-routing-config";
/// Enough calls that one of them would be delayed if calls waited.
const CALLS: usize = 50;

/// A plan whose only rule has this name.
fn plan(rule: &str) -> String {
    json!({"workflow_definition": format!("rule \"{rule}\" {{\n  reject\n}}\n")}).to_string()
}

/// A server with a config, and a client that writes and calls.
struct Subject {
    server: Server,
    token: String,
    writer: Client,
    caller: Client,
    /// The decided calls.
    calls: Vec<String>,
}

impl Subject {
    fn new(database: &ServedDatabase) -> Self {
        Self::of(Server::start(database, &[]), &database.token)
    }

    fn of(server: Server, token: &str) -> Self {
        let (writer, caller) = (server.connect(), server.connect());
        let mut subject = Self { server, token: token.to_owned(), writer, caller, calls: Vec::new() };
        assert_eq!(subject.write("POST", "First").status, 201);
        subject.is_decided_by("First", 1);
        subject
    }

    fn write(&mut self, method: &str, rule: &str) -> HttpAnswer {
        self.writer.ask(&self.token, method, CONFIG, &plan(rule)).expect("an answer")
    }

    /// Asserts that a write is refused for this reason.
    fn refuses(&mut self, detail: &str) {
        let refused = self.write("PUT", "Never");
        assert_eq!(refused.is_problem(503).header("retry-after"), "1");
        assert_eq!(refused.json()["detail"], detail);
    }

    /// Asserts that calls are decided by this rule of this revision.
    fn is_decided_by(&mut self, rule: &str, revision: u64) {
        for _ in 0..CALLS {
            let answer = self.caller.ask(&self.token, "POST", "/core/inbound-calls", CALL).expect("an answer");
            let decision = answer.json();
            assert_eq!((answer.status, &decision["rule"]), (200, &rule.into()), "{decision}");
            assert_eq!(decision["config_revision"], revision);
            self.calls.push(decision["id"].as_str().expect("an id").to_owned());
        }
    }

    /// After the trouble: the next write is the second revision, whatever was refused before, and
    /// calls see it. A new server finds it, too, and every call in its log. Gives the lines that the
    /// server has logged.
    fn has_recovered(mut self, database: &ServedDatabase) -> String {
        let written = self.write("PUT", "Second");
        assert_eq!((written.status, &written.json()["revision"]), (200, &2.into()), "{}", written.body);
        self.is_decided_by("Second", 2);
        let metrics = self.server.get("/metrics").body;
        assert!(metrics.contains("\ncallplan_store_writes_failing 0\n"), "{metrics}");
        let (status, log) = self.server.end();
        assert!(status.success(), "{log}");
        let server = Server::start(database, &[]);
        let mut client = server.connect();
        let mut read = |path: &str| client.ask(&self.token, "GET", path, "").expect("an answer");
        assert_eq!(read(CONFIG).json(), written.json());
        for call in &self.calls {
            let kept = read(&format!("/core/inbound-calls/{call}"));
            assert_eq!((kept.status, kept.json()["decision"]["reason"].as_str()), (200, Some("rejected")));
        }
        log
    }
}

#[test]
fn while_another_process_holds_the_database_writes_are_refused_after_a_while() {
    let database = ServedDatabase::new();
    let mut subject = Subject::new(&database);
    let holder = Connection::open(database.path()).expect("it opens");
    holder.execute_batch("BEGIN EXCLUSIVE").expect("it is free");
    subject.refuses("The database is busy.");
    subject.is_decided_by("First", 1);
    holder.execute_batch("ROLLBACK").expect("it was held");
    drop(subject.has_recovered(&database));
}

#[test]
fn a_decision_waits_for_no_write_and_for_no_log() {
    let database = ServedDatabase::new();
    let mut subject = Subject::new(&database);
    let holder = Connection::open(database.path()).expect("it opens");
    for round in 0..3 {
        holder.execute_batch("BEGIN EXCLUSIVE").expect("it is free");
        let rule = format!("Round {round}");
        let body = plan(&rule);
        let authorization = format!("Bearer {}", subject.token);
        let headers = [("authorization", &*authorization), ("content-type", "application/json")];
        subject.writer.send(&head("PUT", CONFIG, &headers, body.len()));
        subject.writer.send(&body);
        let before = if round == 0 { "First".to_owned() } else { format!("Round {}", round - 1) };
        // Neither the write nor the log of these calls can be written now.
        subject.is_decided_by(&before, round + 1);
        assert!(!subject.writer.has_more(), "the write did not wait");
        holder.execute_batch("ROLLBACK").expect("it was held");
        assert_eq!(subject.writer.answer().status, 200);
        subject.is_decided_by(&rule, round + 2);
    }
}

/// Sets or removes a process's limit on the size of files.
fn limit_files(process: u32, bytes: Option<u64>) {
    let process = Pid::from_raw(process.try_into().expect("a process")).expect("a process");
    prlimit(Some(process), Resource::Fsize, Rlimit { current: bytes, maximum: None }).expect("it may be limited");
}

/// The program in a shell that runs this command first.
fn callplan_after(shell: &str, folder: &Path) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{shell}; exec \"$@\""), "sh"]).arg(env!("CARGO_BIN_EXE_callplan"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--database"]).arg(folder.join("callplan.db"));
    command
}

#[test]
fn a_disk_that_takes_nothing_more_is_told_of() {
    let database = ServedDatabase::new();
    // Otherwise the system kills the process that writes beyond a limit.
    let server = Server::spawn(callplan_after("trap '' XFSZ", database.folder.path()));
    let mut subject = Subject::of(server, &database.token);
    limit_files(subject.server.process(), Some(0));
    subject.refuses("The database cannot be used.");
    subject.is_decided_by("First", 1);
    subject.refuses("The database cannot be used.");
    let metrics = subject.server.get("/metrics").body;
    assert!(metrics.contains("\ncallplan_store_writes_failing 1\n"), "{metrics}");
    assert!(!metrics.contains("\ncallplan_store_write_failures_total 0\n"), "{metrics}");
    limit_files(subject.server.process(), None);
    drop(subject.has_recovered(&database));
}

/// A server with a copy of a database on its own disk of a few megabytes: in its own mount
/// namespace, which not every machine allows.
fn on_a_small_disk(database: &ServedDatabase, disk: &Path) -> Option<Server> {
    let mount = format!("mount -t tmpfs -o size=4m tmpfs {}", disk.display());
    let may = Command::new("unshare").args(["-rm", "sh", "-c", &mount]).output();
    if !may.is_ok_and(|output| output.status.success()) {
        return None;
    }
    let inner = callplan_after(&format!("{mount} && cp {} {}", database.path().display(), disk.display()), disk);
    let mut command = Command::new("unshare");
    command.arg("-rm").arg(inner.get_program()).args(inner.get_args());
    Some(Server::spawn(command))
}

#[test]
fn a_full_disk_is_told_of() {
    let database = ServedDatabase::new();
    let disk = tempfile::tempdir().expect("a folder");
    let Some(server) = on_a_small_disk(&database, disk.path()) else {
        eprintln!("not tested: nobody may mount a disk here");
        return;
    };
    // The disk as the server sees it.
    let filler = format!("/proc/{}/root{}/filler", server.process(), disk.path().display());
    let mut subject = Subject::of(server, &database.token);
    // Fills the free space.
    fs::write(&filler, vec![0; 8 << 20]).expect_err("it is larger than the disk");
    // The log's file may be longer than the part in use.
    let mut revision = 1;
    let large = |revision: u64| format!("Large {revision} {}", "x".repeat(200_000));
    let refused = loop {
        let answer = subject.write("PUT", &large(revision + 1));
        if answer.status != 200 {
            break answer;
        }
        revision += 1;
    };
    assert_eq!(refused.is_problem(503).json()["detail"], "The disk is full.");
    let in_force = if revision == 1 { "First".to_owned() } else { large(revision) };
    subject.is_decided_by(&in_force, revision);
    fs::remove_file(&filler).expect("it was there");
    let written = subject.write("PUT", "Second").json();
    assert_eq!(written["revision"], revision + 1, "{written}");
    subject.is_decided_by("Second", revision + 1);
}

#[test]
fn a_file_that_is_gone_is_told_of() {
    let database = ServedDatabase::new();
    let mut subject = Subject::new(&database);
    let away = database.folder.path().join("away");
    fs::create_dir(&away).expect("a folder");
    let names = ["callplan.db", "callplan.db-wal", "callplan.db-shm"];
    let moved = |from: &Path, to: &Path| {
        names.iter().for_each(|name| fs::rename(from.join(name), to.join(name)).expect("it is there"))
    };
    moved(database.folder.path(), &away);
    subject.refuses("The database cannot be used.");
    subject.is_decided_by("First", 1);
    subject.refuses("The database cannot be used.");
    moved(&away, database.folder.path());
    let log = subject.has_recovered(&database);
    let told = |message: &str| log.lines().filter(|line| line.contains(message)).count();
    assert_eq!((told("writes to the database fail"), told("writes to the database succeed again")), (1, 1), "{log}");
    assert!(log.contains(r#""error":"the database file is not where it was""#), "{log}");
}

/// Inverts all bits of a file except its first page; doing it twice restores the file.
fn damage(path: &Path) {
    let mut bytes = fs::read(path).expect("a file");
    bytes[8192..].iter_mut().for_each(|byte| *byte = !*byte);
    fs::write(path, bytes).expect("a file");
}

#[test]
fn a_damaged_file_is_told_of_and_refused_by_the_next_server() {
    let database = ServedDatabase::new();
    let mut subject = Subject::new(&database);
    // All data is in the database file itself, and not in the log.
    let beside = Connection::open(database.path()).expect("it opens");
    let emptied = beside.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
    assert_eq!(emptied, Ok(0));
    damage(&database.path());
    // The server must not have an older page in its cache.
    beside.execute_batch("PRAGMA user_version = 1").expect("the first page is sound");
    subject.refuses("The database cannot be used.");
    subject.is_decided_by("First", 1);
    subject.server.signal("-KILL");
    drop(subject.server.ended());
    drop(beside);
    let contents = || ["callplan.db", "callplan.db-wal"].map(|name| fs::read(database.folder.path().join(name)).ok());
    let before = contents();
    is_refused(&database.path(), "is damaged, and is left as it is");
    assert!(before == contents(), "it is as it was");
}

/// Asserts that a server on this file does not start, and says why.
fn is_refused(path: &Path, message: &str) {
    let refused = callplan().args(["serve", "--listen", "127.0.0.1:0", "--database"]).arg(path).output();
    let refused = refused.expect("it runs");
    let stderr = String::from_utf8_lossy(&refused.stderr);
    assert_eq!((refused.status.code(), refused.stdout.len()), (Some(2), 0), "{stderr}");
    assert!(stderr.contains(message) && stderr.contains(&*path.to_string_lossy()), "{stderr}");
}

#[test]
fn a_newer_schema_is_refused_and_left_alone() {
    let database = ServedDatabase::new();
    let connection = Connection::open(database.path()).expect("it opens");
    connection.execute_batch("PRAGMA user_version = 1000").expect("it is written");
    drop(connection);
    let before = fs::read(database.path()).expect("a file");
    is_refused(&database.path(), "was written by a newer callplan");
    assert!(before == fs::read(database.path()).expect("a file"), "it is as it was");
}

#[test]
fn a_file_that_may_not_be_written_to_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let database = ServedDatabase::new();
    let before = fs::read(database.path()).expect("a file");
    fs::set_permissions(database.path(), fs::Permissions::from_mode(0o444)).expect("it is ours");
    let mut command = callplan();
    if fs::OpenOptions::new().write(true).open(database.path()).is_ok() {
        // Permissions do not stop root, as is usual in a container, so the test drops that right.
        command = Command::new("setpriv");
        command.args([
            "--bounding-set",
            "-dac_override",
            "--inh-caps",
            "-dac_override",
            env!("CARGO_BIN_EXE_callplan"),
        ]);
    }
    command.args(["serve", "--listen", "127.0.0.1:0", "--database"]).arg(database.path());
    let refused = command.output().expect("it runs");
    let stderr = String::from_utf8_lossy(&refused.stderr);
    assert_eq!((refused.status.code(), refused.stdout.len()), (Some(2), 0), "{stderr}");
    assert!(stderr.contains("may not be written to"), "{stderr}");
    assert!(before == fs::read(database.path()).expect("a file"), "it is as it was");
}
