//! What a plan asks of the time when one call comes, and the instants at which an answer can
//! change.
//!
//! All that does not depend on the time is settled for the call: who calls whom, on which trunk,
//! with which switches, and so which rows are found. What is left open are the tests about the time
//! that the call can get to, and only where a decision hangs on them.

use super::{TimelineTooLarge, may_decide};
use crate::analyze::open_tests::{self, KnownFacts};
use crate::call::Call;
use crate::eval::{Facts, bucket_of, is_so_at};
use crate::plan::{Arm, Cell, CheckedPlan, ColumnTest, Definitions, Question, Split, Statement, Target, Test};
use crate::schedule::{MINUTES_PER_DAY, Moment};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Maximum number of schedule days and minutes that are examined, and of instants that are
/// collected.
const MAX_WALKED: usize = 5_000_000;
const MAX_INSTANTS: usize = 1_000_000;

/// The questions about the time whose answers can change the outcome.
#[derive(Clone, Debug, Default)]
pub(super) struct TimeQuestions<'p> {
    /// Schedules, by number.
    schedules: BTreeSet<usize>,
    /// Rotations, by number.
    rotations: BTreeSet<usize>,
    /// Questions to the plan's clock.
    clock: Vec<&'p Question>,
    /// The minutes of that clock at which an answer can change. With at least one, a change of the
    /// clock itself changes answers, too.
    minutes: BTreeSet<u16>,
    /// `now >= …`
    moments: BTreeSet<Timestamp>,
}

/// The answers to all questions, one bit each, and who is on call. The outcome stays the same while the answers do.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct QuestionAnswers(Vec<u64>);

impl<'p> TimeQuestions<'p> {
    /// What the plan asks when this call comes, whenever that is.
    pub fn by(plan: &'p CheckedPlan, call: &'p Call) -> Self {
        let definitions = &plan.definitions;
        let known = AllButTime { asked: Self::default() };
        open_tests::walk(definitions, Facts::of(call, definitions), &plan.statements, known).asked
    }

    /// How many questions there are.
    pub fn count(&self) -> usize {
        self.rotations.len() + self.bits()
    }

    /// How many are answered by yes or no.
    fn bits(&self) -> usize {
        self.schedules.len() + self.clock.len() + self.moments.len()
    }

    /// The answers at an instant.
    pub fn answers(&self, definitions: &Definitions, at: Timestamp) -> QuestionAnswers {
        let shown = definitions.zone.read(at);
        let is_open =
            |number: &usize| definitions.schedules.get(*number).is_some_and(|schedule| schedule.1.is_open_at(at));
        let schedules = self.schedules.iter().map(is_open);
        let clock = self.clock.iter().map(|question| is_so_at(question, shown));
        let moments = self.moments.iter().map(|moment| at >= *moment);
        let mut bits = vec![0; self.bits().div_ceil(64)];
        for (place, answer) in schedules.chain(clock).chain(moments).enumerate() {
            bits[place / 64] |= u64::from(answer) << (place % 64);
        }
        let on_call = |number: &usize| definitions.rotations.get(*number).map_or(0, |rotation| rotation.1.on_call(at));
        bits.extend(self.rotations.iter().map(|number| on_call(number) as u64));
        QuestionAnswers(bits)
    }

    /// The first instant, and each up to the end at which an answer can change.
    pub fn instants(
        &self,
        definitions: &Definitions,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<BTreeSet<Timestamp>, TimelineTooLarge> {
        let zone = &definitions.zone;
        let days = zone.read(from).date..=zone.read(until).date;
        let length = until.duration_since(from).as_hours().max(0) as usize / 24 + 2;
        if (self.schedules.len() + self.rotations.len() + self.minutes.len()) * length > MAX_WALKED {
            return Err(TimelineTooLarge::Changes);
        }
        let mut instants = BTreeSet::from_iter((from < until).then_some(from));
        let mut add = |at: Timestamp| {
            if from < at && at < until {
                instants.insert(at);
            }
            if instants.len() > MAX_INSTANTS { Err(TimelineTooLarge::Changes) } else { Ok(()) }
        };
        for schedule in self.schedules.iter().filter_map(|number| definitions.schedules.get(*number)) {
            schedule.1.changes(from, until).try_for_each(|change| add(change.at))?;
        }
        for rotation in self.rotations.iter().filter_map(|number| definitions.rotations.get(*number)) {
            rotation.1.changes(from, until).into_iter().try_for_each(|(at, _)| add(at))?;
        }
        self.moments.iter().try_for_each(|moment| add(*moment))?;
        if !self.minutes.is_empty() {
            zone.clock_changes(from, until).try_for_each(|(at, _)| add(at))?;
            let dates = std::iter::successors(Some(*days.start()), |date: &Date| date.tomorrow().ok());
            for date in dates.take_while(|date| days.contains(date)) {
                let shown = self.minutes.iter().map(|minute| Moment { date, minute: *minute });
                shown.flat_map(|moment| zone.instants(moment)).try_for_each(&mut add)?;
            }
        }
        Ok(instants)
    }
}

/// All is known of a call but when it comes.
struct AllButTime<'p> {
    asked: TimeQuestions<'p>,
}

