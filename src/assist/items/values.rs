//! What may be asked of a subject, and the values that it may have.

use super::{Kind, Offers};
use crate::assist::names::Sort;
use crate::assist::place::Subject;
use crate::assist::tokens::Shape;
use crate::assist::words::{MONTHS, WEEKDAYS, meaning_as_word};
use crate::phone::Country;
use crate::types::Type;
use std::collections::BTreeSet;

impl<'t> Offers<'t, '_> {
    pub(super) fn tests(&mut self, subject: Subject<'t>) {
        let (equal, among, ordered) = match subject {
            Subject::Of(Type::Schedule, _) | Subject::Switch => (true, false, false),
            Subject::Of(Type::Moment, _) => (false, false, true),
            Subject::Of(Type::Agent, _) | Subject::Condition => (false, false, false),
            Subject::Of(Type::Boolean, _) => (true, false, false),
            Subject::Of(Type::Time, _) => (true, true, true),
            Subject::Of(known, _) => (true, true, known.is_ordered()),
            Subject::Unknown => (true, true, false),
        };
        let is_state = matches!(subject, Subject::Of(Type::Schedule, _) | Subject::Switch);
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
        if ordered {
            tests.extend([("<", "before, or less than"), ("<=", "at most"), (">", "after, or more than")]);
            tests.push((">=", "from this on"));
        }
        tests.into_iter().for_each(|(test, says)| self.plain(Kind::Keyword, test, says));
    }

    pub(super) fn values(&mut self, subject: Subject<'t>) {
        let (value_type, field) = match subject {
            Subject::Switch => return self.words(&["on", "off"]),
            Subject::Of(value_type, field) => (value_type, field),
            Subject::Condition | Subject::Unknown => return,
        };
        match value_type {
            Type::Number => {
                self.word("anonymous");
                self.numbers_written();
            }
            Type::Schedule => self.words(&["open", "closed"]),
            Type::Boolean => self.words(&["true", "false"]),
            Type::Weekday => self.spelled_out(&WEEKDAYS),
            Type::Month => self.spelled_out(&MONTHS),
            Type::Country => self.countries(),
            Type::Text => {
                let texts: Vec<&str> = self.names.compared.get(field).into_iter().flatten().copied().collect();
                texts.into_iter().for_each(|text| self.plain(Kind::Value, text, "is compared elsewhere in this plan"));
            }
            Type::Time => self.plain(Kind::Value, "09:00", "a time of day"),
            Type::Date => self.plain(Kind::Value, &self.today(), "today"),
            Type::Moment => self.plain(Kind::Value, &format!("{} 08:00", self.today()), "today, from 08:00 on"),
            Type::Day => self.plain(Kind::Value, "1", "the first day of the month"),
            Type::Integer | Type::Decimal | Type::Agent => {}
        }
    }

    pub(super) fn sets(&mut self, subject: Subject<'t>) {
        match subject {
            Subject::Of(Type::Number, _) => self.named(&[Sort::Numbers, Sort::Table]),
            Subject::Of(Type::Date, _) => self.named(&[Sort::Days]),
            Subject::Of(Type::Weekday, _) => {
                self.plain(Kind::Value, "mon-fri", "Monday to Friday");
                self.plain(Kind::Value, "sat-sun", "Saturday and Sunday");
            }
            Subject::Of(Type::Time, _) => return self.plain(Kind::Value, "09:00-17:00", "from one time up to another"),
            Subject::Of(Type::Day, _) => return self.plain(Kind::Value, "1..7", "the first seven days of the month"),
            Subject::Of(Type::Country, _) => {
                self.plain(Kind::Snippet, "[US, CA]", "one of these countries");
            }
            Subject::Of(_, _) | Subject::Switch | Subject::Condition | Subject::Unknown => {}
        }
        self.values(subject);
    }

    pub(super) fn entries(&mut self, subject: Subject<'t>) {
        if matches!(subject, Subject::Of(Type::Number, _)) {
            self.named(&[Sort::Numbers]);
        }
        if matches!(subject, Subject::Of(Type::Date, _)) {
            self.named(&[Sort::Days]);
        }
        self.values(subject);
    }

    /// The whole numbers that the text has already.
    pub(super) fn numbers_written(&mut self) {
        let is_whole = |text: &str| text.len() > 7 && text[1..].bytes().all(|byte| byte.is_ascii_digit());
        let numbers = self.tokens.all.iter().filter(|token| token.shape == Shape::Number && is_whole(token.text));
        let numbers: BTreeSet<&str> = numbers.take(1_000).map(|token| token.text).collect();
        for number in numbers.into_iter().take(20) {
            self.plain(Kind::Value, number, "stands elsewhere in this plan");
        }
    }

    /// First those that the text has already.
    pub(super) fn countries(&mut self) {
        let written: BTreeSet<&str> = self.tokens.all.iter().map(|token| token.text).collect();
        for is_known in [true, false] {
            for country in Country::all().filter(|country| written.contains(country.code()) == is_known) {
                self.plain(Kind::Value, country.code(), country.name());
            }
            if is_known {
                self.word("unknown");
            }
        }
    }
}
