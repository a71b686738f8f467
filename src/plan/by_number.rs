//! A plan without a text: the dialed number alone decides.

use super::{CheckedPlan, Condition, Definitions, Question, Statement, StatementKind, Target, Test};
use crate::fields::Party;
use crate::phone::{Number, NumberSet, Pattern};
use crate::schedule::Zone;
use crate::source::{Source, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

impl CheckedPlan {
    /// The plan that routes calls to each of these numbers to the agent and the version beside it,
    /// and leaves all other calls undecided. So the calls of an organization without a plan can be
    /// compared with those of a plan. A withheld number cannot be dialed, and is ignored.
    pub fn by_number<'a>(zone: Zone, assigned: impl IntoIterator<Item = (Number<'a>, &'a str, u32)>) -> Self {
        let mut groups: BTreeMap<(&str, u32), Vec<Pattern>> = BTreeMap::new();
        for (number, agent, version) in assigned {
            let pattern = match number {
                Number::E164(number) => Pattern::Number(number),
                Number::Local(text) => Pattern::Local(text.to_owned()),
                Number::Withheld => continue,
            };
            groups.entry((agent, version)).or_default().push(pattern);
        }
        let statements = groups.into_iter().map(|((agent, version), patterns)| {
            let question = Question::Number(Party::Dialed, Arc::new(NumberSet::from_patterns(&patterns)));
            let condition = Condition::Test(Test { question, expected: true, span: NOWHERE });
            let route = StatementKind::Route { target: Target::Id(agent.into()), version: Some(version) };
            let block = Box::new([statement(route)]);
            statement(StatementKind::Guarded { name: None, condition: Some(Box::new(condition)), block })
        });
        Self {
            source: Source::new("", ""),
            statements: statements.collect(),
            definitions: Definitions { zone, ..Definitions::default() },
            examples: Vec::new(),
            proofs: Vec::new(),
        }
    }
}

/// The place of what stands in no text.
const NOWHERE: Span = Span { start: 0, end: 0 };

fn statement(kind: StatementKind) -> Statement {
    Statement { kind, label: NOWHERE, head: NOWHERE, span: NOWHERE }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::{Call, Outcome};
    use crate::eval;

    #[test]
    fn each_number_has_its_agent_and_all_others_have_none() {
        let numbers = ["+18005550100", "+18005550101", "201", "desk", "anonymous"].map(Number::read);
        let agents = [("a", 1), ("b", 1), ("a", 1), ("a", 2), ("c", 1)];
        let assigned = numbers.into_iter().zip(agents).map(|(number, (agent, version))| (number, agent, version));
        let plan = CheckedPlan::by_number(Zone::UTC, assigned);
        let decided = |dialed: &str| {
            let decision = eval::decide(&plan, &Call::new(dialed, jiff::Timestamp::UNIX_EPOCH));
            assert_eq!(decision.outcome == Outcome::Route, decision.output.agent_id.is_some(), "{dialed}");
            decision.output.agent_id.zip(decision.output.version)
        };
        let to = |agent: &str, version| Some((agent.to_owned(), version));
        assert_eq!(decided("+1 (800) 555-0100"), to("a", 1));
        assert_eq!(decided("+18005550101"), to("b", 1));
        assert_eq!([decided("201"), decided("sip:desk@pbx.invalid")], [to("a", 1), to("a", 2)]);
        assert_eq!([decided("+18005550102"), decided("2010"), decided("anonymous")], [None, None, None]);
    }
}
