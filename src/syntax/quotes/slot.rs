//! Where a text may stand: what comes before its opening quote says what comes after its closing
//! one.

/// A place for a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextSlot {
    /// A rule's name.
    Rule,
    /// An example's name.
    Example,
    /// A proof's name.
    Proof,
    /// A split's name.
    Split,
    /// What `context` and `reject` say.
    Sentence,
    /// An agent's id.
    Id,
    /// A call's number.
    From,
    /// A call's number, or an agent.
    To,
    /// A trunk in an example.
    Trunk,
    /// What a test compares with.
    Test,
    /// A value in a list, a row or an object.
    Entry,
}

impl TextSlot {
    /// The slot that begins where the line `before` ends.
    pub fn before(before: &str) -> Option<Self> {
        let before = before.trim_end_matches([' ', '\t']);
        if before.ends_with(['[', ',', ':']) {
            return Some(Self::Entry);
        }
        if before.ends_with(['=', '<', '>']) {
            return Some(if before.ends_with('=') && !before.ends_with("==") && !before.ends_with("!=") {
                Self::Id
            } else {
                Self::Test
            });
        }
        let word = &before[before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_').len()..];
        Some(match word {
            "rule" => Self::Rule,
            "example" => Self::Example,
            "always" | "never" => Self::Proof,
            "split" => Self::Split,
            "context" | "reject" => Self::Sentence,
            "from" => Self::From,
            "to" => Self::To,
            "trunk" => Self::Trunk,
            "is" | "not" | "in" | "equals" | "with" => Self::Test,
            _ => return None,
        })
    }

    /// Whether a text here decides nothing, whatever it says.
    pub fn is_name(self) -> bool {
        matches!(self, Self::Rule | Self::Example | Self::Proof)
    }
}

/// Whether a text may end where `after` begins; of an unknown slot, whether any may.
pub(super) fn follows(slot: Option<TextSlot>, after: &str) -> bool {
    let after = after.trim_start_matches([' ', '\t']);
    let word = &after[..after.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(after.len())];
    let ends = after.is_empty() || after.starts_with(['#', '}']) || is_statement(word);
    let block = after.starts_with('{');
    match slot {
        None => {
            ends || block || after.starts_with([',', ']', ')', ':']) || matches!(word, "when" | "by" | "and" | "or")
        }
        Some(TextSlot::Rule) => block || word == "when" || after.is_empty(),
        Some(TextSlot::Example) => block || after.is_empty(),
        Some(TextSlot::Proof) => word == "when" || after.is_empty(),
        Some(TextSlot::Split) => word == "by",
        Some(TextSlot::Sentence) => ends,
        Some(TextSlot::Id) => ends || word == "version",
        Some(TextSlot::From) => word == "to",
        Some(TextSlot::To) => ends || matches!(word, "on" | "at" | "version"),
        Some(TextSlot::Trunk) => word == "at" || after.is_empty(),
        Some(TextSlot::Test) => ends || block || after.starts_with(')') || matches!(word, "and" | "or" | "as"),
        Some(TextSlot::Entry) => after.is_empty() || after.starts_with([',', ']', '}', ':', '#']),
    }
}

/// Whether a word begins a statement or a definition, or what an example expects.
pub(super) fn is_statement(word: &str) -> bool {
    crate::syntax::brackets::starter(word).is_some() || word == "expect"
}
