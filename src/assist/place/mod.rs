//! What could stand at a place: the words before it are followed in the order in which the language
//! has them, until they run out ([`statement`], [`condition`], [`definition`], [`example`]). What
//! cannot be followed is passed over up to the next word that begins something.

mod condition;
mod definition;
mod example;
mod statement;

use super::names::{TextNames, begins_contextual, begins_home_country};
use super::tokens::{Shape, TextToken};
use super::words::is_starter;
use crate::syntax::DefinitionKind;
use crate::types::Type;

/// Maximum depth to which blocks, groups and metadata are followed.
const MAX_PLACE_DEPTH: usize = crate::syntax::MAX_DEPTH;

/// Something that could stand at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected<'t> {
    /// Any of these words.
    Words(&'static [&'static str]),
    Statement,
    Definition,
    /// `{ … }` with statements in it.
    Block,
    /// An arm of a split.
    Arm,
    /// What a condition tests.
    Subject,
    /// What is asked of a subject.
    Test(TestSubject<'t>),
    /// One value, after `is`, `<` and their like.
    Value(TestSubject<'t>),
    /// What a subject may be in.
    Set(TestSubject<'t>),
    /// A member of a list.
    Entry(TestSubject<'t>),
    /// What stands after the dot of this name.
    AfterDot(&'t str),
    /// What follows the dot of a value that is shown.
    ShownAfterDot(&'t str),
    /// The names of these definitions.
    Names(&'static [DefinitionKind]),
    /// Whom a call is routed to.
    Target,
    /// The id of an agent, as text.
    AgentId,
    /// The text of `context`, which may have holes.
    Paragraph,
    /// A value in metadata.
    Json,
    /// What a hole shows.
    Hole,
    /// A value in a table.
    Cell,
    /// `anonymous`, or a number
    Number,
    Zone,
    /// The home country of numbers, or `any`.
    HomeCountry,
    Weekday,
    Month,
    /// The days of a schedule's line.
    Day,
    /// Hours behind `closed` or `also`.
    Window,
    /// `closed from … to …` in a schedule.
    Closure,
    /// What days are counted from: `2 days before …`.
    CountedFrom,
    /// The hours of a schedule's line.
    Hours,
    /// A line of a rotation.
    RotationLine,
    /// How often a line of a rotation hands over.
    Turns,
    /// The date of an example's call.
    Date,
}

/// What a test is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TestSubject<'t> {
    /// A field or a column of this type; by the name that it is compared under.
    Of(Type, &'t str),
    /// A text of the call; by the name that it is compared under.
    OfCall(&'t str),
    Switch,
    Rotation,
    Condition,
    Unknown,
}

/// What could stand at a place, and the rows that are known there: the name after `as`, and the
/// table.
#[derive(Debug)]
pub(super) struct CursorPlace<'t> {
    pub wants: Vec<Expected<'t>>,
    pub rows: Vec<(&'t str, &'t str)>,
}

/// Goes on, or the words have run out where one of these could stand.
type FollowResult<'t, T = ()> = Result<T, Vec<Expected<'t>>>;

/// What could stand after these tokens, which end where the word at `end` begins.
pub(super) fn place<'t>(text: &'t str, tokens: &[TextToken<'t>], names: &TextNames<'t>, end: usize) -> CursorPlace<'t> {
    let mut follower = Follower { text, tokens, names, end, at: 0, depth: 0, rows: Vec::new(), after: Vec::new() };
    loop {
        if let Err(wants) = follower.item(true) {
            return CursorPlace { wants, rows: follower.rows };
        }
    }
}

/// The type of a table's column, by its first cell.
pub(super) fn column_type(names: &TextNames, cell: Option<TextToken>) -> Option<Type> {
    let cell = cell?;
    Some(match cell.shape {
        Shape::Text => Type::Text,
        Shape::Figure if cell.text.contains('.') => Type::Decimal,
        Shape::Figure => Type::Integer,
        Shape::Word if matches!(cell.text, "true" | "false") => Type::Boolean,
        Shape::Word if names.find(cell.text).is_some_and(|found| found.sort == DefinitionKind::Schedule) => {
            Type::Schedule
        }
        Shape::Word => Type::Agent,
        Shape::Number | Shape::Mark => return None,
    })
}

struct Follower<'t, 'a> {
    text: &'t str,
    tokens: &'a [TextToken<'t>],
    names: &'a TextNames<'t>,
    end: usize,
    at: usize,
    depth: usize,
    rows: Vec<(&'t str, &'t str)>,
    /// What may stand after the item that is followed.
    after: Vec<Expected<'t>>,
}

impl<'t> Follower<'t, '_> {
    fn peek(&self) -> Option<TextToken<'t>> {
        self.tokens.get(self.at).copied()
    }

    fn peek_is(&self, word: &str) -> bool {
        self.peek().is_some_and(|token| token.is(word))
    }

    /// The next token, or what was wanted.
    fn next(&mut self, wants: &[Expected<'t>]) -> FollowResult<'t, TextToken<'t>> {
        let token = self.look(wants)?;
        self.at += 1;
        Ok(token)
    }

    /// The same, and it is still to be taken.
    fn look(&self, wants: &[Expected<'t>]) -> FollowResult<'t, TextToken<'t>> {
        self.peek().ok_or_else(|| wants.to_vec())
    }

    /// Takes this word if it is the next.
    fn take(&mut self, word: &'static str, wants: &[Expected<'t>]) -> FollowResult<'t, bool> {
        let is_next = self.look(wants)?.is(word);
        self.at += usize::from(is_next);
        Ok(is_next)
    }

    /// Takes one of these shapes if it is the next.
    fn shape(&mut self, shapes: &[Shape], wants: &[Expected<'t>]) -> FollowResult<'t, Option<TextToken<'t>>> {
        let token = self.look(wants)?;
        let is_next = shapes.contains(&token.shape);
        self.at += usize::from(is_next);
        Ok(is_next.then_some(token))
    }

    /// Whether what comes next begins something else: a bracket before it was not closed.
    fn is_left(&self) -> bool {
        self.begins_contextual()
            || begins_home_country(self.tokens, self.at)
            || self.peek().is_some_and(|token| token.shape == Shape::Word && is_starter(token.text))
    }

    /// Whether `attribute NAME =` or `rotation NAME {` comes next; the word alone may be a name.
    fn begins_contextual(&self) -> bool {
        begins_contextual(self.tokens, self.at)
    }

    /// What may go on with an item, and what may stand after it: on a new line that is likelier.
    fn with_after(&self, more: &[Expected<'t>]) -> Vec<Expected<'t>> {
        match self.is_on_a_new_line() {
            true => [&self.after, more].concat(),
            false => [more, &self.after].concat(),
        }
    }

    fn is_on_a_new_line(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|before| self.tokens.get(before));
        let from = before.map_or(0, |before| before.end());
        let to = self.peek().map_or(self.end, |next| next.start);
        self.text.get(from..to).is_some_and(|gap| gap.contains('\n'))
    }
}
