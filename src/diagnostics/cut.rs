//! Keeps a message short, whatever it quotes: a name or a text of a plan may be a megabyte long.

/// Maximum number of characters of a quotation.
const LONGEST_QUOTATION: usize = 120;
/// Maximum number of characters of a message.
const LONGEST_MESSAGE: usize = 1200;
/// Stands for what was cut.
const CUT: char = '…';

/// The message with what stands in its backquotes cut, and itself where that is not enough.
pub(super) fn message(message: String) -> String {
    if message.len() <= LONGEST_QUOTATION {
        return message;
    }
    let mut short = String::new();
    for (at, part) in message.split('`').enumerate() {
        if at > 0 {
            short.push('`');
        }
        let is_quotation = at % 2 == 1;
        push_cut(&mut short, part, if is_quotation { LONGEST_QUOTATION } else { LONGEST_MESSAGE });
        if short.len() > 4 * LONGEST_MESSAGE {
            break;
        }
    }
    if short.chars().nth(LONGEST_MESSAGE).is_some() {
        let long = std::mem::take(&mut short);
        push_cut(&mut short, &long, LONGEST_MESSAGE);
    }
    short
}

/// At most `most` characters of a text, with a mark where some are left out.
fn push_cut(to: &mut String, text: &str, most: usize) {
    match text.char_indices().nth(most) {
        Some((end, _)) => {
            to.push_str(&text[..end]);
            to.push(CUT);
        }
        None => to.push_str(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_quotations_are_cut_and_the_words_around_them_stay() {
        let long = "é".repeat(100_000);
        let cut = message(format!("no agent is called `{long}`; did you mean `{long}`?"));
        assert!(cut.starts_with("no agent is called `é") && cut.ends_with("…`?"), "{cut}");
        assert!(cut.contains("`; did you mean `") && cut.chars().count() < 300);
        assert_eq!(message("`a` is short".to_owned()), "`a` is short");
    }

    #[test]
    fn a_message_without_quotations_is_cut_too() {
        for part in ["x", "`", "`x", "é` "] {
            assert!(message(part.repeat(1_000_000)).chars().count() <= LONGEST_MESSAGE + 1, "{part}");
        }
    }
}
