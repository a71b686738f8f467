//! What is offered for what could stand at a place, the likeliest first: [`names`], [`values`], and what begins a line
//! ([`starts`]).

mod names;
mod starts;
mod values;

use super::names::{Names, Sort};
use super::place::{Place, Want};
use super::tokens::Tokens;
use super::words::{MONTHS, WEEKDAYS, meaning_as_word};
use super::{Agent, Around};
use crate::schedule::Zone;
use crate::types::Type;
use std::collections::BTreeSet;

/// Something that can be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is called in a list.
    pub label: String,
    /// What it is.
    pub kind: Kind,
    /// What it means, in a line.
    pub detail: String,
    /// What is written.
    pub insert: String,
}

/// What is offered: by the language's own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A word of the language.
    Keyword,
    /// A field of the call.
    Field,
    /// A column of a row that a test has found.
    Column,
    /// An agent, by its name in the plan or by its id.
    Agent,
    /// A `numbers` definition.
    List,
    /// A table.
    Table,
    /// A schedule.
    Schedule,
    /// A switch.
    Switch,
    /// A `condition` definition.
    Condition,
    /// A `days` definition.
    Days,
    /// A time zone.
    Zone,
    /// A value.
    Value,
    /// Several words at once.
    Snippet,
}

impl Kind {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Keyword => "keyword",
            Self::Field => "field",
            Self::Column => "column",
            Self::Agent => "agent",
            Self::List => "list",
            Self::Table => "table",
            Self::Schedule => "schedule",
            Self::Switch => "switch",
            Self::Condition => "condition",
            Self::Days => "days",
            Self::Zone => "zone",
            Self::Value => "value",
            Self::Snippet => "snippet",
        }
    }
}

impl From<Sort> for Kind {
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::Agent => Self::Agent,
            Sort::Switch => Self::Switch,
            Sort::Numbers => Self::List,
            Sort::Condition => Self::Condition,
            Sort::Days => Self::Days,
            Sort::Schedule => Self::Schedule,
            Sort::Table => Self::Table,
        }
    }
}

/// What is offered for what is wanted.
pub(super) struct Offers<'t, 'a> {
    pub tokens: &'a Tokens<'t>,
    pub names: &'a Names<'t>,
    pub place: &'a Place<'t>,
    /// How many tokens stand before the place.
    pub before: usize,
    pub around: &'a Around<'a>,
    /// What the line begins with, for what has more than one.
    pub indent: &'t str,
    pub items: Vec<Item>,
}

impl<'t> Offers<'t, '_> {
    /// Gathers the items of all that is wanted, each once.
    pub fn gather(mut self) -> Vec<Item> {
        for want in &self.place.wants {
            self.offer(*want);
        }
        let mut seen = BTreeSet::new();
        self.items.retain(|item| seen.insert((item.kind, item.insert.clone())));
        self.items
    }

    fn add(&mut self, kind: Kind, label: impl Into<String>, detail: impl Into<String>, insert: impl Into<String>) {
        let item = Item { label: label.into(), kind, detail: detail.into(), insert: insert.into() };
        self.items.push(item);
    }

    /// What is written as it is called.
    fn plain(&mut self, kind: Kind, name: &str, detail: impl Into<String>) {
        self.add(kind, name, detail, name);
    }

    fn word(&mut self, word: &str) {
        self.plain(Kind::Keyword, word, meaning_as_word(word));
    }

    fn words(&mut self, words: &[&str]) {
        words.iter().for_each(|word| self.word(word));
    }

    /// Several lines, as far in as the line is.
    fn snippet(&mut self, label: &str, detail: &str, text: &str) {
        let text = text.replace('\n', &format!("\n{}", self.indent));
        self.add(Kind::Snippet, label, detail, text);
    }

    fn offer(&mut self, want: Want<'t>) {
        match want {
            Want::Words(words) => self.words(words),
            Want::Statement => self.statements(),
            Want::Definition => self.definitions(),
            Want::Block => self.snippet("{ … }", "what is done", "{\n  \n}"),
            Want::Arm => self.snippet("50% { … }", "a share of the calls, and what is done with them", "50% {\n  \n}"),
            Want::Subject => self.subjects(),
            Want::Test(subject) => self.tests(subject),
            Want::Value(subject) => self.values(subject),
            Want::Set(subject) => self.sets(subject),
            Want::Entry(subject) => self.entries(subject),
            Want::AfterDot(name) => self.after_dot(name),
            Want::Names(sorts) => self.named(sorts),
            Want::Target => self.targets(),
            Want::AgentId => self.agent_ids(),
            Want::Paragraph => {}
            Want::Hole => self.readings(),
            Want::Json => {
                self.readings();
                self.words(&["true", "false", "null"]);
            }
            Want::Cell => {
                self.named(&[Sort::Agent, Sort::Schedule]);
                self.words(&["true", "false"]);
            }
            Want::Number => self.word("anonymous"),
            Want::Zone => self.zones(),
            Want::Weekday => self.spelled_out(&WEEKDAYS),
            Want::Month => self.spelled_out(&MONTHS),
            Want::Day => self.days(),
            Want::Hours => {
                let hours = "open from one time up to another";
                self.plain(Kind::Value, "09:00-17:00", hours);
                self.plain(Kind::Keyword, "all day", meaning_as_word("all"));
                self.plain(Kind::Keyword, "closed", "no window on these days");
            }
            Want::Date => self.plain(Kind::Value, &self.today(), "today"),
        }
    }

    fn today(&self) -> String {
        Zone::UTC.read(self.around.now).date.to_string()
    }

    /// First those that the text has already.
    fn zones(&mut self) {
        let written: BTreeSet<&str> = self.tokens.all.iter().map(|token| token.text).collect();
        for is_known in [true, false] {
            for name in Zone::names().filter(|name| written.contains(name) == is_known) {
                self.plain(Kind::Zone, name, if is_known { "stands elsewhere in this plan" } else { "time zone" });
            }
        }
    }

    /// Short names of days or months, with the long ones.
    fn spelled_out(&mut self, words: &[(&str, &str)]) {
        words.iter().for_each(|(word, full)| self.plain(Kind::Value, word, *full));
    }

    fn days(&mut self) {
        self.plain(Kind::Value, "mon-fri", "Monday to Friday");
        self.spelled_out(&WEEKDAYS);
        self.words(&["every", "first", "second", "third", "fourth", "last"]);
        self.plain(Kind::Keyword, "day after", meaning_as_word("after"));
        self.plain(Kind::Value, &self.today(), "today");
    }
}

/// A text of a plan. Ids have nothing in them that a text would have to escape.
fn quoted(id: &str) -> String {
    format!("\"{id}\"")
}

/// Its name and state.
pub(super) fn agent_line(agent: &Agent) -> String {
    format!("{}, {}", agent.name, agent_state(agent))
}

/// Whether an agent can answer, and at which version.
pub(super) fn agent_state(agent: &Agent) -> String {
    let state = if agent.active { "active" } else { "not active" };
    match agent.newest_published {
        Some(version) => format!("{state}, newest published version {version}"),
        None => format!("{state}, no published version"),
    }
}

pub(super) fn column_line(table: &str, column_type: Option<Type>) -> String {
    match column_type {
        Some(column_type) => format!("column of `{table}`: {}", column_type.name()),
        None => format!("column of `{table}`"),
    }
}
