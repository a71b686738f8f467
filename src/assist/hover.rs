//! What stands at a place, and what it means.

use super::describe::KnownText;
use super::items::names::told_of;
use super::items::{CompletionKind, agent_state, column_line};
use super::names::{TextNames, WrittenDefinition};
use super::place::{column_type, place};
use super::tokens::{Shape, TextToken, TextTokens};
use super::words::{contextual_meaning, meaning, meaning_between};
use super::{Surroundings, complete, offset};
use crate::eval::{shown_time, weekday_word};
use crate::fields::{FIELDS, Field, FieldInfo};
use crate::phone::{Country, Number};
use crate::schedule::Zone;
use crate::source::{Source, Span};
use crate::syntax::DefinitionKind;

/// What stands at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub title: String,
    /// What it means: some lines of plain text.
    pub text: String,
}

/// What stands at a line and a column, both from 1, columns in Unicode scalar values; `None` where
/// that has no meaning of its own, as within texts and comments. Any text and any place will do.
pub fn hover(source: &Source, line: usize, column: usize, around: &Surroundings) -> Option<Hover> {
    let text = source.text();
    let at = offset(source, line, column);
    if text.len() > crate::syntax::MAX_BYTES {
        return None;
    }
    let tokens = TextTokens::of(text);
    if tokens.is_in_comment(at) {
        return None;
    }
    let number = tokens.all.partition_point(|token| token.end() <= at);
    // At the end of a word it is still that word.
    let number = match tokens.all.get(number).filter(|token| token.start <= at) {
        Some(_) => number,
        None => number.checked_sub(1).filter(|before| tokens.all[*before].end() == at)?,
    };
    let names = TextNames::of(&tokens);
    let known = KnownText { text, tokens: &tokens, names: &names, around };
    let pointed = PointedToken { known, number, token: tokens.all[number] };
    let (span, title, text) = match pointed.token.shape {
        Shape::Word => pointed.word()?,
        Shape::Number => pointed.number()?,
        Shape::Text => pointed.text(at)?,
        Shape::Figure | Shape::Mark => return None,
    };
    Some(Hover { span, title, text })
}

/// Where it stands, what it is and what it means.
type HoverText = (Span, String, String);

struct PointedToken<'t, 'a> {
    known: KnownText<'t, 'a>,
    number: usize,
    token: TextToken<'t>,
}

