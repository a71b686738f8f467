//! `docs/reference/` is true. `operations.md` is generated from the OpenAPI document by
//! `UPDATE_DOCS=1 cargo test -p callplan-server --test api reference`. The tables of the other
//! pages are compared with the code.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;
use std::time::Duration;

use callplan::check::Options;
use callplan::compile::{self, CompiledPlan};
use callplan::{Call, Source};
use callplan_server::api::{ErrorCode, Settings};
use callplan_service::calls::numbers_read::NumbersRead;
use callplan_service::calls::{CallLogMode, Decided, RetentionDefaults};
use callplan_service::credentials::Scope;
use callplan_service::routing::{Configured, Decision, Directory, Reason, WAYS, WantedAgent, Workflow, route};
use callplan_service::store::{AuditKind, CallId, OrganizationId};
use callplan_service::telemetry::metrics::{Metrics, State};
use jiff::Timestamp;
use serde_json::Value;

use crate::operations_page;
use crate::service::Service;

fn path(file: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file)
}

fn read(file: &str) -> String {
    std::fs::read_to_string(path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn page(name: &str) -> String {
    read(&format!("docs/reference/{name}.md"))
}

/// The rows of the table with this head, each with its cells.
#[track_caller]
fn table(page: &str, head: &str) -> Vec<Vec<String>> {
    let (_, rest) = page.split_once(&format!("{head}\n| --- ")).unwrap_or_else(|| panic!("no table `{head}`"));
    let rows = rest.lines().skip(1).take_while(|line| line.starts_with('|'));
    let cells = |row: &str| row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    rows.map(cells).collect()
}

#[tokio::test]
async fn the_page_of_operations_is_made_from_the_document() {
    let service = Service::start().await;
    let document = serde_json::to_value(&service.document).expect("JSON");
    let (file, wanted) = ("docs/reference/operations.md", operations_page::of(&document));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path(file), &wanted).expect("it can be written");
    }
    let is_up_to_date = read(file) == wanted;
    assert!(is_up_to_date, "{file} is out of date: `UPDATE_DOCS=1 cargo test -p callplan-server --test api reference`");
}

/// The table has the meaning of each code.
#[test]
fn every_error_code_has_its_row() {
    let rows = table(&page("http"), "| status | code | when |");
    let codes = ErrorCode::ALL
        .iter()
        .map(|code| vec![code.status().as_u16().to_string(), format!("`{}`", code.name()), code.meaning().to_owned()]);
    assert_eq!(rows, codes.collect::<Vec<_>>());
    // Other mentions of a code name an existing code, with its status.
    let refused = table(&page("credentials"), "| status | code | |");
    for row in refused {
        let code = ErrorCode::ALL.iter().find(|code| row[1] == format!("`{}`", code.name()));
        assert_eq!(code.map(|code| code.status().as_u16().to_string()), Some(row[0].clone()), "{row:?}");
    }
}

#[test]
fn every_scope_has_its_row() {
    let rows = table(&page("credentials"), "| scope | allows |");
    let names: Vec<String> = rows.into_iter().map(|row| row[0].trim_matches('`').to_owned()).collect();
    assert_eq!(names, Scope::ALL.map(|scope| scope.name().to_owned()));
}

#[test]
fn every_kind_of_audit_event_has_its_row() {
    let rows = table(&page("audit"), "| kind | |");
    let kinds = AuditKind::ALL.iter().map(|kind| vec![format!("`{}`", kind.name()), kind.meaning().to_owned()]);
    assert_eq!(rows, kinds.collect::<Vec<_>>());
}

