//! What the words of the language mean, a line each. What a field of the call holds is in
//! [`crate::fields`].

/// Words with a meaning, in alphabetical order. Fields and the names of days and months are not
/// among them.
pub(super) const WORDS: &[(&str, &str)] = &[
    ("after", "`day after …`: the day that follows another"),
    ("agent", "names an agent of the organization: `agent NAME = \"id\"`"),
    ("all", "`all day`: open from midnight to midnight"),
    ("always", "a proof: every call for which the condition holds gets the decision"),
    ("and", "both hold"),
    ("anonymous", "a number that is withheld"),
    ("as", "names the row that is found, for its columns: `in accounts as account`"),
    ("at", "when the call of an example comes: a date and a time"),
    ("by", "what a split goes by: the caller, who stays in one arm, or each call anew"),
    ("call", "the call of an example; or `by call`: a split chooses an arm for each call anew"),
    ("closed", "a schedule is not open; as the hours of a line, no window on these days"),
    ("condition", "names a condition: `condition NAME = …`"),
    ("context", "adds a paragraph that the agent is given before the call"),
    ("country", "the country of a number: `caller.country`, `dialed.country`"),
    ("days", "names a list of calendar days: `days NAME = [ … ]`"),
    ("every", "a day, or a range of days, of every year: `every 12-25`"),
    ("example", "a call and what is expected of it; a plan whose example fails is not accepted"),
    ("except", "what is left out: numbers of a list, or days on which a schedule does not open"),
    ("expect", "what must come of the call of an example"),
    ("fallback", "decides: the config's fallback agent answers"),
    ("false", "a value of a column, or in metadata"),
    ("first", "the first such weekday of a month: `first mon of month`"),
    ("fourth", "the fourth such weekday of a month: `fourth thu of nov`"),
    ("from", "who calls, in an example"),
    ("in", "is one of a list, a range or a table; or the time zone of a schedule or an example"),
    ("is", "has this value, or is open, closed, on or off"),
    ("last", "the last such weekday of a month: `last fri of month`"),
    ("metadata", "adds keys and values that are kept with the conversation"),
    ("never", "a proof: no call for which the condition holds gets the decision"),
    ("not", "turns a test around"),
    ("null", "no value, in metadata"),
    ("numbers", "names a list of numbers: `numbers NAME = [ … ]`"),
    ("of", "the month of a weekday: `last fri of month`"),
    ("off", "a switch is not turned on"),
    ("on", "a switch is turned on; or the trunk of an example's call"),
    ("open", "a schedule is open at the time of the call"),
    ("or", "one of the two holds, or both"),
    ("pre_conversation_workflow", "what runs before the conversation, where it is not skipped"),
    ("reject", "decides: the call is turned away"),
    ("route", "decides: the call goes to an agent"),
    ("rule", "a named block that runs where its condition holds; traces, logs and reports show its name"),
    ("schedule", "names opening hours: `schedule NAME { … }`"),
    ("second", "the second such weekday of a month: `second mon of month`"),
    ("skip", "leaves out the pre-conversation workflow"),
    ("split", "sends a share of the calls one way and the rest another"),
    ("switch", "names a switch, which an operator turns on and off without an edit of the plan"),
    ("table", "names rows that are found by a number, with columns to test, to show and to route to"),
    ("third", "the third such weekday of a month: `third tue of month`"),
    ("timezone", "the zone of the plan's times and days"),
    ("to", "where a call goes: the agent of a route, the dialed number of an example"),
    ("true", "a value of a column, or in metadata"),
    ("unknown", "no country: the number has none"),
    ("version", "one version of an agent; without it, the newest that is published"),
    ("when", "runs its block where the condition holds"),
    ("with", "the switches that are on for the call of an example"),
];

/// Words that mean something else together: the one before, the one that is looked up, the one
/// after.
const TOGETHER: &[(Option<&str>, &str, Option<&str>, &str)] = &[
    (Some("all"), "day", None, "`all day`: open from midnight to midnight"),
    (None, "day", Some("after"), "`day after …`: the day that follows another"),
    (Some("by"), "caller", None, "`by caller`: the same caller stays in the same arm"),
    (Some("on"), "trunk", None, "`on trunk …`: the trunk on which the call of an example comes in"),
    (Some("of"), "month", None, "`of month`: of every month"),
];

/// The days of a week, then the months of a year, as a plan writes them and in full.
pub(super) const WEEKDAYS: [(&str, &str); 7] = [
    ("mon", "Monday"),
    ("tue", "Tuesday"),
    ("wed", "Wednesday"),
    ("thu", "Thursday"),
    ("fri", "Friday"),
    ("sat", "Saturday"),
    ("sun", "Sunday"),
];
pub(super) const MONTHS: [(&str, &str); 12] = [
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

/// The words that begin statements, in the order in which they are offered.
pub(super) const STATEMENTS: [&str; 9] =
    ["rule", "when", "route", "context", "metadata", "reject", "fallback", "split", "skip"];
/// The words that begin definitions, examples and proofs.
pub(super) const DEFINITIONS: [&str; 11] =
    ["agent", "numbers", "schedule", "condition", "switch", "days", "table", "example", "always", "never", "timezone"];

/// Whether a word begins a statement or a definition.
pub(super) fn is_starter(word: &str) -> bool {
    STATEMENTS.contains(&word) || DEFINITIONS.contains(&word)
}

/// What a word means, in a line.
pub(super) fn meaning(word: &str) -> Option<&'static str> {
    let found = WORDS.binary_search_by_key(&word, |(word, _)| word).ok().map(|at| WORDS[at].1);
    let named = || WEEKDAYS.iter().chain(&MONTHS).find(|(short, _)| *short == word).map(|(_, full)| *full);
    found.or_else(named)
}

/// What a word means, in a line; of one that is a field elsewhere, what it means where it is none.
pub(super) fn meaning_as_word(word: &str) -> &'static str {
    let together = || TOGETHER.iter().rfind(|(_, of, ..)| *of == word).map(|(.., says)| *says);
    meaning(word).or_else(together).unwrap_or_default()
}

/// What a word means between these two, where that is not what it means alone.
pub(super) fn meaning_between(before: Option<&str>, word: &str, after: Option<&str>) -> Option<&'static str> {
    let is = |wanted: Option<&str>, found: Option<&str>| wanted.is_none() || wanted == found;
    let found = TOGETHER.iter().find(|(first, of, last, _)| *of == word && is(*first, before) && is(*last, after));
    found.map(|(.., says)| *says)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::FIELDS;
    use crate::syntax::{is_reserved, reserved};

    #[test]
    fn every_word_of_the_language_has_a_meaning_and_no_other_has() {
        assert!(WORDS.is_sorted_by_key(|(word, _)| word));
        for word in reserved() {
            let is_field = FIELDS.iter().any(|field| field.name == word);
            assert_eq!(meaning(word).is_none(), is_field, "{word}");
        }
        for (word, says) in WORDS {
            assert!(is_reserved(word), "{word}");
            assert!(!says.ends_with('.') && says.lines().count() == 1 && says.len() < 110, "{word}: {says}");
        }
        assert!(STATEMENTS.iter().chain(&DEFINITIONS).all(|word| meaning(word).is_some()));
    }
}
