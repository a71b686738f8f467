//! The words that have a meaning in the language, and so are no names.

/// What a word of the language is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordKind {
    /// Begins a definition; the name that it defines follows.
    Definition,
    /// Begins a statement, an example or a proof, or a part of an example.
    Statement,
    /// Joins the parts of a statement or a condition.
    Connective,
    /// Narrows the word beside it: `first mon of month`, `storm off`.
    Modifier,
    /// A value.
    Value,
    /// A field of the call.
    Field,
    /// Names a setting of the plan or of the platform.
    Setting,
    /// A day of the week.
    Weekday,
    /// A month of the year.
    Month,
}

/// The words of the language, in alphabetical order, each with its meaning in one line for editors.
/// A field has none here: [`crate::fields`] says what it holds. Days and months have tables of
/// their own. The lists of the console and of the fuzzer are made from these tables by
/// `tests/docs.rs`.
#[rustfmt::skip]
const WORDS: &[(&str, WordKind, &str)] = &[
    ("after", WordKind::Connective, "`day after …`, `2 days after …`: a day that comes after another"),
    ("agent", WordKind::Definition, "names an agent of the organization: `agent NAME = \"id\"`"),
    ("all", WordKind::Connective, "`all day`: open from midnight to midnight"),
    ("always", WordKind::Statement, "a proof: every call for which the condition holds gets the decision"),
    ("and", WordKind::Connective, "both hold"),
    ("anonymous", WordKind::Value, "a number that is withheld"),
    ("as", WordKind::Connective, "names the row that is found, for its columns: `in accounts as account`"),
    ("at", WordKind::Connective, "when the call of an example comes: a date and a time"),
    ("by", WordKind::Connective, "what a split goes by: the caller, who stays in one arm, or each call anew"),
    ("call", WordKind::Statement, "the call of an example; or `by call`: a split chooses an arm for each call anew"),
    ("caller", WordKind::Field, ""),
    ("closed", WordKind::Connective, "a schedule is not open; in a line, no window on these days, or `closed 13:00-15:00`"),
    ("condition", WordKind::Definition, "names a condition: `condition NAME = …`"),
    ("context", WordKind::Statement, "adds a paragraph that the agent is given before the call"),
    ("country", WordKind::Field, "the country of a number: `caller.country`; or the home of numbers without `+`: `country GB`"),
    ("date", WordKind::Field, ""),
    ("day", WordKind::Modifier, ""),
    ("days", WordKind::Definition, "names a list of calendar days: `days NAME = [ … ]`"),
    ("dialed", WordKind::Field, ""),
    ("every", WordKind::Connective, "a day, or a range of days, of every year: `every 12-25`; or `every 2 weeks from DATE`"),
    ("example", WordKind::Statement, "a call and what is expected of it; a plan whose example fails is not accepted"),
    ("except", WordKind::Connective, "what is left out: numbers of a list, or days on which a schedule does not open"),
    ("expect", WordKind::Statement, "what must come of the call of an example"),
    ("fallback", WordKind::Statement, "decides: the config's fallback agent answers"),
    ("false", WordKind::Value, "a value of a column, or in metadata"),
    ("first", WordKind::Modifier, "the first such weekday of a month: `first mon of month`"),
    ("fourth", WordKind::Modifier, "the fourth such weekday of a month: `fourth thu of nov`"),
    ("from", WordKind::Connective, "who calls, in an example"),
    ("in", WordKind::Connective, "is one of a list, a range or a table; or the time zone of a schedule or an example"),
    ("is", WordKind::Connective, "has this value, or is open, closed, on or off"),
    ("last", WordKind::Modifier, "the last such weekday of a month: `last fri of month`"),
    ("metadata", WordKind::Statement, "adds keys and values that are kept with the conversation"),
    ("month", WordKind::Field, ""),
    ("never", WordKind::Statement, "a proof: no call for which the condition holds gets the decision"),
    ("not", WordKind::Connective, "turns a test around"),
    ("now", WordKind::Field, ""),
    ("null", WordKind::Value, "no value, in metadata"),
    ("numbers", WordKind::Definition, "names a list of numbers: `numbers NAME = [ … ]`"),
    ("of", WordKind::Connective, "the month of a weekday: `last fri of month`"),
    ("off", WordKind::Modifier, "a switch is not turned on"),
    ("on", WordKind::Connective, "a switch is turned on; or the trunk of an example's call"),
    ("open", WordKind::Connective, "a schedule is open at the time of the call"),
    ("or", WordKind::Connective, "one of the two holds, or both"),
    ("organization", WordKind::Field, ""),
    ("pre_conversation_workflow", WordKind::Setting, "what runs before the conversation, where it is not skipped"),
    ("reject", WordKind::Statement, "decides: the call is turned away"),
    ("route", WordKind::Statement, "decides: the call goes to an agent"),
    ("rule", WordKind::Statement, "a named block that runs where its condition holds; traces, logs and reports show its name"),
    ("schedule", WordKind::Definition, "names opening hours: `schedule NAME { … }`"),
    ("second", WordKind::Modifier, "the second such weekday of a month: `second mon of month`"),
    ("skip", WordKind::Statement, "leaves out the pre-conversation workflow"),
    ("split", WordKind::Statement, "sends a share of the calls one way and the rest another"),
    ("switch", WordKind::Definition, "names a switch, which an operator turns on and off without an edit of the plan"),
    ("table", WordKind::Definition, "names rows that are found by a number, with columns to test, to show and to route to"),
    ("third", WordKind::Modifier, "the third such weekday of a month: `third tue of month`"),
    ("time", WordKind::Field, ""),
    ("timezone", WordKind::Setting, "the zone of the plan's times and days"),
    ("to", WordKind::Connective, "where a call goes: the agent of a route, the dialed number of an example"),
    ("true", WordKind::Value, "a value of a column, or in metadata"),
    ("trunk", WordKind::Field, ""),
    ("unknown", WordKind::Value, "no country: the number has none"),
    ("version", WordKind::Connective, "one version of an agent; without it, the newest that is published"),
    ("weekday", WordKind::Field, ""),
    ("when", WordKind::Statement, "runs its block where the condition holds"),
    ("with", WordKind::Connective, "the switches that are on for the call of an example"),
];

