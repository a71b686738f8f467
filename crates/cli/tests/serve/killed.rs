//! `kill -9` under load, repeatedly on the same file: several connections write and call, the
//! server is killed at a random moment, and the next server has all that was answered, exactly, and
//! nothing half written.
//!
//! `CALLPLAN_KILLS=1000 cargo test --test serve killed -- --nocapture` sets the number of kills, and
//! also asserts the promised times; `CALLPLAN_SEED` repeats the moments of a run.

mod agents;
mod config;
mod keys;
mod ledgers;

use std::collections::HashSet;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use callplan_service::store::{CallFilter, Page};
use jiff::Timestamp;

use super::server::{CALL, Client, ServedDatabase, Server};
use agents::{Agents, Publications};
use config::{Config, Switches};
use keys::{Keys, Numbers};
use ledgers::Ledger;

/// Default number of kills, and maximum time until a kill, in milliseconds. With `CALLPLAN_KILLS`
/// the time may exceed the time that the log may lag behind.
const KILLS: u64 = 20;
const LONGEST_ROUND: u64 = 400;
const LONGEST_ON_DEMAND: u64 = 2500;
/// Number of connections that call.
const CALLERS: usize = 2;
/// The promised times of a start, and of the log.
const SECOND: Duration = Duration::from_secs(1);

/// A number from the environment.
fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|number| number.parse().expect("a number"))
}

/// The next of some pseudo-random numbers.
fn next(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

/// A call's id, and when it was answered.
type Answered = (String, Instant);

/// Calls until the server is gone; not as fast as possible, because the log need not keep up with
/// that.
fn call(server: &Server, token: &str) -> Vec<Answered> {
    let mut client = server.connect();
    let mut answered = Vec::new();
    while let Ok(answer) = client.ask(token, "POST", "/core/inbound-calls", CALL) {
        assert_eq!(answer.status, 200, "{}", answer.body);
        answered.push((answer.json()["id"].as_str().expect("an id").to_owned(), Instant::now()));
        std::thread::sleep(Duration::from_millis(1));
    }
    answered
}

/// Writes and calls until the server is killed after this time. Gives the answers of each caller.
fn round(
    server: &Server,
    token: &str,
    ledgers: &mut [Box<dyn Ledger>],
    time: Duration,
) -> (Vec<Vec<Answered>>, Instant) {
    std::thread::scope(|scope| {
        for ledger in ledgers {
            scope.spawn(move || {
                let mut client = server.connect();
                // It continues until the server is gone.
                while ledger.write(&mut client).is_ok() {}
            });
        }
        let callers: Vec<_> = (0..CALLERS).map(|_| scope.spawn(|| call(server, token))).collect();
        std::thread::sleep(time);
        let killed = Instant::now();
        server.signal("-KILL");
        (callers.into_iter().map(|caller| caller.join().expect("no panic")).collect(), killed)
    })
}

/// The answered calls that are missing in the log, which must be the last of each caller: their
/// number, and the time between the first of them and the kill.
fn missing(database: &ServedDatabase, since: Timestamp, calls: &[Vec<Answered>], killed: Instant) -> (usize, Duration) {
    let organization = database.organization;
    let (filter, everything) = (CallFilter { since: Some(since), ..CallFilter::default() }, Page::first(usize::MAX));
    let logged = database.store().read(move |snapshot| snapshot.calls(organization, &filter, &everything)).wait();
    let logged: HashSet<String> = logged.expect("a page").items.iter().map(|call| call.id.to_string()).collect();
    let (mut count, mut longest) = (0, Duration::ZERO);
    for calls in calls {
        let kept = calls.iter().take_while(|(id, _)| logged.contains(id)).count();
        let lost = &calls[kept..];
        assert!(lost.iter().all(|(id, _)| !logged.contains(id)), "a call is missing before one that is there");
        count += lost.len();
        longest = lost.first().map_or(longest, |(_, at)| longest.max(killed.saturating_duration_since(*at)));
    }
    (count, longest)
}

/// Starts a server, and gives the time until it has decided a call.
fn started(database: &ServedDatabase) -> (Server, Duration) {
    let begun = Instant::now();
    let server = Server::start(database, &[]);
    assert_eq!(server.call(&database.token).status, 200);
    (server, begun.elapsed())
}

#[test]
fn all_that_was_answered_is_there_after_every_kill() {
    let clock = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_nanos() as u64;
    let mut seed = asked("CALLPLAN_SEED").unwrap_or(clock);
    println!("CALLPLAN_SEED={seed}");
    let on_demand = asked("CALLPLAN_KILLS");
    let database = ServedDatabase::new();
    let (mut server, _) = started(&database);
    let mut ledgers: Vec<Box<dyn Ledger>> = vec![
        Box::new(Config::new(&database.token)),
        Box::new(Publications::new(&database.token)),
        Box::new(Agents::new(&database.token)),
        Box::new(Numbers::new(&database.token)),
        Box::new(Keys::new(&database.token)),
        Box::new(Switches::new(&database.token)),
    ];
    let mut client = server.connect();
    ledgers.iter_mut().for_each(|ledger| ledger.begin(&mut client));
    let (mut calls, mut lost, mut oldest, mut slowest) = (0, 0, Duration::ZERO, Duration::ZERO);
    let longest = on_demand.map_or(LONGEST_ROUND, |_| LONGEST_ON_DEMAND);
    for _ in 0..on_demand.unwrap_or(KILLS) {
        let (since, time) = (Timestamp::now(), Duration::from_millis(20 + next(&mut seed) % longest));
        let (answered, killed) = round(&server, &database.token, &mut ledgers, time);
        drop(server.ended());
        let (now, start) = started(&database);
        server = now;
        let mut client: Client = server.connect();
        ledgers.iter_mut().for_each(|ledger| ledger.check(&mut client));
        let (count, age) = missing(&database, since, &answered, killed);
        calls += answered.iter().map(Vec::len).sum::<usize>();
        (lost, oldest, slowest) = (lost + count, oldest.max(age), slowest.max(start));
    }
    ledgers.iter_mut().for_each(|ledger| ledger.check_all(&mut server.connect()));
    let writes: Vec<String> = ledgers.iter().map(|ledger| format!("{} {}", ledger.answered(), ledger.name())).collect();
    println!(
        "{} kills: {} and {calls} calls answered, all writes there; {lost} calls missing in the log, the oldest {oldest:?} \
         before its kill; the slowest start to the first call took {slowest:?}",
        on_demand.unwrap_or(KILLS),
        writes.join(", ")
    );
    assert!(server.end().0.success());
    let check = rusqlite::Connection::open(database.path())
        .and_then(|connection| connection.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0)));
    assert_eq!(check.as_deref(), Ok("ok"));
    if on_demand.is_some() {
        assert!(oldest < SECOND && slowest < SECOND, "{oldest:?}, {slowest:?}");
    }
}
