//! Half an hour of everything at once: the real server on a new file, organizations with people who
//! change things, and carriers that call. A model computes the expected answer to each request. At
//! the end: was any answer unexpected, and was the memory flat?
//!
//! - [`client`] sends and reads, [`watch`] keeps the pace and compares answers.
//! - [`model`] is the expected state of an organization, and the expected decision on each call.
//! - [`office`] calls; [`writer`] makes changes, and calls to see that they have taken effect.
//! - [`memory`] samples the server's memory, and [`disk`] watches its disk.

mod client;
mod disk;
mod memory;
mod model;
mod office;
mod report;
mod watch;
mod writer;

use std::io::BufRead;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use callplan_service::credentials::{Scope, Token, TokenKind};
use callplan_service::store::{
    AgentFields, CallFilter, KeyId, Maker, NewKey, OrganizationId, Owner, Page, Store, StoreError, StoreOptions,
};
use jiff::Timestamp;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use crate::http::BenchServer;
use disk::Disk;
use memory::{Held, Samples};
use model::{History, SoakAgent, State, Storm};
use office::Office;
use report::SoakEnding;
use watch::{RequestKind, Watch};
use writer::Writer;

/// Pause between two samples of the server's memory.
const LOOK: Duration = Duration::from_secs(5);
/// Connections that call, for each organization; one more makes changes.
const CALLERS: usize = 2;

/// The arguments.
struct SoakArguments {
    minutes: u64,
    rate: u32,
    organizations: usize,
}

impl SoakArguments {
    fn read(arguments: &[String]) -> Result<Self, String> {
        let mut read = Self { minutes: 30, rate: 500, organizations: 8 };
        for pair in arguments.chunks(2) {
            let number = pair.get(1).and_then(|number| number.parse::<u32>().ok()).filter(|number| *number > 0);
            match (pair[0].as_str(), number) {
                ("--minutes", Some(number)) => read.minutes = number.into(),
                ("--rate", Some(number)) => read.rate = number,
                ("--organizations", Some(number)) if number <= 100 => read.organizations = number as usize,
                _ => return Err("soak [--minutes 30] [--rate 500] [--organizations 8]".to_owned()),
            }
        }
        Ok(read)
    }
}

/// An organization before the load.
struct New {
    organization: OrganizationId,
    token: String,
    ids: [String; 2],
}

fn fails(error: impl ToString) -> String {
    error.to_string()
}

/// A new database with organizations, each with a key that has all scopes, and two agents without
/// versions.
fn begun(path: &Path, count: usize) -> Result<Vec<New>, String> {
    let store = Store::open(path, StoreOptions { create: true, ..StoreOptions::default() }).map_err(fails)?;
    let new = |at: usize| {
        let (id, now) = (KeyId::random(), Timestamp::now());
        let token = Token::new(TokenKind::Organization, id, [at as u8; 32]);
        let hash = token.hash().to_bytes();
        let made = store.write(move |transaction| {
            let organization = transaction.create_organization(&format!("Office {at}"), now)?.id;
            let scopes = Scope::ALL.map(|scope| scope.name().to_owned()).to_vec();
            let owner = Owner::Organization(organization);
            transaction.create_key(
                NewKey {
                    id,
                    owner,
                    name: "soak".into(),
                    scopes,
                    hash,
                    expires_at: None,
                    created_by: Maker::CommandLine,
                    address_ranges: Vec::new(),
                },
                now,
            )?;
            let agent = |name: &str| AgentFields { name: name.into(), description: None, active: true, metadata: None };
            let desk = transaction.create_agent(organization, agent("Desk"), now)?.id;
            let night = transaction.create_agent(organization, agent("Night"), now)?.id;
            Ok::<_, StoreError>((organization, [desk.to_string(), night.to_string()]))
        });
        let (organization, ids) = made.wait().map_err(fails)?;
        Ok(New { organization, token: token.reveal(), ids })
    };
    (0..count).map(new).collect()
}

fn office(
    at: usize,
    new: &New,
    neighbours: u32,
    server: &BenchServer,
    watch: &Arc<Watch>,
    checks: &Arc<Semaphore>,
) -> Office {
    let agent = SoakAgent { active: true, newest: 0 };
    let state = State { config: None, storm: Storm::Off, agents: [agent; 2], own_numbers: Default::default() };
    Office {
        at,
        neighbours,
        address: server.address.clone(),
        token: new.token.clone(),
        ids: new.ids.clone(),
        history: Mutex::new(History::new(state)),
        watch: Arc::clone(watch),
        checks: Arc::clone(checks),
    }
}