/// The words that mean something in one place alone, and are free as names, in alphabetical order.
#[rustfmt::skip]
const CONTEXTUAL: &[(&str, WordKind, &str)] = &[
    ("also", WordKind::Connective, "`also 18:00-20:00`: these hours are added to those that the day has"),
    ("any", WordKind::Value, "`country any on trunk …`: each number begins with the code of its country"),
    ("asserted", WordKind::Connective, "the number that the caller's carrier asserts, in an example"),
    ("attested", WordKind::Connective, "how far the caller's number is vouched for, in an example: `A`, `B`, `C`, `failed`"),
    ("attribute", WordKind::Definition, "names a text that calls bring, such as a header: `attribute NAME = \"X-Campaign\"`"),
    ("before", WordKind::Connective, "`day before …`, `2 days before …`: a day that comes before another"),
    ("contains", WordKind::Connective, "a text of the call has this in it, whatever the capitals"),
    ("diverted", WordKind::Connective, "`diverted from …`: who sent the call of an example on"),
    ("easter", WordKind::Value, "Easter Sunday; `2 days before easter` is Good Friday, `day after easter` Easter Monday"),
    ("failed", WordKind::Value, "the signature of the caller's number is wrong"),
    ("fifth", WordKind::Modifier, "the fifth such weekday of a month, in months that have one: `fifth sat of month`"),
    ("named", WordKind::Connective, "the name that the caller of an example shows"),
    ("none", WordKind::Value, "no number at all, which is not a withheld one"),
    ("orthodox", WordKind::Modifier, "`orthodox easter`: the Easter Sunday of the orthodox churches"),
    ("rotation", WordKind::Definition, "names who is on call, each in turn: `rotation NAME { … }`"),
    ("starts", WordKind::Connective, "`starts with …`: a text of the call begins with this, whatever the capitals"),
    ("week", WordKind::Connective, "`every week`: a rotation hands over every seven days"),
    ("weeks", WordKind::Connective, "`every 2 weeks from DATE`: that date, and each one so many weeks later"),
];

