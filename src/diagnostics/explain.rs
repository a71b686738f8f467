//! The page on each code: what it means, a plan that raises it, and the plan fixed. The one source
//! of `callplan explain` and of `docs/diagnostics.md`.
//!
//! A page is a Markdown file in `explanations/`. Its first paragraph is the summary. The block
//! marked `callplan wrong` is a whole plan that raises this code and no other, the one marked
//! `callplan` a whole plan that raises nothing. A page may do without them if its first line says
//! why: `<!-- service only -->` (the plan alone cannot show it) or `<!-- too big to show -->`.

use super::{Code, Severity};

/// A page, cut into what its readers need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// One sentence, on one line.
    pub summary: &'static str,
    /// All of it, the summary and the plans too, as Markdown.
    pub body: &'static str,
    /// Why there is no plan that shows it, where there is none.
    pub without_plan: Option<WithoutPlan>,
    /// A plan that raises the code, and no other.
    pub wrong: Option<&'static str>,
    /// A plan that raises nothing.
    pub fixed: Option<&'static str>,
}

/// Why a page has no plan that raises its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WithoutPlan {
    /// It takes the agents of an organization.
    ServiceOnly,
    /// It takes a plan too big for a page.
    TooBigToShow,
    /// It is a mistake of callplan, which no plan is known to bring about.
    NoKnownPlan,
}

/// What a code means.
pub fn explanation(code: Code) -> Explanation {
    let page = page(code);
    let (without_plan, body) = if let Some(body) = page.strip_prefix("<!-- service only -->\n") {
        (Some(WithoutPlan::ServiceOnly), body)
    } else if let Some(body) = page.strip_prefix("<!-- too big to show -->\n") {
        (Some(WithoutPlan::TooBigToShow), body)
    } else if let Some(body) = page.strip_prefix("<!-- no known plan -->\n") {
        (Some(WithoutPlan::NoKnownPlan), body)
    } else {
        (None, page)
    };
    let body = body.trim();
    Explanation {
        summary: body.lines().next().unwrap_or_default(),
        body,
        without_plan,
        wrong: block(body, "```callplan wrong\n"),
        fixed: block(body, "```callplan\n"),
    }
}

/// The whole of `docs/diagnostics.md`.
pub fn catalogue() -> String {
    let mut page = String::from(INTRODUCTION);
    for code in Code::ALL {
        let (name, severity) = (code.name(), code.severity().name());
        page.push_str(&format!("| [`{name}`](#{name}) | {severity} | {} |\n", explanation(*code).summary));
    }
    for code in Code::ALL {
        let severity = match code.severity() {
            Severity::Error => "An error: the plan is refused.",
            Severity::Warning => "A warning: the plan is accepted.",
            Severity::Hint => "A hint: the plan is accepted, and may well be right.",
        };
        page.push_str(&format!("\n## {}\n\n*{severity}*\n\n{}\n", code.name(), explanation(*code).body));
    }
    page
}

const INTRODUCTION: &str = "\
# What the messages mean

Every problem that a check reports has a code, in brackets after the word `error`, `warning` or
`hint`. The codes stay the same from release to release. `callplan explain CODE` prints the chapter
on one code.

An *error* refuses the plan: it is not saved, and calls are decided as before. A *warning* does not,
but the plan probably does something other than you meant. A *hint* shows what is easily overlooked
in a plan that may well be right. A check reports all problems at once. A fix with only one reading
(`help: …`, with the changed lines) is made by `callplan check --fix`. A fix that chooses between
readings, or changes which calls match, is a `suggestion: …`, for you to judge.

This page is generated from `src/diagnostics/explanations/`; change it there.

| code | severity | in short |
| --- | --- | --- |
";

/// What stands between this fence and the next.
fn block(body: &'static str, fence: &str) -> Option<&'static str> {
    let (_, after) = body.split_once(fence)?;
    after.find("```").map(|end| &after[..end])
}

macro_rules! pages {
    ($($variant:ident $file:literal,)*) => {
        /// Lists every code, so that the compiler asks for the page of a new one.
        fn page(code: Code) -> &'static str {
            match code { $(Code::$variant => include_str!(concat!("explanations/", $file, ".md")),)* }
        }

        #[cfg(test)]
        const FILES: &[(Code, &str)] = &[$((Code::$variant, $file),)*];
    };
}

pages! {
    EmptyPlan "empty-plan",
    Syntax "syntax",
    UnknownName "unknown-name",
    DuplicateName "duplicate-name",
    CircularDefinition "circular-definition",
    WrongKind "wrong-kind",
    TypeMismatch "type-mismatch",
    BadNumber "bad-number",
    BadRange "bad-range",
    BadTime "bad-time",
    BadDate "bad-date",
    UnknownZone "unknown-zone",
    UnknownCountry "unknown-country",
    BadSplit "bad-split",
    DuplicateKey "duplicate-key",
    ColumnMismatch "column-mismatch",
    ConflictingLines "conflicting-lines",
    StatementAfterDecision "statement-after-decision",
    UnknownAgent "unknown-agent",
    UnknownVersion "unknown-version",
    UnpublishedVersion "unpublished-version",
    InactiveAgent "inactive-agent",
    ExampleFailed "example-failed",
    ProofFailed "proof-failed",
    TooLarge "too-large",
    TooDeep "too-deep",
    OutputTooLarge "output-too-large",
    InternalError "internal-error",
    ProofUndecided "proof-undecided",
    UnreachableRule "unreachable-rule",
    NoEffect "no-effect",
    ConstantCondition "constant-condition",
    UndecidedCalls "undecided-calls",
    NobodyAnswers "nobody-answers",
    AmbiguousCondition "ambiguous-condition",
    UnusedName "unused-name",
    MissingTimezone "missing-timezone",
    RedundantEntry "redundant-entry",
    SuspiciousWindow "suspicious-window",
    SuspiciousNumber "suspicious-number",
    PastDate "past-date",
    DatesEnd "dates-end",
    IncludesUnknown "includes-unknown",
    UntrustedHole "untrusted-hole",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_the_name_of_its_code() {
        for (code, file) in FILES {
            assert_eq!(code.name(), *file);
        }
    }

    #[test]
    fn every_page_has_a_summary_and_its_plans() {
        for code in Code::ALL {
            let (name, page) = (code.name(), explanation(*code));
            assert!(page.summary.ends_with('.') && page.summary.len() <= 120, "{name}: {}", page.summary);
            assert!(page.body.lines().nth(1).is_some_and(str::is_empty), "{name}: the summary is a paragraph");
            assert_eq!(page.wrong.is_none(), page.without_plan.is_some(), "{name}");
            assert_eq!(page.fixed.is_none(), page.without_plan.is_some(), "{name}");
            assert!(!page.body.contains("```\n\n```"), "{name}: words between the plans say which is which");
            assert_eq!(page.body.matches("```").count() % 2, 0, "{name}: a fence is not closed");
            assert!(
                !page.body.lines().any(|line| line.starts_with("## ")),
                "{name}: chapters are `##` in the catalogue"
            );
            assert!(
                page.body.lines().all(|line| line.chars().count() <= 100),
                "{name}: a line is too wide for a terminal"
            );
        }
    }
}
