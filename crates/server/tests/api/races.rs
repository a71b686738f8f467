//! Many clients change one organization's config at once, at random: whole texts, single fields,
//! restores, with and without `If-Match`, and its switch. Each answer must be the one that the same
//! requests get one after the other, in the order of the revisions, which must agree with the order
//! in which they were sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::body::Body;
use axum::http::{Method, header};
use serde_json::{Value, json};

use crate::service::{Answer, Service, text};

const CONFIG: &str = "/core/inbound-routing-config";
const ROUNDS: usize = 60;
/// Number of clients that change something at once.
const WRITERS: usize = 12;
const FIELDS: [&str; 4] = ["workflow_definition", "fallback_agent_id", "fallback_agent_version", "enabled"];

/// The next of some pseudo-random numbers, below a bound.
fn next(seed: &mut u64, bound: usize) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) as usize % bound
}

/// The request of a client.
#[derive(Clone, Debug)]
enum Act {
    /// Sends these fields, if the revision is this one.
    Put {
        change: Value,
        only: Option<u64>,
    },
    Restore {
        revision: u64,
        only: Option<u64>,
    },
    Switch {
        on: bool,
    },
}

/// A request of one client: the revision that had been answered to any client before it began, and
/// its own answer.
struct Done {
    act: Act,
    before: u64,
    status: u16,
    body: Value,
}

/// A plan; every third declares no switch.
fn plan(seed: &mut u64) -> String {
    match next(seed, 3) {
        0 => format!("# {}\nreject\n", next(seed, 1000)),
        _ => format!("# {}\nswitch storm\nwhen storm is on {{ fallback }}\nreject\n", next(seed, 1000)),
    }
}

fn declares(fields: &Value) -> bool {
    fields["workflow_definition"].as_str().is_some_and(|text| text.contains("switch storm"))
}

fn act(seed: &mut u64, now: u64, agents: &[String]) -> Act {
    // The current revision, an earlier one, or a later one.
    let only = match next(seed, 4) {
        0 => Some((now + next(seed, 4) as u64).saturating_sub(1)),
        _ => None,
    };
    let change = match next(seed, 8) {
        0 | 1 => json!({"workflow_definition": plan(seed)}),
        2 => json!({"enabled": next(seed, 2) == 0}),
        3 => json!({"fallback_agent_id": agents[next(seed, agents.len())]}),
        4 => json!({"fallback_agent_id": null}),
        5 => json!({"fallback_agent_version": null, "enabled": next(seed, 2) == 0}),
        6 => return Act::Restore { revision: 1 + next(seed, now as usize) as u64, only },
        _ => return Act::Switch { on: next(seed, 2) == 0 },
    };
    Act::Put { change, only }
}

async fn ask(service: &Service, act: &Act) -> Answer {
    let (method, path, body, only) = match act {
        Act::Put { change, only } => (Method::PUT, CONFIG.to_owned(), change.to_string(), *only),
        Act::Restore { revision, only } => {
            (Method::POST, format!("{CONFIG}/revisions/{revision}/restore"), String::new(), *only)
        }
        Act::Switch { on } => (Method::PUT, format!("{CONFIG}/switches/storm"), json!({"on": on}).to_string(), None),
    };
    let request = service.tenant.request(method, &path).header(header::CONTENT_TYPE, "application/json");
    let request = match only {
        Some(revision) => request.header(header::IF_MATCH, format!("\"{revision}\"")),
        None => request,
    };
    service.send(request.body(Body::from(body)).expect("a request")).await
}

/// Sends a request; `latest` is the newest revision that any client was answered.
async fn done(service: Arc<Service>, act: Act, latest: Arc<AtomicU64>) -> Done {
    loop {
        let before = latest.load(Ordering::SeqCst);
        let answer = ask(&service, &act).await;
        // There are permits for as many checks as processors.
        if answer.status == 429 {
            tokio::task::yield_now().await;
            continue;
        }
        if let Some(revision) = answer.body["revision"].as_u64() {
            latest.fetch_max(revision, Ordering::SeqCst);
        }
        return Done { act, before, status: answer.status.as_u16(), body: answer.body };
    }
}

/// The fields after a change of these; all revisions from 1 on are known.
fn changed(revisions: &[Value], was: &Value, act: &Act) -> Value {
    let mut fields = was.clone();
    match act {
        Act::Put { change, .. } => {
            for (name, value) in change.as_object().expect("fields") {
                fields[name] = value.clone();
            }
            if fields["fallback_agent_id"].is_null() {
                fields["fallback_agent_version"] = Value::Null;
            }
        }
        Act::Restore { revision, .. } => fields = revisions[*revision as usize - 1].clone(),
        Act::Switch { .. } => {}
    }
    fields
}

fn fields(body: &Value) -> Value {
    FIELDS.iter().map(|name| ((*name).to_owned(), body[*name].clone())).collect::<serde_json::Map<_, _>>().into()
}

/// The history: the fields of every revision from 1 on, and all requests since revision `first`.
struct Story {
    seed: u64,
    revisions: Vec<Value>,
    first: u64,
    all: Vec<Done>,
}

impl Story {
    fn at(&self, revision: u64) -> &Value {
        &self.revisions[revision as usize - 1]
    }

