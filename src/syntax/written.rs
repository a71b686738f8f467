//! Pieces of a plan as messages and traces show them.

/// A piece of a plan on one line: without its comments, with one space wherever space or a line's
/// end stands. Quoted texts stay as they are. The piece begins and ends between words.
pub fn on_one_line(piece: &str) -> String {
    let mut line = String::with_capacity(piece.len());
    let mut rest = piece;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => lines_length(rest),
            '#' => rest.find('\n').unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (next, after) = rest.split_at(length);
        match first {
            '#' => {}
            space if space.is_whitespace() => line.extend((!line.is_empty() && !line.ends_with(' ')).then_some(' ')),
            _ => line.push_str(next),
        }
        rest = after;
    }
    line.truncate(line.trim_end().len());
    line
}

/// The length of the text that begins here, with its quotes. One that is not closed ends with its
/// line.
pub fn text_length(rest: impl AsRef<[u8]>) -> usize {
    let rest = rest.as_ref();
    let mut escaped = false;
    for (at, byte) in rest.iter().enumerate().skip(1) {
        match byte {
            b'"' if !escaped => return at + 1,
            b'\n' => return at,
            _ => escaped = *byte == b'\\' && !escaped,
        }
    }
    rest.len()
}

/// The length of the text that begins here and may go over several lines, with its quotes; without a
/// closing quote, all there is.
fn lines_length(rest: &str) -> usize {
    let mut escaped = true;
    let closing = rest.char_indices().find(|(_, character)| {
        let closes = *character == '"' && !escaped;
        escaped = *character == '\\' && !escaped;
        closes
    });
    closing.map_or(rest.len(), |(at, _)| at + 1)
}

/// A text as a plan writes it: in quotes, with its escapes. No character of it can end a line or
/// steer a terminal.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' | '{' | '}' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            control if control.is_control() => quoted.push('\u{fffd}'),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_shown_on_one_line_without_its_comments() {
        assert_eq!(on_one_line("when  a # {\n  and b"), "when a and b");
        assert_eq!(on_one_line("rule \"a  # {\" # }\n\n  when c#d"), "rule \"a  # {\" when c");
        assert_eq!(on_one_line("rule \"\\\" #\"  when\tc"), "rule \"\\\" #\" when c");
        assert_eq!(on_one_line("# one\n# two\nreject"), "reject");
    }

    #[test]
    fn a_text_is_shown_as_a_plan_writes_it() {
        assert_eq!(quoted("say \"hi\"\n\t{a}\\"), r#""say \"hi\"\n\t\{a\}\\""#);
        assert_eq!(quoted("a\u{1b}[1m\r"), "\"a\u{fffd}[1m\u{fffd}\"");
    }
}
