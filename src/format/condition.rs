//! Conditions and tests.

use super::layout::BreakStyle;
use super::printer::{CONTINUED, INDENT, LINE, Printer, Separator};
use crate::syntax::ast::{Condition, ConnectiveKind, Predicate, Test};

impl Printer<'_> {
    /// A space and a condition, which breaks before each `and` and `or` if it does not fit with
    /// what has to stay on its last line.
    pub(super) fn whole_condition(&mut self, condition: &Condition) {
        // A single test is not indented: its list then closes below the word that the line begins
        // with.
        let nest = if matches!(condition, Condition::Chain { .. }) { CONTINUED } else { 0 };
        self.layout.begin(BreakStyle::OneEach);
        self.separate(Separator::Space);
        self.layout.nest(nest);
        self.condition(condition);
        self.layout.nest(-nest);
        self.layout.end();
    }

    fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::Chain { operands, connectives, .. } => {
                let mut connectives = connectives.iter();
                for (index, operand) in operands.iter().enumerate() {
                    if index > 0 {
                        self.separate(LINE);
                        match connectives.next().map(|connective| connective.kind) {
                            Some(ConnectiveKind::And) => self.attach("and"),
                            Some(ConnectiveKind::Or) => self.attach("or"),
                            None => self.unsound(),
                        }
                        self.separate(Separator::Space);
                    }
                    self.condition(operand);
                }
            }
            Condition::Not(inner, _) => {
                self.attach("not");
                self.separate(Separator::Space);
                self.condition(inner);
            }
            Condition::Group(inner, _) => self.group(inner),
            Condition::Test(test) => self.test(test),
            Condition::Unreadable(..) => self.unsound(),
        }
    }

    fn group(&mut self, inner: &Condition) {
        self.layout.begin(BreakStyle::OneEach);
        self.attach("(");
        self.layout.nest(INDENT);
        self.separate(Separator::Nothing);
        self.condition(inner);
        self.separate(Separator::Nothing);
        self.layout.nest(-INDENT);
        self.attach(")");
        self.layout.end();
    }

    fn test(&mut self, test: &Test) {
        self.at(test.subject.span);
        match &test.predicate {
            None => {}
            Some(Predicate::Equality { negated, value, .. }) => {
                self.then("is");
                if *negated {
                    self.then("not");
                }
                self.separate(Separator::Space);
                self.value(value);
            }
            Some(Predicate::Membership { negated, value, binding, .. }) => {
                if *negated {
                    self.then("not");
                }
                self.then("in");
                self.separate(Separator::Space);
                self.value(value);
                if let Some(name) = binding {
                    self.then("as");
                    self.then_at(name.span);
                }
            }
            Some(Predicate::Comparison { comparator, value, .. }) => {
                self.then(comparator.symbol());
                self.separate(Separator::Space);
                self.value(value);
            }
            Some(Predicate::Search { value, .. }) => {
                if self.next_is("contains") {
                    self.then("contains");
                } else {
                    self.then("starts");
                    self.then("with");
                }
                self.separate(Separator::Space);
                self.value(value);
            }
        }
    }
}