#[tokio::test]
async fn every_word_of_a_closed_list_has_its_row() {
    let service = Service::start().await;
    let document = serde_json::to_value(&service.document).expect("JSON");
    let listed = |schema: &str| -> Vec<String> {
        serde_json::from_value(document["components"]["schemas"][schema]["enum"].clone()).expect("a list of words")
    };
    let calls = page("calls");
    let quoted = |cell: &str| -> Vec<String> { cell.split('`').skip(1).step_by(2).map(str::to_owned).collect() };
    let reasons: Vec<String> = table(&calls, "| trace_reason | |").iter().flat_map(|row| quoted(&row[0])).collect();
    assert_eq!(reasons, listed("TraceReason"));
    let filters = table(&calls, "| filter | calls |");
    let filter = |name: &str| filters.iter().find(|row| quoted(&row[0]) == [name]).map(|row| quoted(&row[1]));
    assert_eq!((filter("action"), filter("source")), (Some(listed("Action")), Some(listed("Source"))));
    let list = &document["paths"]["/core/inbound-calls"]["get"]["parameters"];
    let parameters = list.as_array().expect("parameters").iter().filter(|parameter| parameter["in"] == "query");
    let own = parameters
        .filter_map(|parameter| parameter["name"].as_str())
        .filter(|name| !["limit", "cursor"].contains(name));
    assert_eq!(filters.iter().flat_map(|row| quoted(&row[0])).collect::<Vec<_>>(), own.collect::<Vec<_>>());
}

/// Agents of which only `there` can answer.
struct OnlyThere;

impl Directory for OnlyThere {
    fn resolve(&self, agent_id: &str, _: Option<u32>) -> Option<u32> {
        (agent_id == THERE).then_some(1)
    }
}

const THERE: &str = "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11";
const GONE: &str = "1c6f7b1f-6b1d-4b62-8e7f-1d9f6b3c8f22";

fn enabled(workflow: Workflow<'_>, fallback: Option<WantedAgent<'_>>) -> Decision {
    route(Configured::Enabled { revision: Some(12), workflow, fallback }, None, &OnlyThere)
}

/// Every way to decide a call.
fn decisions() -> Vec<Decision> {
    let agents = [None, Some(THERE), Some(GONE)];
    let agents = agents.map(|agent| agent.map(|agent_id| WantedAgent { agent_id, version: None }));
    let mut decisions = Vec::new();
    for assigned in agents {
        decisions.push(route(Configured::Missing, assigned, &OnlyThere));
        decisions.push(route(Configured::Disabled { revision: 12 }, assigned, &OnlyThere));
    }
    let call = Call::new("+18005550100", "2026-03-01T17:00:00Z".parse().expect("an instant"));
    for fallback in agents {
        decisions.extend([enabled(Workflow::Failed, fallback), enabled(Workflow::TimedOut, fallback)]);
        for statement in ["reject", "fallback", &format!("route to \"{THERE}\""), &format!("route to \"{GONE}\"")] {
            let source = Source::new("plan", format!("rule \"Rule\" {{ {statement} }}"));
            let plan = callplan::check(&source, &Options::default()).plan.expect("a plan");
            let plan = CompiledPlan::new(plan, None, compile::Budget::default());
            decisions.push(enabled(Workflow::Answered(&plan.answer(&call)), fallback));
        }
    }
    decisions
}

#[test]
fn the_table_of_calls_has_every_way_in_which_a_call_is_decided() {
    let rows = table(&page("calls"), "| what happened | action | source | reason | rule | config_revision |");
    let count = rows.len();
    let documented: BTreeSet<Vec<String>> = rows.into_iter().map(|row| row[1..].to_vec()).collect();
    assert_eq!(documented.len(), count, "a row is there twice");
    let code = |name: &str| format!("`{name}`");
    let either = |is_there: bool, word: &str| if is_there { word.to_owned() } else { "null".to_owned() };
    let is_so = decisions().into_iter().map(|decision| {
        vec![
            code(decision.action.name()),
            code(decision.source.name()),
            decision.reason.map_or("null".to_owned(), |reason| code(reason.name())),
            either(decision.rule.is_some(), "the rule"),
            either(decision.config_revision.is_some(), "the revision"),
        ]
    });
    assert_eq!(documented, is_so.collect::<BTreeSet<_>>());
    let ways = decisions().into_iter().map(|decision| (decision.action, decision.source, decision.reason));
    assert_eq!(ways.collect::<HashSet<_>>(), WAYS.into_iter().collect());
    for reason in Reason::ALL {
        assert!(documented.iter().any(|row| row[2] == code(reason.name())), "{reason:?}");
    }
}

