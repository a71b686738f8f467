//! Overload of all kinds at once: more connections than the server accepts, whose heads arrive byte
//! by byte, and of which the oldest give way; dozens of bodies of 8 MiB; and many invalid tokens. Well-behaved clients are served all
//! the time, all others get an error, and the memory stays within its bounds.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::server::{CALL, Client, PATIENCE, ServedDatabase, Server};

/// Maximum number of connections of the server.
const MOST: usize = 4096;
/// Number of connections that behave well; that send bodies; that guess tokens.
const CALLERS: usize = 2;
const UPLOADS: usize = 40;
const GUESSERS: usize = 4;
/// Size of a body, in bytes.
const BODY: usize = 8 << 20;

/// Maximum memory, in bytes, as documented: 64 MiB of large bodies, which are in memory as they
/// came, as text of the JSON and as text of a plan; 32 MiB of plans in answers, as text and as
/// JSON; a check with its plan for each processor; a head of 64 KiB for each connection; and an
/// idle server. Without limits, the bodies alone would exceed it.
fn most_memory() -> usize {
    let checks = std::thread::available_parallelism().map_or(1, usize::from);
    3 * (64 << 20) + 2 * (32 << 20) + checks * 4 * BODY + MOST * (64 << 10) + (48 << 20)
}

/// Counts of the answers by status; 0 is a connection that was closed without an answer.
type Seen = Mutex<BTreeMap<u16, usize>>;

fn saw(seen: &Seen, status: u16) {
    *seen.lock().expect("nobody panicked").entry(status).or_default() += 1;
}

/// The number of connections that this process and the server may open.
fn most_files() -> usize {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum }).expect("it may be raised");
    limit.maximum.map_or(usize::MAX, |maximum| maximum as usize)
}

/// Connects, and sends the beginning of a head.
fn begun(server: &Server) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).expect("a connection");
    // A connection that is refused may be closed already.
    let _ = stream.write_all(b"GET /healthz HT");
    stream.set_nonblocking(true).expect("a socket");
    stream
}

/// The status of the answer on a connection; 0 if it was closed without one, `None` if nothing has
/// arrived.
fn come(stream: &mut TcpStream) -> Option<u16> {
    let mut bytes = [0; 512];
    match stream.read(&mut bytes) {
        Ok(read) => {
            Some(String::from_utf8_lossy(&bytes[..read]).get(9..12).and_then(|status| status.parse().ok()).unwrap_or(0))
        }
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => None,
        Err(_) => Some(0),
    }
}

/// Removes the connections that have an answer, and counts them.
fn sort_out(crowd: &mut Vec<TcpStream>, seen: &Seen) {
    crowd.retain_mut(|stream| match come(stream) {
        Some(status) => {
            saw(seen, status);
            false
        }
        None => true,
    });
}

/// Calls until the test is over, and asserts that each call is answered. Gives their number.
fn behave(mut client: Client, token: &str, is_over: &AtomicBool) -> usize {
    let mut count = 0;
    while !is_over.load(Ordering::Relaxed) {
        let answer = client.ask(token, "POST", "/core/inbound-calls", CALL).expect("an answer");
        assert_eq!((answer.status, answer.json()["rule"].as_str()), (200, Some("Nobody")), "{}", answer.body);
        count += 1;
    }
    count
}

/// Sends a body to the config, or to a path below it, and reads the answer, which may arrive before
/// the end of the body.
fn upload(server: &Server, token: &str, (method, path): (&str, &str), body: &str, seen: &Seen) {
    let connected = TcpStream::connect(server.address);
    let path = format!("/core/inbound-routing-config{path}");
    let answer = connected.and_then(|stream| Client::new(stream).ask(token, method, &path, body));
    saw(seen, answer.map_or(0, |answer| answer.status));
}

/// Guesses tokens until the test is over. Without a valid one, its connection may give way to
/// others.
fn guess(server: &Server, seen: &Seen, is_over: &AtomicBool) {
    let token = format!("ak_00000000-0000-4000-8000-000000000000.{}", "x".repeat(43));
    while !is_over.load(Ordering::Relaxed) {
        let Ok(stream) = TcpStream::connect(server.address) else { continue };
        let mut client = Client::new(stream);
        while let Ok(answer) = client.ask(&token, "GET", "/core/inbound-routing-config", "")
            && !is_over.load(Ordering::Relaxed)
        {
            saw(seen, answer.status);
        }
    }
}

/// Asserts that there are no other statuses.
fn only(seen: Seen, expected: &[u16], who: &str) -> BTreeMap<u16, usize> {
    let seen = seen.into_inner().expect("nobody panicked");
    assert!(seen.keys().all(|status| expected.contains(status)), "{who}: {seen:?}");
    println!("{who}: {seen:?}");
    seen
}