impl<'p> KnownFacts<'p> for AllButTime<'p> {
    fn are_enough(&self, facts: &Facts<'p>, question: &Question) -> bool {
        time_of(facts, question).is_none()
    }

    /// Who calls says which arm of a split by caller it is.
    fn may_enter(&self, facts: &Facts<'p>, split: &Split, arm: &Arm) -> bool {
        match split.by_caller {
            true => arm.buckets.contains(&bucket_of(&split.name, facts, true)),
            false => !arm.buckets.is_empty(),
        }
    }

    fn is_of_interest(&self, block: &[Statement]) -> bool {
        may_decide(block)
    }

    fn take(&mut self, facts: &Facts<'p>, test: &'p Test) {
        match time_of(facts, &test.question) {
            Some(TimeQuestion::Schedule(schedule)) => drop(self.asked.schedules.insert(schedule)),
            Some(TimeQuestion::Rotation(rotation)) => drop(self.asked.rotations.insert(rotation)),
            Some(TimeQuestion::Minutes(minutes)) => {
                self.asked.clock.push(&test.question);
                self.asked.minutes.extend(minutes);
            }
            Some(TimeQuestion::From(moment)) => drop(self.asked.moments.insert(moment)),
            None => {}
        }
    }

    fn take_target(&mut self, facts: &Facts<'p>, target: &'p Target) {
        let rotation = match target {
            Target::Rotation(rotation) => Some(*rotation),
            Target::Column(slot, column) => match facts.cell(*slot, *column) {
                Some(Cell::Rotation(rotation)) => Some(*rotation),
                Some(Cell::Text(_) | Cell::Figure(..) | Cell::Boolean(_) | Cell::Agent(_) | Cell::Schedule(_))
                | None => None,
            },
            Target::Id(_) | Target::Agent(_) => None,
        };
        self.asked.rotations.extend(rotation);
    }
}

/// What of the time a question asks, if it does.
fn time_of(facts: &Facts, question: &Question) -> Option<TimeQuestion> {
    match question {
        Question::Open(schedule) => Some(TimeQuestion::Schedule(*schedule)),
        Question::OnCall(rotation, _) => Some(TimeQuestion::Rotation(*rotation)),
        Question::Column(slot, column, ColumnTest::Open) => match facts.cell(*slot, *column) {
            Some(Cell::Schedule(schedule)) => Some(TimeQuestion::Schedule(*schedule)),
            Some(Cell::Text(_) | Cell::Figure(..) | Cell::Boolean(_) | Cell::Agent(_) | Cell::Rotation(_)) | None => {
                None
            }
        },
        Question::Time(windows) => {
            let edges = windows.iter().flat_map(|window| [window.start(), window.end() % MINUTES_PER_DAY]);
            Some(TimeQuestion::Minutes(edges.collect()))
        }
        Question::Weekday(_) | Question::Day(_) | Question::Month(_) | Question::Date(_) => {
            Some(TimeQuestion::Minutes(vec![0]))
        }
        Question::From(instant) => Some(TimeQuestion::From(*instant)),
        Question::Number(..)
        | Question::Absent(_)
        | Question::Attestation(_)
        | Question::Row(..)
        | Question::Country(..)
        | Question::Text(..)
        | Question::Switch(_)
        | Question::Column(
            _,
            _,
            ColumnTest::Text(_) | ColumnTest::Figure(_) | ColumnTest::Beyond { .. } | ColumnTest::Boolean,
        ) => None,
    }
}