/// Starts all clients on a server.
async fn let_loose(offices: Vec<Arc<Office>>) -> Result<(Vec<JoinHandle<Writer>>, Vec<JoinHandle<()>>), String> {
    let (mut writers, mut callers) = (Vec::new(), Vec::new());
    for office in offices {
        let seed = office.at as u64;
        let mut writer = Writer::new(Arc::clone(&office), seed);
        writer.begin().await.ok_or("an organization could not begin")?;
        writers.push(tokio::spawn(writer.write_on_and_on()));
        for caller in 1..=CALLERS as u64 {
            callers.push(tokio::spawn(Arc::clone(&office).call_on_and_on(seed + 1000 * caller)));
        }
    }
    Ok((writers, callers))
}

/// Collects the lines of the server's log that are not plain requests.
fn followed(server: &mut BenchServer) -> Option<std::thread::JoinHandle<Vec<String>>> {
    let log = std::io::BufReader::new(server.take_log()?);
    Some(std::thread::spawn(move || {
        let lines = log.lines().map_while(Result::ok);
        lines.filter(|line| !line.contains(r#""level":"info""#)).take(1000).collect()
    }))
}

/// The number of calls in the log, over all organizations.
fn logged(path: &Path, organizations: &[New]) -> Result<usize, String> {
    let store = Store::open(path, StoreOptions::default()).map_err(fails)?;
    let mut count = 0;
    for New { organization, .. } in organizations {
        let organization = *organization;
        let mut page = Page::first(10_000);
        loop {
            let read = store.read(move |snapshot| snapshot.calls(organization, &CallFilter::default(), &page));
            let listed: Result<_, StoreError> = read.wait();
            let listed = listed.map_err(fails)?;
            count += listed.items.len();
            page.after = listed.next;
            if page.after.is_none() {
                break;
            }
        }
    }
    Ok(count)
}

/// Runs the test, and prints the results.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let arguments = SoakArguments::read(arguments)?;
    let folder = tempfile::tempdir().map_err(fails)?;
    let database = folder.path().join("callplan.db");
    let organizations = begun(&database, arguments.organizations)?;
    let mut server = BenchServer::start_with(&["serve", "callplan", &database.to_string_lossy()], Stdio::piped())?;
    let log = followed(&mut server).ok_or("the server has no log")?;
    let watch = Arc::new(Watch::new(arguments.rate, Disk::watch(folder.path()).map_err(fails)?));
    let checks = Arc::new(Semaphore::new(std::thread::available_parallelism().map_or(1, usize::from)));
    let neighbours = arguments.organizations as u32;
    let offices = organizations.iter().enumerate();
    let offices = offices.map(|(at, new)| Arc::new(office(at, new, neighbours, &server, &watch, &checks))).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(fails)?;
    let mut samples = Samples::default();
    let page = runtime.block_on(async {
        let (writers, callers) = let_loose(offices).await?;
        let time = Duration::from_secs(60 * arguments.minutes);
        looked_at(&watch, &server, &database, time, &mut samples).await;
        watch.end();
        for writer in writers {
            let writer = writer.await.map_err(fails)?;
            if !watch.has_given_up() {
                writer.read_back().await;
            }
        }
        for caller in callers {
            caller.await.map_err(fails)?;
        }
        metrics(&server).await
    })?;
    let ended = server.end().map_err(fails)?;
    let lines = log.join().map_err(|_| "the log could not be read")?;
    let ending = SoakEnding { page, ended, lines, logged: logged(&database, &organizations)? };
    report::table(&watch);
    report::verdict(&watch, &ending, &samples)
}

/// Prints a line each minute until the time is over.
async fn looked_at(watch: &Watch, server: &BenchServer, database: &Path, time: Duration, samples: &mut Samples) {
    let begun = Instant::now();
    let mut minute = 0;
    report::heading();
    while begun.elapsed() < time && !watch.has_given_up() {
        let next = begun + Duration::from_secs(60 * (minute + 1));
        while Instant::now() < next && !watch.has_given_up() {
            tokio::time::sleep(LOOK.min(next.saturating_duration_since(Instant::now()))).await;
            let held = Held::by(server.process(), database);
            samples.add(begun.elapsed(), held.memory);
            report::progress(begun.elapsed(), time, watch);
        }
        minute += 1;
        report::minute(minute, watch, &Held::by(server.process(), database));
    }
}

/// The server's own figures.
async fn metrics(server: &BenchServer) -> Result<String, String> {
    let request = client::Request { method: "GET", path: "/metrics", token: "", condition: None, body: None };
    Ok(client::Client::new(&server.address).ask(&request).await.map_err(fails)?.text)
}