impl<'t> PointedToken<'t, '_> {
    fn near(&self, distance: isize) -> Option<TextToken<'t>> {
        let number = self.number.checked_add_signed(distance)?;
        self.known.tokens.all.get(number).copied()
    }

    fn near_is(&self, distance: isize, words: &[&str]) -> bool {
        self.near(distance).is_some_and(|token| words.iter().any(|word| token.is(word)))
    }

    fn span(&self) -> Span {
        Span::new(self.token.start, self.token.end())
    }

    fn word(&self) -> Option<HoverText> {
        let word = self.token.text;
        if self.near_is(-1, &["."]) {
            let name = self.near(-2)?;
            let (title, text) = self.reading(name.text, Some(word))?;
            return Some((Span::new(name.start, self.token.end()), title, text));
        }
        if self.near_is(1, &["."])
            && let Some(after) = self.near(2)
            && let Some((title, text)) = self.reading(word, Some(after.text))
        {
            return Some((Span::new(self.token.start, after.end()), title, text));
        }
        if let Some((table, cell)) = self.column() {
            let column_type = column_type(self.known.names, cell);
            return Some((self.span(), word.to_owned(), column_line(table.name, column_type)));
        }
        // A key of metadata may be any word, and means no more than itself.
        if self.near_is(1, &[":"]) && !self.token.is("anonymous") {
            return None;
        }
        let (title, text) = self.definition().or_else(|| self.own_meaning())?;
        Some((self.span(), title, text))
    }

    /// The table that the word is a column of, where its columns are named, and the first cell
    /// below it.
    fn column(&self) -> Option<(&WrittenDefinition<'t>, Option<TextToken<'t>>)> {
        if !self.near_is(-1, &["(", ","]) || !self.near_is(1, &[",", ")"]) {
            return None;
        }
        let table = self.known.names.definitions.iter().find(|table| table.tokens.contains(&self.number))?;
        let column = table.columns.iter().find(|(column, _)| *column == self.token.text)?;
        Some((table, column.1))
    }

    fn definition(&self) -> Option<(String, String)> {
        let definition = self.known.names.find(self.token.text)?;
        let title = format!("{} `{}`", CompletionKind::from(definition.sort).name(), definition.name);
        // In the language's own words for it.
        let title =
            if definition.sort == DefinitionKind::Numbers { title.replacen("list", "numbers", 1) } else { title };
        Some((title, self.known.says(definition)))
    }

    fn own_meaning(&self) -> Option<(String, String)> {
        let word = self.token.text;
        let [before, after] = [-1, 1].map(|distance| self.near(distance).map(|token| token.text));
        let together = meaning_between(before, word, after);
        if let Some(field) = Field::find(word, None).filter(|_| together.is_none()) {
            return Some(field_said(field.entry()));
        }
        if let Some(says) = together.or_else(|| meaning(word)) {
            return Some((format!("`{word}`"), says.to_owned()));
        }
        if let Some(table) = self.row(word) {
            return Some((format!("row `{word}`"), format!("the row of table `{table}` that the test finds")));
        }
        if let Some(says) = contextual_meaning(word) {
            return Some((format!("`{word}`"), says.to_owned()));
        }
        if let Some(country) = Country::parse(word) {
            return Some((format!("country `{word}`"), country.name().to_owned()));
        }
        let zone = Zone::find(word).ok()?;
        let shown = zone.read(self.known.around.now);
        let (weekday, time) = (weekday_word(shown.weekday()), shown_time(shown.minute));
        Some((format!("time zone `{word}`"), format!("there it is {time} now, {weekday} {}", shown.date)))
    }

    /// The table whose row has this name at this place.
    fn row(&self, name: &str) -> Option<&'t str> {
        let KnownText { text, tokens, names, .. } = self.known;
        // Also where it gets its name.
        if self.near_is(-1, &["as"]) {
            return self.near(-2).map(|table| table.text).filter(|table| names.find(table).is_some());
        }
        let rows = place(text, &tokens.all[..self.number], names, self.token.start).rows;
        rows.iter().rev().find(|(row, _)| *row == name).map(|(_, table)| *table)
    }

    /// A field, or a column of a row.
    fn reading(&self, name: &str, field: Option<&str>) -> Option<(String, String)> {
        if let Some(found) = Field::find(name, field) {
            return Some(field_said(found.entry()));
        }
        let field = field?;
        if self.row(name).is_none()
            && let Some(definition) = self.known.names.find(name)
            && let Some((_, says)) = told_of(definition.sort).find(|(part, _)| *part == field)
        {
            return Some((format!("{name}.{field}"), says.to_owned()));
        }
        let table = self.known.names.find(self.row(name)?)?;
        let (_, cell) = table.columns.iter().find(|(column, _)| *column == field)?;
        Some((format!("{name}.{field}"), column_line(table.name, column_type(self.known.names, *cell))))
    }

    fn number(&self) -> Option<HoverText> {
        let text = self.token.text;
        if let Some(begins) = text.strip_suffix('*') {
            return Some((self.span(), text.to_owned(), format!("every number that begins with {begins}")));
        }
        let plain: String = text.chars().filter(|c| *c != '-').collect();
        let Number::E164(number) = Number::read(&plain) else { return None };
        let of = match Country::of_number(number) {
            Some(country) => format!("a number of {} ({})", country.name(), country.code()),
            None => "a number of no country".to_owned(),
        };
        Some((self.span(), number.to_string(), of))
    }

    /// An agent's id, or the hole of a text.
    fn text(&self, at: usize) -> Option<HoverText> {
        let id = self.token.text.trim_matches('"');
        if let Some(agent) = self.known.around.agent(id) {
            return Some((self.span(), agent.name.clone(), agent_state(agent)));
        }
        let (start, path) = complete::hole_around(self.token.text, at.checked_sub(self.token.start)?)?;
        let (name, field) = path.split_once('.').map_or((path, None), |(name, field)| (name, Some(field)));
        let (title, text) = self.reading(name, field)?;
        let start = self.token.start + start;
        Some((Span::new(start, start + path.len()), title, text))
    }
}

fn field_said(entry: &FieldInfo) -> (String, String) {
    let dotted =
        FIELDS.iter().find(|other| other.name.strip_prefix(entry.name).is_some_and(|rest| rest.starts_with('.')));
    let more = dotted.map_or(String::new(), |dotted| format!("\n`{}`: {}", dotted.name, dotted.doc));
    let text = format!("{}: {}\nfor example `{}`{more}", entry.field_type.name(), entry.doc, entry.example);
    (format!("field `{}`", entry.name), text)
}

impl KnownText<'_, '_> {
    fn says(&self, definition: &WrittenDefinition) -> String {
        let said = self.said(definition);
        // It may be half written.
        if said.is_empty() { "nothing is said of it yet".to_owned() } else { said }
    }

    fn said(&self, definition: &WrittenDefinition) -> String {
        match definition.sort {
            DefinitionKind::Agent => self.agent(definition),
            DefinitionKind::Switch => self.switch(definition),
            DefinitionKind::Attribute => format!("a text that calls bring by this name: {}", self.short_of(definition)),
            DefinitionKind::Numbers => self.numbers(definition),
            DefinitionKind::Condition => self.short_of(definition),
            DefinitionKind::Days => self.days(definition),
            DefinitionKind::Schedule => self.schedule(definition),
            DefinitionKind::Rotation => self.rotation(definition),
            DefinitionKind::Table => self.table(definition),
        }
    }
}

#[cfg(test)]
fn names_of(text: &str) -> Vec<String> {
    TextNames::of(&TextTokens::of(text)).definitions.iter().map(|definition| definition.name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn definitions_are_found_in_a_text_that_is_broken_elsewhere() {
        let text = "rule \"x\" when caller is { \nagent desk = \"1\"\nnumbers vips = [\nschedule office {\n mon-fri 09:00\n}\n\
                    metadata { table: 1, days: 2 }\nswitch storm\nwhen storm is on { route to desk }";
        assert_eq!(super::names_of(text), ["desk", "vips", "office", "storm"]);
    }
}
