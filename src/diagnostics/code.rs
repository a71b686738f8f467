//! The stable names of problems. A new one is a line in the table below; tests then ask for its
//! case and its explanation.

/// How grave a problem is. An error refuses the plan; a warning and a hint do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(rename_all = "lowercase"))]
pub enum Severity {
    /// The plan is refused.
    Error,
    /// The plan is taken; it probably does not do what was meant.
    Warning,
    /// The plan is taken, and may well be right: here is something that is easily overlooked.
    Hint,
}

impl Severity {
    /// `error`, `warning` or `hint`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Hint => "hint",
        }
    }
}

/// A name that is no code's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownCode {
    /// The code whose name is near enough to have been meant.
    pub nearest: Option<Code>,
}

impl Code {
    /// The code with this name, case and surrounding space aside, `_` as good as `-`.
    pub fn from_name(name: &str) -> Result<Self, UnknownCode> {
        let name = name.trim().to_ascii_lowercase().replace('_', "-");
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.name() == name)
            .ok_or_else(|| UnknownCode { nearest: nearest(&name) })
    }
}

/// A third of the letters may be wrong; further off, a hint would be a guess.
fn nearest(name: &str) -> Option<Code> {
    let distance = |code: &Code| strsim::osa_distance(name, code.name());
    // Nobody means a code by a text much longer than any, and the distance takes time for both
    // lengths.
    let nearest = Code::ALL.iter().filter(|_| name.len() <= 40).min_by_key(|code| distance(code)).copied()?;
    (distance(&nearest) <= nearest.name().len() / 3).then_some(nearest)
}

macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident,)*) => {
        /// The stable name of a kind of problem. `callplan explain` tells what each means.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!("`", $name, "`")] $variant,)*
        }

        impl Code {
            /// Every code, in the order of the language reference.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// As it is printed and as users look it up.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Fixed by the code.
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    EmptyPlan "empty-plan" Error,
    Syntax "syntax" Error,
    UnknownName "unknown-name" Error,
    DuplicateName "duplicate-name" Error,
    CircularDefinition "circular-definition" Error,
    WrongKind "wrong-kind" Error,
    TypeMismatch "type-mismatch" Error,
    BadNumber "bad-number" Error,
    BadRange "bad-range" Error,
    BadTime "bad-time" Error,
    BadDate "bad-date" Error,
    UnknownZone "unknown-zone" Error,
    UnknownCountry "unknown-country" Error,
    BadSplit "bad-split" Error,
    DuplicateKey "duplicate-key" Error,
    ColumnMismatch "column-mismatch" Error,
    ConflictingLines "conflicting-lines" Error,
    StatementAfterDecision "statement-after-decision" Error,
    UnknownAgent "unknown-agent" Error,
    UnknownVersion "unknown-version" Error,
    UnpublishedVersion "unpublished-version" Error,
    InactiveAgent "inactive-agent" Warning,
    ExampleFailed "example-failed" Error,
    ProofFailed "proof-failed" Error,
    TooLarge "too-large" Error,
    TooDeep "too-deep" Error,
    OutputTooLarge "output-too-large" Error,
    InternalError "internal-error" Error,
    ProofUndecided "proof-undecided" Warning,
    UnreachableRule "unreachable-rule" Warning,
    NoEffect "no-effect" Warning,
    ConstantCondition "constant-condition" Warning,
    UndecidedCalls "undecided-calls" Warning,
    NobodyAnswers "nobody-answers" Warning,
    AmbiguousCondition "ambiguous-condition" Error,
    UnusedName "unused-name" Warning,
    MissingTimezone "missing-timezone" Warning,
    RedundantEntry "redundant-entry" Warning,
    SuspiciousWindow "suspicious-window" Warning,
    SuspiciousNumber "suspicious-number" Warning,
    PastDate "past-date" Warning,
    DatesEnd "dates-end" Warning,
    IncludesUnknown "includes-unknown" Hint,
    UntrustedHole "untrusted-hole" Warning,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found_by_its_name() {
        for code in Code::ALL {
            assert_eq!(Code::from_name(code.name()), Ok(*code));
        }
        assert_eq!(Code::from_name(" Bad_Number "), Ok(Code::BadNumber));
    }

    #[test]
    fn a_near_name_is_offered_and_a_far_one_is_not() {
        assert_eq!(Code::from_name("bad-numer"), Err(UnknownCode { nearest: Some(Code::BadNumber) }));
        assert_eq!(Code::from_name("unkown-name"), Err(UnknownCode { nearest: Some(Code::UnknownName) }));
        assert_eq!(Code::from_name("E0308"), Err(UnknownCode { nearest: None }));
    }
}