#[tokio::test]
async fn the_call_of_the_page_is_answered_with_the_fields_of_the_page() {
    let service = Service::start().await;
    let calls = page("calls");
    let blocks: Vec<Value> = calls
        .split("```json\n")
        .skip(1)
        .map(|block| serde_json::from_str(block.split("```").next().expect("a block")).expect("JSON"))
        .collect();
    let [call, answer] = &blocks[..] else { panic!("a call and its answer: {blocks:?}") };
    let given = service.post("/core/inbound-calls", call.clone()).await.expect(200);
    let names = |of: &Value| of.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(answer), names(&given));
    let theirs = service.stranger.post(&service, "/core/inbound-calls", call.clone()).await.expect(200);
    assert_eq!(names(answer), names(&theirs));
}

/// Each metric with its type and its labels.
fn metrics() -> BTreeMap<String, (String, String)> {
    let metrics = Metrics::default();
    metrics.answered("GET", None, "200", Duration::ZERO);
    let decision = route(Configured::Missing, None, &OnlyThere);
    let organization = OrganizationId::random();
    metrics.decided(&Decided {
        id: CallId::at(Timestamp::now()),
        organization,
        decision,
        numbers: NumbersRead::default(),
        time: Duration::ZERO,
    });
    // These are absent where there is nothing that ends.
    let end = Some(Timestamp::UNIX_EPOCH);
    let page = metrics.page(&State { dates_end: end, certificate_end: end, ..State::default() });
    let kinds = page.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '));
    let labels = |name: &str| {
        let line = page.lines().find(|line| line.starts_with(&format!("{name}{{")));
        let inner = line.and_then(|line| line.split(['{', '}']).nth(1)).unwrap_or_default();
        let names = inner.split(',').filter_map(|label| Some(format!("`{}`", label.split_once('=')?.0)));
        names.collect::<Vec<_>>().join(", ")
    };
    kinds.map(|(name, kind)| (name.to_owned(), (kind.to_owned(), labels(name)))).collect()
}

#[test]
fn every_metric_has_its_row() {
    let rows = table(&page("server"), "| metric | type | labels | |");
    let documented =
        rows.into_iter().map(|row| (row[0].trim_matches('`').to_owned(), (row[1].clone(), row[2].clone())));
    let own = metrics().into_iter().filter(|(name, _)| !name.starts_with("process_"));
    assert_eq!(documented.collect::<BTreeMap<_, _>>(), own.collect());
    let of_process = table(&page("server"), "| metric of the process | type |");
    let names = |row: Vec<String>| row[0].split(", ").map(|name| name.trim_matches('`').to_owned()).collect::<Vec<_>>();
    let documented = of_process.into_iter().flat_map(names).collect::<BTreeSet<_>>();
    let own = metrics().into_keys().filter(|name| name.starts_with("process_"));
    assert_eq!(documented, own.collect());
}

/// The names of metrics in a text, and the labels that stand in braces behind them.
fn used(text: &str) -> Vec<(String, Vec<String>)> {
    let is_name = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let starts = ["callplan_", "process_"].into_iter().flat_map(|start| text.match_indices(start));
    let whole = starts.filter(|(at, _)| !text[..*at].ends_with(is_name));
    let all = whole.map(|(at, _)| {
        let end = text[at..].find(|character| !is_name(character)).map_or(text.len(), |length| at + length);
        let inner = text[end..].strip_prefix('{').and_then(|rest| rest.split('}').next()).unwrap_or_default();
        let labels = inner.split(',').filter_map(|label| Some(label.split(['=', '!']).next()?.trim().to_owned()));
        (text[at..end].to_owned(), labels.filter(|label| !label.is_empty()).collect())
    });
    all.collect()
}

