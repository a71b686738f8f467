//! A running server, and its client.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use callplan_service::credentials::{SECRET_BYTES, Scope, Token, TokenKind};
use callplan_service::store::{KeyId, Maker, NewKey, OrganizationId, Owner, Store, StoreOptions};
use serde_json::Value;
use tempfile::TempDir;

/// A timeout that is long enough for the slowest machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A call, as it is sent.
pub const CALL: &str = r#"{"caller_number": "+14155550142", "called_number": "+18005550100"}"#;

/// A database file with an organization and its key.
pub struct ServedDatabase {
    pub folder: TempDir,
    pub organization: OrganizationId,
    pub token: String,
}

impl ServedDatabase {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = open(&folder.path().join("callplan.db"));
        let now = jiff::Timestamp::now();
        let made = store.write(move |transaction| transaction.create_organization("Riverside", now)).wait();
        let organization = made.expect("an organization").id;
        let token = new_key(&store, organization, 1).reveal();
        Self { folder, organization, token }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("callplan.db")
    }

    pub fn store(&self) -> Store {
        open(&self.path())
    }
}

fn open(path: &Path) -> Store {
    Store::open(path, StoreOptions { create: true, ..StoreOptions::default() }).expect("a database")
}

/// A key with all scopes. Its secret is public.
pub fn new_key(store: &Store, organization: OrganizationId, byte: u8) -> Token {
    let id = KeyId::random();
    let token = Token::new(TokenKind::Organization, id, [byte; SECRET_BYTES]);
    let key = NewKey {
        id,
        owner: Owner::Organization(organization),
        name: "test".into(),
        scopes: Scope::ALL.iter().map(|scope| scope.name().to_owned()).collect(),
        hash: token.hash().to_bytes(),
        expires_at: None,
        created_by: Maker::CommandLine,
        address_ranges: Vec::new(),
    };
    store
        .write(move |transaction| transaction.create_key(key, jiff::Timestamp::now()).map(drop))
        .wait()
        .expect("a key");
    token
}

/// The program with these arguments.
pub fn callplan() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callplan"));
    command.stdin(Stdio::null());
    command
}

/// A running server, which is killed when it is dropped.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// The first line that it printed.
    pub line: String,
    pub stdout: BufReader<ChildStdout>,
    log: PathBuf,
    _folder: TempDir,
}

impl Server {
    /// A server on this database, with further options.
    pub fn start(database: &ServedDatabase, options: &[&str]) -> Self {
        let path = database.path();
        let path = path.to_str().expect("a path of UTF-8");
        // Without a drain, unless the test is about it.
        let drain: &[&str] = if options.contains(&"--drain") { &[] } else { &["--drain", "0s"] };
        Self::run(&[&["--database", path, "--listen", "127.0.0.1:0"], drain, options].concat())
    }

    /// A server with these arguments.
    pub fn run(arguments: &[&str]) -> Self {
        let mut command = callplan();
        command.arg("serve").args(arguments);
        Self::spawn(command)
    }

    /// A server from a command that becomes the server.
    pub fn spawn(mut command: Command) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join("log");
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(File::create(&log).expect("a file for the log"))
            .spawn()
            .expect("the program starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("its output"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("a line");
        let address = line.trim_end().rsplit("//").next().and_then(|address| address.parse().ok());
        let address = address
            .unwrap_or_else(|| panic!("{line:?} has no address\n{}", fs::read_to_string(&log).unwrap_or_default()));
        Self { child, address, line, stdout, log, _folder: folder }
    }

    /// Its process id.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// The maximum memory that it has held, in bytes.
    pub fn memory(&self) -> usize {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
        line.expect("a figure").trim().parse::<usize>().expect("a number") * 1024
    }