    /// Whether this request can have made its revision from the one before.
    fn made(&self, Done { act, before, .. }: &Done, revision: u64) -> bool {
        let only = match act {
            Act::Put { only, .. } | Act::Restore { only, .. } => *only,
            Act::Switch { .. } => return false,
        };
        // A PUT that changes nothing makes no revision; a restore always does.
        revision > (*before).max(self.first)
            && (matches!(act, Act::Restore { .. }) || self.at(revision) != self.at(revision - 1))
            && only.is_none_or(|only| only == revision - 1)
            && changed(&self.revisions, self.at(revision - 1), act) == *self.at(revision)
    }

    /// Whether the request's condition can have held.
    fn found(&self, Done { act, before, .. }: &Done, revision: u64) -> bool {
        let Act::Put { only, .. } = act else { return false };
        revision >= *before
            && only.is_none_or(|only| only == revision)
            && changed(&self.revisions, self.at(revision), act) == *self.at(revision)
    }

    /// A client that was refused, or that set a switch, met a revision that came after those it
    /// knew.
    fn is_true_somewhere(&self, done: &Done) -> bool {
        let mut window = done.before..=self.revisions.len() as u64;
        match (done.status, &done.act) {
            (412, Act::Put { only, .. } | Act::Restore { only, .. }) => {
                window.any(|revision| only.is_some_and(|only| only != revision))
            }
            (200, Act::Switch { on }) => done.body["on"] == *on && window.any(|revision| declares(self.at(revision))),
            (404, Act::Switch { .. }) => window.any(|revision| !declares(self.at(revision))),
            _ => false,
        }
    }

    /// Every revision is the one before it, changed by exactly one of the requests that it
    /// answered.
    fn is_one_after_the_other(&self) {
        let mut makers = vec![(0, 0); self.revisions.len() + 1];
        for done in &self.all {
            let Done { act, before, status, body } = done;
            let context = format!("seed {}: {act:?}, after {before}, was answered {status}: {body}", self.seed);
            if *status != 200 || matches!(act, Act::Switch { .. }) {
                assert!(self.is_true_somewhere(done), "{context}");
                continue;
            }
            let revision = body["revision"].as_u64().expect("a number");
            assert_eq!(fields(body), *self.at(revision), "{context}");
            let (made, found) = (self.made(done, revision), self.found(done, revision));
            assert!(made || found, "{context}\n{:#?}", &self.revisions[self.first as usize - 1..]);
            makers[revision as usize].0 += u32::from(made);
            makers[revision as usize].1 += u32::from(!found);
        }
        for revision in self.first + 1..=self.revisions.len() as u64 {
            let (may, must) = makers[revision as usize];
            let context = format!("seed {}: {may} may and {must} must have made revision {revision}", self.seed);
            assert!(may >= 1 && must <= 1, "{context}");
        }
    }
}

/// The fields of all revisions; those up to `known` are given.
async fn revisions(service: &Service, known: Vec<Value>) -> Vec<Value> {
    let newest = service.get(CONFIG).await.expect(200)["revision"].as_u64().expect("a number");
    let mut all = known;
    for number in all.len() as u64 + 1..=newest {
        all.push(fields(&service.get(&format!("{CONFIG}/revisions/{number}")).await.expect(200)));
    }
    all
}

/// The state of the switch is one that was set since it was last reset; or off, if it may have been
/// reset.
async fn is_switch_as_somebody_set_it(service: &Service, story: &Story, before: bool) {
    let items = service.get(&format!("{CONFIG}/switches")).await.expect(200)["items"].clone();
    let set: Vec<bool> =
        story.all.iter().filter(|done| done.status == 200).filter_map(|done| done.body["on"].as_bool()).collect();
    let now = items[0]["on"].as_bool().unwrap_or(false);
    let is_forgotten = (story.first..=story.revisions.len() as u64).any(|revision| !declares(story.at(revision)));
    let may_be = set.contains(&now) || (is_forgotten && !now) || (set.is_empty() && now == before);
    assert!(may_be, "seed {}: {items}", story.seed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn all_that_is_changed_at_once_is_changed_one_after_the_other() {
    let clock = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_nanos() as u64;
    let mut seed = std::env::var("CALLPLAN_SEED").ok().map_or(clock, |seed| seed.parse().expect("a number"));
    let service = Arc::new(Service::start().await);
    let mut agents = Vec::new();
    for name in ["Desk", "Night"] {
        let id = text(&service.post("/core/agents", json!({"name": name})).await.expect(201), "id");
        service.post(&format!("/core/agents/{id}/versions"), json!({})).await.expect(201);
        service.post(&format!("/core/agents/{id}/versions/1/publish"), json!({})).await.expect(200);
        agents.push(id);
    }
    service.post(CONFIG, json!({"workflow_definition": plan(&mut seed)})).await.expect(201);
    let (mut known, mut was_on) = (revisions(&service, Vec::new()).await, false);
    for _ in 0..ROUNDS {
        let (began, first) = (seed, known.len() as u64);
        let latest = Arc::new(AtomicU64::new(first));
        let acts: Vec<_> = (0..WRITERS).map(|_| act(&mut seed, first, &agents)).collect();
        let tasks: Vec<_> =
            acts.into_iter().map(|act| tokio::spawn(done(Arc::clone(&service), act, Arc::clone(&latest)))).collect();
        let mut all = Vec::new();
        for task in tasks {
            all.push(task.await.expect("an answer"));
        }
        let story = Story { seed: began, revisions: revisions(&service, known).await, first, all };
        story.is_one_after_the_other();
        is_switch_as_somebody_set_it(&service, &story, was_on).await;
        known = story.revisions;
        let items = service.get(&format!("{CONFIG}/switches")).await.expect(200)["items"].clone();
        was_on = items[0]["on"].as_bool().unwrap_or(false);
    }
}
