//! `attribute` without one of its parts: its name, its `=`, the quotes of what calls name it.

use super::line_from;
use crate::diagnostics::{Diagnostic, Grade};
use crate::source::Span;
use crate::syntax::{is_reserved, problems, quoted};

/// A definition that begins with `attribute` and could not be read.
pub(in crate::syntax) fn attribute(text: &str, keyword: Span) -> Diagnostic {
    let start = keyword.end as usize;
    let line = line_from(text, start);
    let line = line.split('#').next().unwrap_or_default().trim_end();
    let whole = Span::new(keyword.start as usize, start + line.len());
    let rest = line.trim_start();
    let (first, after) = split_word(rest);
    let mark = [":=", "==", "=", ":", "is "].into_iter().find(|mark| after.starts_with(mark)).unwrap_or_default();
    let header = after[mark.len()..].trim().trim_matches(['"', '\'']);
    let is_header =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    let is_name = |word: &str| word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !is_reserved(word);
    let has_name = is_name(first) && first.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    let (grade, name, header) = match (has_name, is_header(header)) {
        (true, true) => (Grade::Safe, first.to_owned(), header),
        // `attribute X-Campaign`, `attribute "X-Campaign"`, `attribute = "X-Campaign"`
        _ => {
            let header = rest.trim_start_matches(['=', ':', ' ']).trim_matches(['"', '\'']);
            match (is_header(header), name_of(header)) {
                (true, Some(name)) => (Grade::Suggestion, name, header),
                (_, Some(_) | None) => return problems::attribute(keyword, None),
            }
        }
    };
    problems::attribute(keyword, Some((grade, whole, format!("attribute {name} = {}", quoted(header)))))
}

/// The first word of a line, without quotes, and what stands after it.
fn split_word(line: &str) -> (&str, &str) {
    let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(line.len());
    (&line[..end], line[end..].trim_start())
}

/// What a plan may call a header: `campaign` for `X-Campaign`.
fn name_of(header: &str) -> Option<String> {
    let lower = header.to_ascii_lowercase();
    let bare = lower.strip_prefix("x-").or_else(|| lower.strip_prefix("p-")).unwrap_or(&lower);
    let name: String = bare.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase()) && !is_reserved(&name);
    is_name.then_some(name)
}