/// Opens connections until the oldest of those that are too many have given way.
fn crowd_in(server: &Server, size: usize, seen: &Seen) -> Vec<TcpStream> {
    let mut crowd: Vec<_> = (0..size).map(|_| begun(server)).collect();
    let too_many = (size + CALLERS + GUESSERS).saturating_sub(MOST);
    let start = Instant::now();
    while crowd.len() > size - too_many {
        assert!(start.elapsed() < PATIENCE, "there is room for {}", crowd.len());
        sort_out(&mut crowd, seen);
    }
    crowd
}

/// Sends one more byte on each connection, repeatedly, until the server has closed them all and the
/// others are done.
fn dribble(mut crowd: Vec<TcpStream>, seen: &Seen, are_others_done: impl Fn() -> bool) {
    let start = Instant::now();
    while !crowd.is_empty() || !are_others_done() {
        // Checks have a low priority, and the others leave them little.
        assert!(start.elapsed() < 5 * PATIENCE, "{} wait for ever", crowd.len());
        crowd.iter_mut().for_each(|stream| drop(stream.write(b"T")));
        std::thread::sleep(std::time::Duration::from_millis(100));
        sort_out(&mut crowd, seen);
    }
}

/// Ends the threads of a scope, also where the test fails before they are over: the scope waits for
/// them.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn who_behaves_is_served_whatever_others_do() {
    // Both ends of each connection are file handles, of two processes; the other tests need some,
    // too.
    let room = most_files().saturating_sub(1000);
    let crowd_size = (MOST + 200).min(room);
    let database = ServedDatabase::new();
    let server = Server::start(&database, &[]);
    let token = database.token.as_str();
    let config = r#"{"workflow_definition": "rule \"Nobody\" {\n  reject\n}\n"}"#;
    let made = server.connect().ask(token, "POST", "/core/inbound-routing-config", config).expect("an answer");
    assert_eq!(made.status, 201, "{}", made.body);
    // Half of the bodies are valid plans, which are even stored.
    let filler = "# A line.\\n".repeat(BODY / 11);
    let right = format!(r#"{{"workflow_definition": "{filler}rule \"Nobody\" {{\n  reject\n}}\n"}}"#);
    let wrong = right.replace("reject", "rejct");
    let (statuses, uploaded, guessed, is_over) =
        (Seen::default(), Seen::default(), Seen::default(), AtomicBool::new(false));
    let calls: usize = std::thread::scope(|scope| {
        let over = Over(&is_over);
        let callers: Vec<_> = (0..CALLERS).map(|_| server.connect()).collect();
        let callers: Vec<_> =
            callers.into_iter().map(|client| scope.spawn(|| behave(client, token, &is_over))).collect();
        (0..GUESSERS).for_each(|_| drop(scope.spawn(|| guess(&server, &guessed, &is_over))));
        let mut crowd = crowd_in(&server, crowd_size, &statuses);
        // Some connections end, to make room for large bodies.
        crowd.truncate(crowd.len() - 2 * UPLOADS);
        let bodies = [("PUT", "", &right), ("POST", "/check", &right), ("PUT", "", &wrong), ("POST", "/check", &wrong)];
        let uploads: Vec<_> = (0..UPLOADS)
            .map(|at| {
                let (method, path, body) = bodies[at % bodies.len()];
                let (server, uploaded) = (&server, &uploaded);
                scope.spawn(move || upload(server, token, (method, path), body, uploaded))
            })
            .collect();
        dribble(crowd, &statuses, || uploads.iter().all(|upload| upload.is_finished()));
        drop(over);
        callers.into_iter().map(|caller| caller.join().expect("all were answered")).sum()
    });
    let statuses = only(statuses, &[408, 503, 0], "the crowd");
    let uploaded = only(uploaded, &[200, 422, 429, 503, 0], "bodies");
    let guessed = only(guessed, &[401, 429], "tokens");
    assert!(statuses.contains_key(&408) && (crowd_size < MOST || statuses.contains_key(&0)), "{statuses:?}");
    // Whether a right or a wrong plan gets room first is chance.
    let is_judged = uploaded.contains_key(&200) || uploaded.contains_key(&422);
    assert!(is_judged && uploaded.contains_key(&503), "{uploaded:?}");
    assert!(guessed.contains_key(&429) && guessed[&401] >= 100, "{guessed:?}");
    let (peak, most) = (server.memory(), most_memory());
    println!("{calls} calls, all answered; at most {} MiB of {} MiB", peak >> 20, most >> 20);
    assert!(calls > 0 && peak <= most, "{} MiB", peak >> 20);
    assert_eq!(server.call(token).status, 200);
    let log = server.end().1;
    assert!(!log.contains("mistake") && !log.contains("panicked"), "{log}");
}