/// What a test asks about the time.
enum TimeQuestion {
    /// Whether this schedule is open.
    Schedule(usize),
    /// Who is on call by this rotation.
    Rotation(usize),
    /// What the plan's clock shows; at these minutes of a day the answer can change.
    Minutes(Vec<u16>),
    /// Whether it is this instant or later.
    From(Timestamp),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Source, check};

    const FRAME: &str = "timezone America/New_York\nagent a = \"a\"\nswitch storm\n\
        schedule office { mon-fri 09:00-17:00 }\nschedule shop { sat 10:00-14:00 }\n\
        table sites (desk, hours) {\n+15035550100: a, office\n+12085550100: a, shop\n}\n\
        condition late = time in 22:00-06:00\n";

    /// Schedules, minutes and moments.
    type All = (Vec<usize>, Vec<u16>, Vec<Timestamp>);

    /// What a plan with these statements asks when +14155550100 dials +15035550100.
    fn asked(statements: &str) -> All {
        let source = Source::new("plan", format!("{FRAME}{}", statements.replace(';', "\n")));
        let report = check(&source, &check::Options::default());
        let plan = report.plan.unwrap_or_else(|| panic!("{:#?}", report.problems));
        let call = Call::new("+15035550100", Timestamp::UNIX_EPOCH).with_caller("+14155550100");
        let TimeQuestions { schedules, clock, minutes, moments, .. } = TimeQuestions::by(&plan, &call);
        assert_eq!(clock.is_empty(), minutes.is_empty());
        (schedules.into_iter().collect(), minutes.into_iter().collect(), moments.into_iter().collect())
    }

    fn minutes(minutes: &[u16]) -> All {
        (vec![], minutes.to_vec(), vec![])
    }

    fn schedule(number: usize) -> All {
        (vec![number], vec![], vec![])
    }

    #[test]
    fn each_kind_of_test_has_its_instants() {
        assert_eq!(asked("when time in [09:00-12:00, 20:00-24:00] { reject }"), minutes(&[0, 540, 720, 1200]));
        assert_eq!(asked("when weekday is fri { reject }; when late { reject }"), minutes(&[0, 360, 1320]));
        assert_eq!(asked("when day is 1 or month is may or date < 2026-05-01 { reject }"), minutes(&[0]));
        assert_eq!(asked("when office is open { reject }"), schedule(0));
        let moment = "2026-11-30T13:00:00Z".parse().unwrap();
        assert_eq!(asked("when not now >= 2026-11-30 08:00 { reject }"), (vec![], vec![], vec![moment]));
    }

    #[test]
    fn a_column_asks_for_the_schedule_of_the_row_that_is_found() {
        assert_eq!(asked("when dialed in sites as site and site.hours is open { route to site.desk }"), schedule(0));
        assert_eq!(asked("when dialed in sites as site { when site.hours is open { reject } }"), schedule(0));
        assert_eq!(asked("when caller in sites as site and site.hours is open { reject }"), All::default());
    }

    #[test]
    fn what_is_settled_for_the_call_asks_nothing() {
        for nothing in [
            "reject",
            "when caller is +14155550100 { reject }; when late { route to a }",
            "when caller is anonymous and late { reject }",
            "when late and caller is anonymous { reject }",
            "when late or dialed is +15035550100 { reject }; when office is open { route to a }",
            "when storm is on { when late { reject } }",
            "when late { context \"It is {time}.\" }",
            "split \"s\" by call { 40% { reject } 60% { route to a } }; when late { reject }",
            "split \"s\" by call { 0% { when late { reject } } 100% { route to a } }",
        ] {
            assert_eq!(asked(nothing), All::default(), "{nothing}");
        }
    }

    #[test]
    fn what_may_be_reached_asks() {
        let late = minutes(&[360, 1320]);
        for something in [
            "when late or caller is anonymous { reject }",
            "when office is open and caller is anonymous { reject }; when late { reject }",
            "when storm is off { when late { reject } }",
            "split \"s\" by call { 40% { reject } 60% { context \"\" } }; when late { reject }",
            "split \"s\" by call { 40% { context \"\" } 60% { when late { reject } } }",
        ] {
            assert_eq!(asked(something), late, "{something}");
        }
    }
}