/// The days of the week, as a plan writes them and in full.
pub(crate) const WEEKDAY_NAMES: [(&str, &str); 7] = [
    ("mon", "Monday"),
    ("tue", "Tuesday"),
    ("wed", "Wednesday"),
    ("thu", "Thursday"),
    ("fri", "Friday"),
    ("sat", "Saturday"),
    ("sun", "Sunday"),
];
/// The months of the year, as a plan writes them and in full.
pub(crate) const MONTH_NAMES: [(&str, &str); 12] = [
    ("jan", "January"),
    ("feb", "February"),
    ("mar", "March"),
    ("apr", "April"),
    ("may", "May"),
    ("jun", "June"),
    ("jul", "July"),
    ("aug", "August"),
    ("sep", "September"),
    ("oct", "October"),
    ("nov", "November"),
    ("dec", "December"),
];
/// The words for the days of the week, from Monday on.
pub const WEEKDAYS: [&str; 7] = first_of_each(WEEKDAY_NAMES);
/// The words for the months of the year, from January on.
pub const MONTHS: [&str; 12] = first_of_each(MONTH_NAMES);

const fn first_of_each<const N: usize>(names: [(&'static str, &'static str); N]) -> [&'static str; N] {
    let mut words = [""; N];
    let mut at = 0;
    while at < N {
        words[at] = names[at].0;
        at += 1;
    }
    words
}

/// Whether a word begins a definition whose name follows it.
pub(crate) fn begins_named_definition(word: &str) -> bool {
    entry(word).is_some_and(|(_, kind, _)| *kind == WordKind::Definition)
}

fn entry(word: &str) -> Option<&'static (&'static str, WordKind, &'static str)> {
    WORDS.binary_search_by_key(&word, |(word, ..)| word).ok().map(|at| &WORDS[at])
}

/// A word's meaning in one line. `None` for a field and for a word that is not in the language.
pub(crate) fn meaning(word: &str) -> Option<&'static str> {
    let meaning = entry(word).map(|(.., meaning)| *meaning).filter(|meaning| !meaning.is_empty());
    let named = || WEEKDAY_NAMES.iter().chain(&MONTH_NAMES).find(|(short, _)| *short == word).map(|(_, full)| *full);
    meaning.or_else(named)
}

/// What a word means in its place, in one line, if it is free elsewhere.
pub(crate) fn contextual_meaning(word: &str) -> Option<&'static str> {
    CONTEXTUAL.iter().find(|(known, ..)| *known == word).map(|(.., meaning)| *meaning)
}

/// All words that mean something in one place alone and are free as names, with what each is for:
/// for editors and tests.
pub fn contextual_words() -> impl Iterator<Item = (&'static str, WordKind)> {
    CONTEXTUAL.iter().map(|(word, kind, _)| (*word, *kind))
}

/// Whether a word has a meaning of its own, so that nothing can be named so.
pub fn is_reserved(word: &str) -> bool {
    entry(word).is_some() || WEEKDAYS.contains(&word) || MONTHS.contains(&word)
}

/// All words that have a meaning of their own, with what each is for: for editors and tests.
///
/// ```
/// use callplan::syntax::{WordKind, reserved_words};
///
/// let mut values = reserved_words().filter(|(_, kind)| *kind == WordKind::Value);
/// assert!(values.any(|(word, _)| word == "anonymous"));
/// ```
pub fn reserved_words() -> impl Iterator<Item = (&'static str, WordKind)> {
    let weekdays = WEEKDAYS.into_iter().map(|word| (word, WordKind::Weekday));
    let months = MONTHS.into_iter().map(|word| (word, WordKind::Month));
    WORDS.iter().map(|(word, kind, _)| (*word, *kind)).chain(weekdays).chain(months)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_words_are_sorted_for_the_search() {
        assert!(WORDS.is_sorted_by_key(|(word, ..)| word) && CONTEXTUAL.is_sorted_by_key(|(word, ..)| word));
        assert!(contextual_words().all(|(word, _)| !is_reserved(word)));
        assert!(is_reserved("table") && is_reserved("sep") && !is_reserved("vips"));
    }
}
