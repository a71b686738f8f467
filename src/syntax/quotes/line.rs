//! A line whose straight quotes are odd in number: which one is missing, or stands once too often.
//!
//! Each way to put it right is tried: the line is read again with it, and every text on it must
//! stand where a text may stand, and be followed by what may follow it there.

use super::slot::{self, TextSlot};

/// Maximum length of a line that is searched for its missing quote, in bytes. In a longer line, the
/// text is closed at the line's end.
const LONGEST: usize = 2000;
/// Maximum number of corrections that are tried for one line.
const MAX_TRIALS: usize = 40;

/// What is wrong with a line, and the edit that puts it right.
pub(super) struct QuoteSlip {
    pub kind: QuoteSlipKind,
    /// Where the edit is.
    pub at: usize,
    /// How many bytes go.
    pub removed: usize,
    /// What comes.
    pub added: String,
    /// Whether no other edit would do as well.
    pub is_certain: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum QuoteSlipKind {
    /// The text that opens here has no closing quote.
    Closing(usize),
    /// The text that closes here has no opening quote.
    Opening(usize),
    /// A quote stands once too often.
    Doubled,
}

/// The straight quotes that are not escaped.
pub(super) fn straight_quotes(text: &str) -> impl Iterator<Item = usize> {
    let mut escaped = false;
    text.bytes().enumerate().filter_map(move |(at, byte)| {
        let is_quote = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        is_quote.then_some(at)
    })
}

/// Where the next text of a piece of code begins.
pub(super) fn next_text(code: &str) -> Option<usize> {
    code.find(['"', '#']).filter(|at| code.as_bytes()[*at] == b'"')
}

/// Where the words of a line end that is not closed: marks that close something else are none of
/// them.
pub(super) fn end_of_words(line: &str) -> usize {
    line.trim_end_matches([' ', '\t', ',', '}', ']', ')', '\\']).len()
}

/// What is wrong with a line; `None` where nothing would put it right.
pub(super) fn slip(line: &str) -> Option<QuoteSlip> {
    if line.len() > LONGEST {
        return None;
    }
    let mut trials = MAX_TRIALS;
    let mut right = candidates(line).into_iter().filter(|slip| {
        trials = trials.saturating_sub(1);
        trials > 0 && is_right(&edited(line, slip))
    });
    let mut first = right.next()?;
    first.is_certain = is_certain(line, &first, right.next().as_ref());
    Some(first)
}

/// Whether the first way to put a line right is the one that was meant.
fn is_certain(line: &str, first: &QuoteSlip, second: Option<&QuoteSlip>) -> bool {
    let Some(second) = second else { return true };
    let slot = match first.kind {
        QuoteSlipKind::Closing(opening) => TextSlot::before(&line[..opening]),
        QuoteSlipKind::Opening(_) => TextSlot::before(&line[..first.at]),
        QuoteSlipKind::Doubled => return true,
    };
    // A sentence may hold what looks like the plan's own words, or a comment.
    let holds_sentence = slot == Some(TextSlot::Sentence) || slot == Some(TextSlot::Split);
    !holds_sentence || matches!(second.kind, QuoteSlipKind::Doubled)
}

fn edited(line: &str, slip: &QuoteSlip) -> String {
    format!("{}{}{}", &line[..slip.at], slip.added, &line[slip.at + slip.removed..])
}

/// Ways to put a line right, the likeliest first.
fn candidates(line: &str) -> Vec<QuoteSlip> {
    let quotes: Vec<usize> = straight_quotes(line).collect();
    let slip =
        |kind, at, removed, added: &str| QuoteSlip { kind, at, removed, added: added.to_owned(), is_certain: false };
    let doubled = quotes.windows(2).filter(|pair| pair[0] + 1 == pair[1]);
    let mut found: Vec<QuoteSlip> = doubled.map(|pair| slip(QuoteSlipKind::Doubled, pair[1], 1, "")).collect();
    // Texts that stand where one may begin, without an opening quote: the last place before the
    // closing one first.
    let starts: Vec<usize> = word_starts(line).collect();
    for at in starts.into_iter().rev() {
        let closing = quotes.iter().find(|quote| **quote > at);
        if let Some(closing) = closing.filter(|_| TextSlot::before(&line[..at]).is_some()) {
            found.push(slip(QuoteSlipKind::Opening(*closing), at, 0, "\""));
        }
    }
    // Texts that end before something that may follow one.
    for (place, opening) in quotes.iter().enumerate() {
        let slot = TextSlot::before(&line[..*opening]);
        let reach = quotes.get(place + 1).copied().unwrap_or(line.len());
        let inner = &line[opening + 1..reach];
        for end in word_ends(inner) {
            if slot::follows(slot, &line[opening + 1 + end..]) {
                found.push(slip(QuoteSlipKind::Closing(*opening), opening + 1 + end, 0, "\""));
            }
        }
    }
    found.extend(quotes.iter().map(|quote| slip(QuoteSlipKind::Doubled, *quote, 1, "")));
    found
}

/// Where the words of a line begin.
fn word_starts(line: &str) -> impl Iterator<Item = usize> {
    let is_space = |c: char| c == ' ' || c == '\t';
    let starts = line.char_indices().filter(move |(at, c)| {
        !is_space(*c) && *c != '"' && (line[..*at].ends_with(is_space) || line[..*at].ends_with(['[', '=']))
    });
    starts.map(|(at, _)| at)
}

/// Where the words of a line end, before space, closing marks and the line's end.
fn word_ends(inner: &str) -> impl Iterator<Item = usize> {
    let is_space = |c: char| c == ' ' || c == '\t';
    let ends = inner.char_indices().map(|(at, c)| (at, Some(c))).chain([(inner.len(), None)]);
    let ends = ends.filter(move |(at, c)| {
        let ends_here = c.is_none_or(|c| is_space(c) || matches!(c, ',' | ']' | '}' | ')' | '{' | '#' | ':'));
        ends_here && *at > 0 && !inner[..*at].ends_with(is_space) && !inner[..*at].ends_with('\\')
    });
    ends.map(|(at, _)| at)
}

/// Whether every text of a line stands where one may stand.
fn is_right(line: &str) -> bool {
    let mut at = 0;
    let mut slot = None;
    while let Some(open) = next_text(&line[at..]).map(|next| at + next) {
        let next = TextSlot::before(&line[..open]);
        if !is_code(&line[at..open], slot, next) {
            return false;
        }
        slot = next;
        // A row begins with a text, and so does a line of a list or of a condition.
        let begins = line[..open].trim().is_empty();
        if slot.is_none() && !begins {
            return false;
        }
        let Some(close) = straight_quotes(&line[open + 1..]).next().map(|quote| open + 1 + quote) else { return false };
        if !slot::follows(slot, &line[close + 1..]) || has_odd_holes(&line[open + 1..close], slot) {
            return false;
        }
        at = close + 1;
    }
    is_code(&line[at..], slot, None)
}

/// Whether what stands between texts looks like a plan: between the cells of a row, a name or a
/// figure.
fn is_code(code: &str, before: Option<TextSlot>, next: Option<TextSlot>) -> bool {
    let code = code.split('#').next().unwrap_or_default();
    let words: Vec<&str> = code.split_whitespace().collect();
    let needs_text = |pair: &[&str]| match pair[0] {
        "reject" => !pair[1].starts_with('}') && !slot::is_statement(pair[1]),
        word => NAMED.contains(&word),
    };
    if words.windows(2).any(needs_text) {
        return false;
    }
    let are_cells = |cells: &str| {
        cells.split(',').all(|cell| {
            let cell = cell.trim();
            let is_plain = cell.chars().all(|c| c.is_ascii_alphanumeric() || "_.+-*".contains(c));
            is_plain && !cell.starts_with(|c: char| c.is_ascii_uppercase())
        })
    };
    let first = code.find([']', '}', ':']).filter(|_| before == Some(TextSlot::Entry));
    let last = code.rfind(['[', '{', ':']).map_or(0, |at| at + 1);
    (before != Some(TextSlot::Entry) || are_cells(&code[..first.unwrap_or(code.len())]))
        && (next != Some(TextSlot::Entry) || last == 0 || are_cells(&code[last..]))
}

/// Words after which comes a text, and nothing else.
const NAMED: [&str; 6] = ["rule", "example", "always", "never", "split", "context"];

/// Whether a text holds a brace without its partner: no text has one.
fn has_odd_holes(text: &str, slot: Option<TextSlot>) -> bool {
    let count = |mark: char| text.matches(mark).count() - text.matches(&format!("\\{mark}")).count();
    let is_name = slot.is_some_and(TextSlot::is_name);
    count('{') != count('}') || is_name && count('{') > 0
}
