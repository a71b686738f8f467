//! How the command line says things: counts, what the system refuses, text from strangers.

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

/// In backquotes, cut if it is long.
pub fn quote(text: &str) -> String {
    match text.char_indices().nth(LONGEST_QUOTE) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}

/// Names in backquotes: `` `a`, `b` and 3 more ``.
pub fn list<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    const MOST: usize = 20;
    let more = names.len().saturating_sub(MOST);
    let shown = names.take(MOST).map(quote).collect::<Vec<_>>().join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}

/// What the system refused, without the number it has for it.
pub fn io(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::IsADirectory => "it is a folder".into(),
        io::ErrorKind::NotADirectory => "a part of its path is not a folder".into(),
        io::ErrorKind::StorageFull => "the disk is full".into(),
        io::ErrorKind::ReadOnlyFilesystem => "the disk cannot be written to".into(),
        _ => {
            let said = error.to_string();
            let said = said.split(" (os error").next().unwrap_or_default();
            let mut letters = said.chars();
            letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
        }
    }
}

/// Text fit for a terminal, on one line.
pub fn clean(text: &str) -> Cow<'_, str> {
    callplan::diagnostics::text::clean_line(text)
}

/// Text fit for a terminal, its line breaks kept.
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
