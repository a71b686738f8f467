//! What the words of the language mean beside other words, and which of them begin something. What
//! each means alone is in its table (`syntax/words.rs`).

pub(super) use crate::syntax::{MONTH_NAMES, WEEKDAY_NAMES, contextual_meaning, meaning};

/// Words that mean something else together: the one before, the one that is looked up, the one
/// after.
const TOGETHER: &[(Option<&str>, &str, Option<&str>, &str)] = &[
    (Some("all"), "day", None, "`all day`: open from midnight to midnight"),
    (None, "day", Some("before"), "`day before …`: the day that comes before another"),
    (None, "day", Some("after"), "`day after …`: the day that follows another"),
    (None, "days", Some("after"), "`2 days after …`: a day that comes so many days after another"),
    (None, "days", Some("before"), "`2 days before …`: a day that comes so many days before another"),
    (Some("weeks"), "from", None, "the date from which weeks are counted: `every 2 weeks from DATE`"),
    (Some("by"), "caller", None, "`by caller`: the same caller stays in the same arm"),
    (
        Some("on"),
        "trunk",
        None,
        "`on trunk …`: the trunk on which the call of an example comes in, or that has a home country of its own",
    ),
    (Some("starts"), "with", None, "`starts with …`: a text begins with this, whatever the capitals"),
    (Some("of"), "month", None, "`of month`: of every month"),
];

/// The words that begin statements, in the order in which they are offered.
pub(super) const STATEMENTS: [&str; 9] =
    ["rule", "when", "route", "context", "metadata", "reject", "fallback", "split", "skip"];
/// The words that begin definitions, examples and proofs.
pub(super) const DEFINITIONS: [&str; 11] =
    ["agent", "numbers", "schedule", "condition", "switch", "days", "table", "example", "always", "never", "timezone"];

/// The words that begin a definition where what they need follows, and else mean something else.
pub(super) const CONTEXTUAL_DEFINITIONS: [&str; 3] = ["attribute", "country", "rotation"];

/// Whether a word begins a statement or a definition.
pub(super) fn is_starter(word: &str) -> bool {
    STATEMENTS.contains(&word) || DEFINITIONS.contains(&word)
}

/// What a word means, in a line; of one that is a field elsewhere, what it means where it is none.
pub(super) fn meaning_as_word(word: &str) -> &'static str {
    let together = || TOGETHER.iter().rfind(|(_, of, ..)| *of == word).map(|(.., says)| *says);
    meaning(word).or_else(together).or_else(|| contextual_meaning(word)).unwrap_or_default()
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
    use crate::syntax::reserved_words;

    #[test]
    fn every_word_but_a_field_has_a_meaning_in_one_line() {
        for (word, _) in reserved_words() {
            let is_field = FIELDS.iter().any(|field| field.name == word);
            assert_eq!(meaning(word).is_none(), is_field, "{word}");
            let says = meaning(word).unwrap_or_default();
            assert!(!says.ends_with('.') && says.lines().count() <= 1 && says.len() < 110, "{word}: {says}");
        }
        assert!(STATEMENTS.iter().chain(&DEFINITIONS).all(|word| meaning(word).is_some()));
    }
}
