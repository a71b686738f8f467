//! What is offered for what could stand at a place, the likeliest first: [`names`], [`values`], and
//! what begins a line ([`starts`]).

pub(super) mod names;
mod starts;
mod values;

use super::names::TextNames;
use super::place::{CursorPlace, Expected};
use super::tokens::TextTokens;
use super::words::{MONTH_NAMES, WEEKDAY_NAMES, meaning_as_word};
use super::{KnownAgent, Surroundings};
use crate::schedule::Zone;
use crate::syntax::DefinitionKind;
use crate::types::Type;
use std::collections::BTreeSet;

/// A word or a phrase that can be written at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompletionItem {
    /// What it is called in a list.
    pub label: String,
    /// What it is.
    pub kind: CompletionKind,
    /// What it means, in a line.
    pub detail: String,
    /// What is written.
    pub insert: String,
}

/// What is offered: by the language's own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CompletionKind {
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
    /// A rotation.
    Rotation,
    /// A switch.
    Switch,
    /// An attribute of calls.
    Attribute,
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

impl CompletionKind {
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
            Self::Rotation => "rotation",
            Self::Switch => "switch",
            Self::Attribute => "attribute",
            Self::Condition => "condition",
            Self::Days => "days",
            Self::Zone => "zone",
            Self::Value => "value",
            Self::Snippet => "snippet",
        }
    }
}

impl From<DefinitionKind> for CompletionKind {
    fn from(sort: DefinitionKind) -> Self {
        match sort {
            DefinitionKind::Agent => Self::Agent,
            DefinitionKind::Switch => Self::Switch,
            DefinitionKind::Attribute => Self::Attribute,
            DefinitionKind::Numbers => Self::List,
            DefinitionKind::Condition => Self::Condition,
            DefinitionKind::Days => Self::Days,
            DefinitionKind::Schedule => Self::Schedule,
            DefinitionKind::Rotation => Self::Rotation,
            DefinitionKind::Table => Self::Table,
        }
    }
}

/// What is offered for what is wanted.
pub(super) struct CompletionList<'t, 'a> {
    pub tokens: &'a TextTokens<'t>,
    pub names: &'a TextNames<'t>,
    pub place: &'a CursorPlace<'t>,
    /// How many tokens stand before the place.
    pub before: usize,
    pub around: &'a Surroundings<'a>,
    /// What the line begins with, for what has more than one.
    pub indent: &'t str,
    pub items: Vec<CompletionItem>,
}