    pub fn signal(&self, signal: &str) {
        let id = self.process().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().expect("kill runs").success());
    }

    /// Kills it.
    pub fn kill(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("a status");
    }

    /// Asks it to end at once. Gives its exit status, with its output.
    pub fn end(self) -> (ExitStatus, String) {
        self.signal("-INT");
        self.ended()
    }

    /// Waits for its end.
    pub fn ended(mut self) -> (ExitStatus, String) {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a status") {
                return (status, self.log());
            }
            assert!(begun.elapsed() < PATIENCE, "it does not end");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).expect("its log")
    }

    pub fn connect(&self) -> Client {
        Client::new(TcpStream::connect(self.address).expect("a connection"))
    }

    pub fn get(&self, path: &str) -> HttpAnswer {
        self.ask("GET", path, &[], "")
    }

    /// Has [`CALL`] decided.
    pub fn call(&self, token: &str) -> HttpAnswer {
        let token = format!("Bearer {token}");
        let headers = [("authorization", &*token), ("content-type", "application/json")];
        self.ask("POST", "/core/inbound-calls", &headers, CALL)
    }

    /// Waits until every plan in force is compiled.
    pub fn wait_until_ready(&self) {
        let begun = Instant::now();
        while self.get("/readyz").status != 200 {
            assert!(begun.elapsed() < PATIENCE, "it is never ready");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Repeats a request until it has this answer, which may take a moment.
    pub fn call_until(&self, token: &str, status: u16) {
        let begun = Instant::now();
        while self.call(token).status != status {
            assert!(begun.elapsed() < PATIENCE, "it is never answered {status}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> HttpAnswer {
        let mut client = self.connect();
        client.send(&head(method, path, headers, body.len()));
        client.send(body);
        client.answer()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The head of a request.
pub fn head(method: &str, path: &str, headers: &[(&str, &str)], length: usize) -> String {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("{method} {path} HTTP/1.1\r\nhost: test\r\n{headers}content-length: {length}\r\n\r\n")
}

/// One connection.
pub struct Client {
    stream: BufReader<TcpStream>,
}

impl Client {
    pub fn new(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
        Self { stream: BufReader::new(stream) }
    }

    pub fn send(&mut self, text: &str) {
        self.stream.get_mut().write_all(text.as_bytes()).expect("it can be sent");
    }

    /// Reads the server's request for the body.
    pub fn go_on(&mut self) {
        assert_eq!((self.line().as_str(), self.line().as_str()), ("HTTP/1.1 100 Continue", ""));
    }

    /// Reads one answer.
    pub fn answer(&mut self) -> HttpAnswer {
        self.try_answer().expect("an answer")
    }

    /// Reads one answer, if it arrives completely.
    pub fn try_answer(&mut self) -> io::Result<HttpAnswer> {
        let head = self.try_line()?;
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| io::Error::other(format!("{head:?} is no status line")))?;
        let mut headers = Vec::new();
        loop {
            let line = self.try_line()?;
            let Some((name, value)) = line.split_once(": ") else { break };
            headers.push((name.to_owned(), value.to_owned()));
        }
        let mut answer = HttpAnswer { status, headers, body: String::new() };
        let length = match status {
            // These answers have no body and need no length.
            204 | 304 => 0,
            _ => answer.header("content-length").parse().map_err(io::Error::other)?,
        };
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        // Text, but for the files of the console's fonts.
        answer.body = String::from_utf8_lossy(&body).into_owned();
        Ok(answer)
    }

    /// Whether bytes have arrived that nobody has read.
    pub fn has_more(&mut self) -> bool {
        let stream = self.stream.get_ref();
        stream.set_nonblocking(true).expect("a socket");
        let has_more =
            !matches!(self.stream.get_ref().peek(&mut [0]), Err(error) if error.kind() == io::ErrorKind::WouldBlock);
        self.stream.get_ref().set_nonblocking(false).expect("a socket");
        has_more || !self.stream.buffer().is_empty()
    }

    /// Sends a request with this token, with a JSON body unless it is empty.
    pub fn ask(&mut self, token: &str, method: &str, path: &str, body: &str) -> io::Result<HttpAnswer> {
        let authorization = format!("Bearer {token}");
        let headers = [("authorization", &*authorization), ("content-type", "application/json")];
        self.stream.get_mut().write_all(format!("{}{body}", head(method, path, &headers, body.len())).as_bytes())?;
        self.try_answer()
    }

    fn line(&mut self) -> String {
        self.try_line().expect("a line")
    }

    fn try_line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        match self.stream.read_line(&mut line)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(line.trim_end().to_owned()),
        }
    }

    /// Whether the server was full. Otherwise the request has been answered.
    pub fn is_refused(&mut self) -> bool {
        // A connection that is refused may be closed before it can send.
        let _ = self.stream.get_mut().write_all(head("GET", "/healthz", &[], 0).as_bytes());
        let mut line = String::new();
        self.stream.read_line(&mut line).is_err() || !line.starts_with("HTTP/1.1 200 ")
    }

    /// Whether the server ends the connection without further bytes.
    pub fn is_closed(&mut self) -> bool {
        let mut rest = Vec::new();
        self.stream.read_to_end(&mut rest).is_err() || rest.is_empty()
    }
}

/// An answer.
pub struct HttpAnswer {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: String,
}

impl HttpAnswer {
    /// A header's value; empty without such a header.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// Asserts that it is an error in the form of every error.
    pub fn is_problem(&self, status: u16) -> &Self {
        assert_eq!((self.status, self.header("content-type")), (status, "application/problem+json"), "{}", self.body);
        let problem = self.json();
        assert_eq!(problem["status"], status);
        assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{problem}");
        self
    }
}
