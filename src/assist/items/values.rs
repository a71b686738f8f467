//! What may be asked of a subject, and the values that it may have.

use super::{CompletionKind, CompletionList};
use crate::assist::place::TestSubject;
use crate::assist::tokens::Shape;
use crate::assist::words::{MONTH_NAMES, WEEKDAY_NAMES, meaning_as_word};
use crate::phone::{Country, Home};
use crate::syntax::DefinitionKind;
use crate::types::Type;
use std::collections::BTreeSet;

impl<'t> CompletionList<'t, '_> {
    pub(super) fn tests(&mut self, subject: TestSubject<'t>) {
        let (equal, among, ordered) = match subject {
            TestSubject::Of(Type::Schedule, _) | TestSubject::Switch => (true, false, false),
            TestSubject::Of(Type::Moment, _) => (false, false, true),
            TestSubject::Of(Type::Agent, _) | TestSubject::Condition => (false, false, false),
            TestSubject::Of(Type::Boolean, _) => (true, false, false),
            TestSubject::Of(Type::Time, _) => (true, true, true),
            TestSubject::Of(known, _) => (true, true, known.is_ordered()),
            TestSubject::OfCall(_) | TestSubject::Rotation => (true, true, false),
            TestSubject::Unknown => (true, true, false),
        };
        let is_state = matches!(subject, TestSubject::Of(Type::Schedule, _) | TestSubject::Switch);
        let mut tests: Vec<(&str, &str)> = Vec::new();
        if equal {
            tests.push(("is", if is_state { meaning_as_word("is") } else { "has this value" }));
        }
        if among {
            tests.extend([("in", "is one of these"), ("not in", "is none of these")]);
        }
        if equal && !is_state {
            tests.push(("is not", "has another value"));
        }
        if matches!(subject, TestSubject::OfCall(_)) {
            tests.extend([("contains", "has this in it, whatever the capitals")]);
            tests.push(("starts with", "begins with this, whatever the capitals"));
        }
        if ordered {
            tests.extend([("<", "before, or less than"), ("<=", "at most"), (">", "after, or more than")]);
            tests.push((">=", "from this on"));
        }
        tests.into_iter().for_each(|(test, says)| self.plain(CompletionKind::Keyword, test, says));
    }

    pub(super) fn values(&mut self, subject: TestSubject<'t>) {
        let (value_type, field) = match subject {
            TestSubject::Switch => return self.words(&["on", "off"]),
            TestSubject::Rotation => return self.named(&[DefinitionKind::Agent]),
            TestSubject::Of(value_type, field) => (value_type, field),
            TestSubject::OfCall(name) => (Type::Text, name),
            TestSubject::Condition | TestSubject::Unknown => return,
        };
        match value_type {
            Type::Number => {
                if matches!(field, "asserted" | "diverted_from") {
                    self.word("none");
                }
                self.word("anonymous");
                self.numbers_written();
            }
            Type::Schedule => self.words(&["open", "closed"]),
            Type::Boolean => self.words(&["true", "false"]),
            Type::Weekday => self.spelled_out(&WEEKDAY_NAMES),
            Type::Month => self.spelled_out(&MONTH_NAMES),
            Type::Country => self.countries(),
            Type::Attestation => self.attestations(),
            Type::Text => {
                let texts: Vec<&str> = self.names.compared.get(field).into_iter().flatten().copied().collect();
                texts
                    .into_iter()
                    .for_each(|text| self.plain(CompletionKind::Value, text, "is compared elsewhere in this plan"));
            }
            Type::Time => self.plain(CompletionKind::Value, "09:00", "a time of day"),
            Type::Date => self.plain(CompletionKind::Value, &self.today(), "today"),
            Type::Moment => {
                self.plain(CompletionKind::Value, &format!("{} 08:00", self.today()), "today, from 08:00 on")
            }
            Type::Day => self.plain(CompletionKind::Value, "1", "the first day of the month"),
            Type::Integer | Type::Decimal | Type::Agent => {}
        }
    }

    pub(super) fn sets(&mut self, subject: TestSubject<'t>) {
        match subject {
            TestSubject::Of(Type::Number, _) => self.named(&[DefinitionKind::Numbers, DefinitionKind::Table]),
            TestSubject::Of(Type::Date, _) => self.named(&[DefinitionKind::Days]),
            TestSubject::Of(Type::Weekday, _) => {
                self.plain(CompletionKind::Value, "mon-fri", "Monday to Friday");
                self.plain(CompletionKind::Value, "sat-sun", "Saturday and Sunday");
            }
            TestSubject::Of(Type::Time, _) => {
                return self.plain(CompletionKind::Value, "09:00-17:00", "from one time up to another");
            }
            TestSubject::Of(Type::Day, _) => {
                return self.plain(CompletionKind::Value, "1..7", "the first seven days of the month");
            }
            TestSubject::Of(Type::Attestation, _) => {
                self.plain(CompletionKind::Snippet, "[A, B]", "one of these attestations");
            }
            TestSubject::Of(Type::Country, _) => {
                self.plain(CompletionKind::Snippet, "[US, CA]", "one of these countries");
            }
            TestSubject::Rotation => return self.plain(CompletionKind::Snippet, "[ … ]", "one of several agents"),
            TestSubject::Of(_, _)
            | TestSubject::OfCall(_)
            | TestSubject::Switch
            | TestSubject::Condition
            | TestSubject::Unknown => {}
        }
        self.values(subject);
    }

    pub(super) fn entries(&mut self, subject: TestSubject<'t>) {
        if matches!(subject, TestSubject::Of(Type::Number, _)) {
            self.named(&[DefinitionKind::Numbers]);
        }
        if matches!(subject, TestSubject::Of(Type::Date, _)) {
            self.named(&[DefinitionKind::Days]);
        }
        self.values(subject);
    }

    fn attestations(&mut self) {
        for (word, says) in [
            ("A", "the carrier knows the caller, and that the number is theirs"),
            ("B", "the carrier knows the caller, and not the number"),
            ("C", "the carrier knows only where the call came in"),
            ("failed", "the signature is wrong"),
            ("unknown", "nobody vouches for the number"),
        ] {
            self.plain(CompletionKind::Value, word, says);
        }
    }

    /// The whole numbers that the text has already.
    pub(super) fn numbers_written(&mut self) {
        let is_whole = |text: &str| text.len() > 7 && text[1..].bytes().all(|byte| byte.is_ascii_digit());
        let numbers = self.tokens.all.iter().filter(|token| token.shape == Shape::Number && is_whole(token.text));
        let numbers: BTreeSet<&str> = numbers.take(1_000).map(|token| token.text).collect();
        for number in numbers.into_iter().take(20) {
            self.plain(CompletionKind::Value, number, "stands elsewhere in this plan");
        }
    }

    /// The countries of which it is known how numbers are dialed there, and `any`.
    pub(super) fn home_countries(&mut self) {
        self.word("any");
        for country in Country::all().filter(|country| Home::Country(*country).is_known()) {
            self.plain(CompletionKind::Value, country.code(), country.name());
        }
    }

    /// First those that the text has already.
    pub(super) fn countries(&mut self) {
        let written: BTreeSet<&str> = self.tokens.all.iter().map(|token| token.text).collect();
        for is_known in [true, false] {
            for country in Country::all().filter(|country| written.contains(country.code()) == is_known) {
                self.plain(CompletionKind::Value, country.code(), country.name());
            }
            if is_known {
                self.word("unknown");
            }
        }
    }
}