impl<'t> CompletionList<'t, '_> {
    /// Gathers the items of all that is wanted, each once.
    pub fn gather(mut self) -> Vec<CompletionItem> {
        for want in &self.place.wants {
            self.offer(*want);
        }
        let mut seen = BTreeSet::new();
        self.items.retain(|item| seen.insert((item.kind, item.insert.clone())));
        self.items
    }

    fn add(
        &mut self,
        kind: CompletionKind,
        label: impl Into<String>,
        detail: impl Into<String>,
        insert: impl Into<String>,
    ) {
        let item = CompletionItem { label: label.into(), kind, detail: detail.into(), insert: insert.into() };
        self.items.push(item);
    }

    /// What is written as it is called.
    fn plain(&mut self, kind: CompletionKind, name: &str, detail: impl Into<String>) {
        self.add(kind, name, detail, name);
    }

    fn word(&mut self, word: &str) {
        self.plain(CompletionKind::Keyword, word, meaning_as_word(word));
    }

    fn words(&mut self, words: &[&str]) {
        words.iter().for_each(|word| self.word(word));
    }

    /// Several lines, as far in as the line is.
    fn snippet(&mut self, label: &str, detail: &str, text: &str) {
        let text = text.replace('\n', &format!("\n{}", self.indent));
        self.add(CompletionKind::Snippet, label, detail, text);
    }

    fn offer(&mut self, want: Expected<'t>) {
        match want {
            Expected::Words(words) => self.words(words),
            Expected::Statement => self.statements(),
            Expected::Definition => self.definitions(),
            Expected::Block => self.snippet("{ … }", "what is done", "{\n  \n}"),
            Expected::Arm => {
                self.snippet("50% { … }", "a share of the calls, and what is done with them", "50% {\n  \n}")
            }
            Expected::Subject => self.subjects(),
            Expected::Test(subject) => self.tests(subject),
            Expected::Value(subject) => self.values(subject),
            Expected::Set(subject) => self.sets(subject),
            Expected::Entry(subject) => self.entries(subject),
            Expected::AfterDot(name) => self.after_dot(name),
            Expected::ShownAfterDot(name) => {
                self.after_dot(name);
                self.told_after_dot(name);
            }
            Expected::Names(sorts) => self.named(sorts),
            Expected::Target => self.targets(),
            Expected::AgentId => self.agent_ids(),
            Expected::Paragraph => {}
            Expected::Hole => self.shown(),
            Expected::Json => {
                self.shown();
                self.words(&["true", "false", "null"]);
            }
            Expected::Cell => {
                self.named(&[DefinitionKind::Agent, DefinitionKind::Rotation, DefinitionKind::Schedule]);
                self.words(&["true", "false"]);
            }
            Expected::Number => self.word("anonymous"),
            Expected::Zone => self.zones(),
            Expected::HomeCountry => self.home_countries(),
            Expected::Weekday => self.spelled_out(&WEEKDAY_NAMES),
            Expected::Month => self.spelled_out(&MONTH_NAMES),
            Expected::Day => self.days(),
            Expected::CountedFrom => {
                self.plain(CompletionKind::Value, "easter", meaning_as_word("easter"));
                self.plain(CompletionKind::Value, "orthodox easter", meaning_as_word("orthodox"));
                self.words(&["first", "second", "third", "fourth", "fifth", "last"]);
            }
            Expected::Hours => {
                let hours = "open from one time up to another";
                self.plain(CompletionKind::Value, "09:00-17:00", hours);
                self.plain(CompletionKind::Keyword, "all day", meaning_as_word("all"));
                self.plain(CompletionKind::Keyword, "closed", "no window on these days");
                self.plain(
                    CompletionKind::Keyword,
                    "closed 12:00-13:00",
                    "these hours are taken away from those of the day",
                );
                self.plain(CompletionKind::Keyword, "also 18:00-20:00", "these hours are added to those of the day");
            }
            Expected::Window => {
                self.plain(CompletionKind::Value, "12:00-13:00", "from one time up to another");
            }
            Expected::Closure => {
                let today = self.today();
                let text = format!("closed from {today} 12:00 to {today} 18:00");
                self.add(CompletionKind::Keyword, "closed from … to …", "no hours between two moments", text);
            }
            Expected::RotationLine => {
                let text = format!("from {} 08:00 every week ", self.today());
                self.add(CompletionKind::Keyword, "from … every week", "hands over every seven days", text);
                let text = format!("from {0} 08:00 to {0} 18:00 ", self.today());
                self.add(CompletionKind::Keyword, "from … to …", "goes before lines without an end", text);
            }
            Expected::Turns => {
                for (turns, says) in [
                    ("every day", "hands over each day at this time"),
                    ("every week", "hands over every seven days"),
                    ("every 2 weeks", "hands over every fourteen days"),
                    ("every month", "hands over on this day of each month"),
                ] {
                    self.plain(CompletionKind::Keyword, turns, says);
                }
            }
            Expected::Date => self.plain(CompletionKind::Value, &self.today(), "today"),
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
                self.plain(
                    CompletionKind::Zone,
                    name,
                    if is_known { "stands elsewhere in this plan" } else { "time zone" },
                );
            }
        }
    }

    /// Short names of days or months, with the long ones.
    fn spelled_out(&mut self, words: &[(&str, &str)]) {
        words.iter().for_each(|(word, full)| self.plain(CompletionKind::Value, word, *full));
    }

    fn days(&mut self) {
        self.plain(CompletionKind::Value, "mon-fri", "Monday to Friday");
        self.spelled_out(&WEEKDAY_NAMES);
        self.words(&["every", "first", "second", "third", "fourth", "fifth", "last"]);
        self.plain(CompletionKind::Keyword, "day after", meaning_as_word("after"));
        self.plain(CompletionKind::Keyword, "day before", meaning_as_word("before"));
        self.plain(CompletionKind::Value, &self.today(), "today");
        let phrases = [
            ("easter", "Easter Sunday"),
            ("2 days before easter", "Good Friday"),
            ("day after easter", "Easter Monday"),
            ("39 days after easter", "Ascension Day"),
            ("50 days after easter", "Whit Monday"),
            ("orthodox easter", "the Easter Sunday of the orthodox churches"),
        ];
        phrases.iter().for_each(|(phrase, says)| self.plain(CompletionKind::Value, phrase, *says));
        let weeks = format!("every 2 weeks from {}", self.today());
        self.plain(CompletionKind::Value, &weeks, meaning_as_word("weeks"));
    }
}

/// A text of a plan. Ids have nothing in them that a text would have to escape.
fn quoted(id: &str) -> String {
    format!("\"{id}\"")
}

/// Its name and state.
pub(super) fn agent_line(agent: &KnownAgent) -> String {
    format!("{}, {}", agent.name, agent_state(agent))
}

/// Whether an agent can answer, and at which version.
pub(super) fn agent_state(agent: &KnownAgent) -> String {
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
