//! Wording of the command line: counts, system errors, and text from outside.

use std::borrow::Cow;
use std::io;

/// Maximum number of characters of a text that a message quotes.
const LONGEST_QUOTE: usize = 60;

/// `1 error`, `2 errors`, `3 fixes`.
pub fn count(number: usize, noun: &str) -> String {
    let ending = match (number, noun.ends_with('x')) {
        (1, _) => "",
        (_, true) => "es",
        (_, false) => "s",
    };
    format!("{number} {noun}{ending}")
}

/// The text in backquotes, cut if it is long.
pub fn quote(text: &str) -> String {
    match text.char_indices().nth(LONGEST_QUOTE) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}

/// Names in backquotes: `` `a`, `b` and 3 more ``.
pub fn list<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    const MAXIMUM: usize = 20;
    let more = names.len().saturating_sub(MAXIMUM);
    let names = names.take(MAXIMUM).map(quote).collect::<Vec<_>>().join(", ");
    if more == 0 { names } else { format!("{names} and {more} more") }
}

/// The system's error without its number.
pub fn io(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::IsADirectory => "it is a folder".into(),
        io::ErrorKind::NotADirectory => "a part of its path is not a folder".into(),
        io::ErrorKind::StorageFull => "the disk is full".into(),
        io::ErrorKind::ReadOnlyFilesystem => "the disk cannot be written to".into(),
        _ => {
            let message = error.to_string();
            let message = message.split(" (os error").next().unwrap_or_default();
            let mut letters = message.chars();
            letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
        }
    }
}

/// A text that is safe for a terminal, on one line.
pub fn clean(text: &str) -> Cow<'_, str> {
    callplan::diagnostics::text::clean_line(text)
}

/// A text that is safe for a terminal, with its line breaks.
pub fn clean_lines(text: &str) -> Cow<'_, str> {
    callplan::diagnostics::text::clean_lines(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_between_characters() {
        assert_eq!(quote("é"), "`é`");
        assert_eq!(quote(&"é".repeat(61)), format!("`{}…`", "é".repeat(60)));
    }

    #[test]
    fn lists_end() {
        let names: Vec<String> = (0..25).map(|number| number.to_string()).collect();
        assert!(list(names.iter().map(String::as_str)).ends_with("`19` and 5 more"));
        assert_eq!(list(["a", "b"].into_iter()), "`a`, `b`");
    }

    #[test]
    fn the_system_speaks_without_numbers() {
        assert_eq!(io(&io::Error::from_raw_os_error(2)), "there is no such file");
        assert_eq!(io(&io::Error::from_raw_os_error(40)), "too many levels of symbolic links");
    }
}