#[test]
fn alerts_and_dashboard_use_metrics_that_there_are() {
    let metrics = metrics();
    for file in ["deploy/alerts.yml", "deploy/dashboard.json"] {
        let used = used(&read(file));
        assert!(used.len() > 10, "{file}: {used:?}");
        for (name, labels) in used {
            let of = ["", "_bucket", "_sum", "_count"].iter().find_map(|part| metrics.get(name.strip_suffix(part)?));
            let (_, known) = of.unwrap_or_else(|| panic!("{file}: there is no metric {name}"));
            // `job` and `instance` come from Prometheus.
            for label in labels.iter().filter(|label| !["le", "job", "instance"].contains(&label.as_str())) {
                assert!(known.contains(&format!("`{label}`")), "{file}: {name} has no label {label}");
            }
        }
    }
}

/// Limits and defaults: the words of a page, and the line of code that they repeat. Most of the
/// constants are private to their modules.
const LIMITS: &[(&str, &str, &str, &str)] = &[
    (
        "http",
        "beyond its [horizon](server.md#start-and-end) | 10 s |",
        "server/src/api/app.rs",
        "PLAN_TIMEOUT: Duration = Duration::from_secs(10);",
    ),
    ("audit", "over 1 KiB", "service/src/store/audit.rs", "MAXIMUM_VALUE: usize = 1024;"),
    ("audit", "100 addresses a minute", "server/src/api/refused_sign_ins.rs", "MAXIMUM_COUNTS: usize = 100;"),
    ("audit", "once a minute", "server/src/server/audit.rs", "PAUSE: Duration = Duration::from_secs(60);"),
    ("audit", "within the last day", "service/src/live/key_use.rs", "MEMORY: i64 = 86_400;"),
    ("audit", "up to 8 addresses", "service/src/live/key_use.rs", "MAXIMUM_KNOWN: usize = 8;"),
    ("credentials", "at most 32, within", "server/src/api/keys/mod.rs", "MAXIMUM_RANGES: usize = 32;"),
    ("credentials", "at most 100 |", "server/src/api/keys/mod.rs", "MAXIMUM_DESCENDANTS: usize = 100;"),
    ("credentials", "to 2,592,000 (30 days)", "server/src/api/keys/rotate.rs", "MAXIMUM_OVERLAP: i64 = 2_592_000;"),
    ("credentials", "Default 86,400 (a day)", "server/src/api/keys/rotate.rs", "DEFAULT_OVERLAP: i64 = 86_400;"),
    (
        "credentials",
        "at most once a minute",
        "server/src/server/key_uses.rs",
        "PAUSE: Duration = Duration::from_secs(60);",
    ),
    ("http", "| connections | 4,096, or fewer", "server/src/server/mod.rs", "DEFAULT_CONNECTIONS: u32 = 4096;"),
    (
        "http",
        "| the head of a request | 10 s, 64 KiB |",
        "server/src/server/progress.rs",
        "HEAD_TIMEOUT: Duration = Duration::from_secs(10);",
    ),
    (
        "http",
        "| the head of a request | 10 s, 64 KiB |",
        "server/src/server/connection.rs",
        "MAXIMUM_HEAD: usize = 64 << 10;",
    ),
    (
        "http",
        "| a body | 30 s; 16 MiB",
        "server/src/api/request.rs",
        "BODY_TIMEOUT: Duration = Duration::from_secs(30);",
    ),
    (
        "http",
        "| a body | 30 s; 16 MiB for the config, 1 MiB elsewhere |",
        "server/src/api/request.rs",
        "PLAN_BODY: usize = 16 << 20;",
    ),
    (
        "http",
        "| a body | 30 s; 16 MiB for the config, 1 MiB elsewhere |",
        "server/src/api/request.rs",
        "const BODY: usize = 1 << 20;",
    ),
    (
        "http",
        "10 s without a piece of it",
        "server/src/api/request.rs",
        "BODY_PAUSE: Duration = Duration::from_secs(10);",
    ),
    (
        "http",
        "more than 512 KiB together, instead of the two above |",
        "server/src/api/cores.rs",
        "const SMALL_TEXT: usize = 512 << 10;",
    ),
    (
        "http",
        "| 3, of which one organization has 2 and one key 1, within 512 MiB; others wait up to 30 s |",
        "server/src/api/cores.rs",
        "const LARGE: Shares = Shares { key: 1, organization: 2, all: 3 };",
    ),
    ("http", "| 64 MiB; of an organization", "server/src/api/memory_budget.rs", "MAXIMUM: usize = 64 << 20;"),
    ("http", "of an organization 48 MiB", "server/src/api/memory_budget.rs", "OF_ORGANIZATION: usize = 48 << 20;"),
    ("http", "of a key 32 MiB", "server/src/api/memory_budget.rs", "OF_KEY: usize = 32 << 20;"),
    ("http", "| bodies over 64 KiB, ", "server/src/api/memory_budget.rs", "SMALL: usize = 64 << 10;"),
    (
        "http",
        "a connection without a request | 75 s |",
        "server/src/server/progress.rs",
        "IDLE_TIMEOUT: Duration = Duration::from_secs(75);",
    ),
    (
        "http",
        "others wait up to 1 s",
        "server/src/api/cores.rs",
        "Self::Draft | Self::Light if texts <= SMALL_TEXT => Duration::from_secs(1),",
    ),
    (
        "http",
        "| 2, of which one organization has 1; others wait up to 5 s |",
        "server/src/api/cores.rs",
        "Self::Save if texts <= SMALL_TEXT => Duration::from_secs(5),",
    ),
    (
        "http",
        "| 2, of which one organization has 1; others wait up to 30 s |",
        "server/src/api/cores.rs",
        "Self::Draft | Self::Light | Self::Save | Self::Restore | Self::Erase => Duration::from_secs(30),",
    ),
    (
        "http",
        "instead of the two above | 1; others wait up to 30 s |",
        "server/src/api/cores.rs",
        "const LARGE_WRITING: Shares = Shares { key: 1, organization: 1, all: 1 };",
    ),
    ("http", "within 168 MiB", "server/src/api/cores.rs", "all: 168 << 20 };"),
    ("http", "32 of a key wait", "server/src/api/fair_queue.rs", "MAXIMUM_WAITING: usize = 32;"),
    (
        "http",
        "8, of which one organization has 3; others wait up to 5 s",
        "server/src/api/app.rs",
        "organization: 3, all: 8 };",
    ),
    ("http", "256 of a key wait", "server/src/api/app.rs", "MAXIMUM_READS: usize = 256;"),
    ("http", "| 100 at once, then one a second |", "server/src/api/rate_limiter.rs", "MAXIMUM_BURST: u32 = 100;"),
    (
        "http",
        "16 KiB a second, over 30 s",
        "server/src/server/progress.rs",
        "READING: Duration = Duration::from_secs(30);",
    ),
    ("http", "16 KiB a second, over 30 s", "server/src/server/progress.rs", "LEAST_RATE: u64 = 16 << 10;"),
    (
        "http",
        "| 100 at once, then one a second |",
        "server/src/api/rate_limiter.rs",
        "REFILL: Duration = Duration::from_secs(1);",
    ),
    (
        "http",
        "or for others of its organization | 5 s |",
        "service/src/store/executor.rs",
        "LONGEST_WAIT: Duration = Duration::from_secs(5);",
    ),
    (
        "http",
        "`complete` and `hover` know | 1,000 |",
        "server/src/api/config/draft/assist.rs",
        "MAXIMUM_AGENTS: usize = 1_000;",
    ),
    ("http", "| 50, with 20 sets of calls each |", "server/src/api/effects/mod.rs", "MAXIMUM_CHANGES: usize = 50;"),
    ("http", "| 50, with 20 sets of calls each |", "server/src/api/effects/mod.rs", "MAXIMUM_SETS: usize = 20;"),
    (
        "http",
        "decisions in an answer of `effects` | 8 MiB |",
        "server/src/api/effects/compared.rs",
        "MAXIMUM_BYTES: usize = 8 << 20;",
    ),
    ("config", "at most 1,000 of each", "server/src/api/effects/query.rs", "MAXIMUM_ENTRIES: usize = 1_000;"),
    ("config", "and 10 of those that change", "server/src/api/effects/compared.rs", "MAXIMUM_EXAMPLES: usize = 10;"),
    (
        "http",
        "looked at every two seconds",
        "server/src/server/progress.rs",
        "LOOK: Duration = Duration::from_secs(2);",
    ),
    ("http", "at most 1 MiB together", "service/src/store/lists.rs", "MAXIMUM_BYTES: usize = 1 << 20;"),
    ("resources", "A text, at most 64 KiB", "server/src/api/object.rs", "MAXIMUM_FIELD: usize = 64 << 10;"),
    ("http", "at most 127 deep", "server/src/api/json.rs", "DEEPEST: usize = 127;"),
    ("http", "A name has 1 to 200 characters", "service/src/name.rs", "LONGEST_NAME: usize = 200;"),
    ("http", "Minimum 1, maximum 100, default 50", "server/src/api/lists.rs", "MAXIMUM_LIMIT: usize = 100;"),
    ("http", "Minimum 1, maximum 100, default 50", "server/src/api/lists.rs", "const DEFAULT_LIMIT: usize = 50;"),
    ("http", "1 to 128 letters", "server/src/api/observe.rs", "MAXIMUM_ID: usize = 128;"),
    ("http", "all of them at once, at most\n  100.", "server/src/api/problem.rs", "MAXIMUM_ERRORS: usize = 100;"),
    ("calls", "1 to 256 characters", "server/src/api/calls.rs", "MAXIMUM_CHARACTERS: usize = 256;"),
    ("calls", "a queue of at most 32,768", "service/src/calls/call_log.rs", "MAXIMUM_QUEUE: usize = 32_768;"),
    (
        "calls",
        "deleted every ten minutes",
        "service/src/calls/retention.rs",
        "BETWEEN_DELETIONS: Duration = Duration::from_secs(600);",
    ),
    (
        "config",
        "Default 7 days from today on, maximum 31",
        "server/src/api/config/draft/timeline.rs",
        "DEFAULT_DAYS: u8 = 7;",
    ),
    (
        "config",
        "Default 7 days from today on, maximum 31",
        "server/src/api/config/draft/timeline.rs",
        "MAXIMUM_DAYS: u64 = 31;",
    ),
    (
        "config",
        "Default 200 calls, maximum 1000",
        "server/src/api/config/draft/replay.rs",
        "MAXIMUM_CALLS: u64 = 1_000;",
    ),
    (
        "config",
        "Default 200 calls, maximum 1000",
        "server/src/api/config/draft/replay.rs",
        "const DEFAULT_CALLS: usize = 200;",
    ),
    ("resources", "Maximum 1000.", "server/src/api/versions.rs", "MAXIMUM_NUMBERS: usize = 1000;"),
    ("resources", "up to 100 numbers", "service/src/store/agents.rs", "MOST_NUMBERS: usize = 100;"),
    ("resources", "1 to 256 characters", "server/src/api/phone_numbers.rs", "MAXIMUM_CHARACTERS: usize = 256;"),
    ("credentials", "256 random bits", "service/src/credentials.rs", "SECRET_BYTES: usize = 32;"),
    ("server", "16,384 lines wait", "service/src/telemetry/log.rs", "MAXIMUM_QUEUE: usize = 16_384;"),
];

#[test]
fn limits_are_those_of_the_code() {
    for (name, words, file, line) in LIMITS {
        assert!(page(name).contains(words), "docs/reference/{name}.md does not say `{words}`");
        assert!(read(&format!("crates/{file}")).contains(line), "crates/{file} does not say `{line}`: {words}");
    }
    let Settings {
        decision_timeout: _,
        call_log,
        retention: RetentionDefaults { call_log_days, revisions },
        audit_days,
        max_text_bytes,
        clock: _,
        limits: _,
        reserve_numbers: _,
    } = Settings::default();
    assert!(page("audit").contains(&format!("Default {audit_days} days")));
    assert_eq!(max_text_bytes, 8 << 20);
    assert!(page("http").contains("| a plan that is sent | 8 MiB, or"));
    assert_eq!(call_log, CallLogMode::Full);
    assert_eq!(revisions, None);
    assert!(page("config").contains("All revisions are kept by default"));
    let calls = page("calls");
    for words in ["| Calls as they came. The default |", &format!("Default {call_log_days} days")] {
        assert!(calls.contains(words), "{words}");
    }
}
