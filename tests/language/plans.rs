//! A case of `tests/cases`: a plan in a file, with the settings of its check in comments at its
//! top:
//!
//! - `# today: 2026-11-24`: the day of the check; by default the day below
//! - `# agents: frontdesk-id active published=1,2 draft=3; night-id inactive`: the agents of the
//!   organization; by default they are unknown, as on an admin's own machine
//! - `# fallback: missing`: whether the fallback agent can answer, in a word

use callplan::check::{AgentState, Agents, FallbackState, Options};
use callplan::diagnostics::{Code, Diagnostic, fix};
use callplan::{Problems, Report, Source, check};
use jiff::civil::{Date, date};
use std::collections::BTreeMap;
use std::path::Path;

/// The day of every check without a setting.
pub const TODAY: Date = date(2026, 11, 24);

/// A plan with the settings of its check.
pub struct Case {
    pub source: Source,
    today: Date,
    agents: Option<Known>,
    fallback: Option<FallbackState>,
}

impl Case {
    /// Reads the file of a case.
    pub fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Self::new(&name, text)
    }

    /// A plan with the settings in its first comments.
    pub fn new(name: &str, text: String) -> Self {
        let setting = |key: &str| {
            let comments = text.lines().take_while(|line| line.starts_with('#'));
            comments.filter_map(|line| line.strip_prefix("# ")?.strip_prefix(key)).next().map(str::trim)
        };
        let today = setting("today:").map_or(TODAY, |day| day.parse().expect("a date such as 2026-11-24"));
        let agents = setting("agents:").map(Known::read);
        let fallback = setting("fallback:").map(fallback_state);
        Self { today, agents, fallback, source: Source::new(name, text) }
    }

    /// The report of the check.
    pub fn check(&self) -> Report {
        self.check_text(self.source.text())
    }

    /// The report for another text: the plan after a fix.
    pub fn check_text(&self, text: &str) -> Report {
        check(&Source::new(self.source.name(), text), &self.options())
    }

    /// The options of the check.
    pub fn options(&self) -> Options<'_> {
        let agents = self.agents.as_ref().map(|agents| agents as &dyn Agents);
        Options { today: Some(self.today), agents, fallback: self.fallback, ..Options::default() }
    }

    /// Each fix of a problem, with the report of the plan after it.
    pub fn fixes(&self, problem: &Diagnostic) -> Vec<(String, Problems)> {
        let fixed = |fix| self.check_text(&fix::apply(self.source.text(), fix)).problems;
        problem.fixes.iter().map(|fix| (fix.title.clone(), fixed(fix))).collect()
    }
}

/// The number of problems of this kind, wherever they are: a fix moves what follows it.
pub fn count(problems: &Problems, code: Code, message: &str) -> usize {
    problems.iter().filter(|problem| problem.code == code && problem.message == message).count()
}

fn fallback_state(word: &str) -> FallbackState {
    match word {
        "answers" => FallbackState::Answers,
        "missing" => FallbackState::Missing,
        "inactive" => FallbackState::Inactive,
        "unpublished" => FallbackState::Unpublished,
        _ => panic!("{word} is no state of a fallback agent"),
    }
}

/// The agents of an organization.
struct Known(BTreeMap<String, AgentState>);

impl Known {
    fn read(text: &str) -> Self {
        let numbers = |list: &str| list.split(',').map(|number| number.parse().expect("a version")).collect();
        let agents = text.split(';').map(|agent| {
            let mut words = agent.split_whitespace();
            let id = words.next().expect("an agent's id").to_owned();
            let mut state = AgentState::default();
            for word in words {
                match word.split_once('=') {
                    Some(("published", list)) => state.published = numbers(list),
                    Some(("draft", list)) => state.drafts = numbers(list),
                    _ => state.active = word == "active",
                }
            }
            (id, state)
        });
        Self(agents.collect())
    }
}

impl Agents for Known {
    fn find(&self, id: &str) -> Option<AgentState> {
        self.0.get(id).cloned()
    }
}

/// Where the snapshot of a file is, and its name: beside the file, with the same name.
pub fn snapshot_beside(path: &Path) -> (insta::Settings, &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(path.parent().expect("it lies in a folder"));
    settings.set_prepend_module_to_snapshot(false);
    settings.remove_snapshot_suffix();
    settings.set_omit_expression(true);
    (settings, path.file_stem().and_then(|stem| stem.to_str()).expect("a name in UTF-8"))
}
