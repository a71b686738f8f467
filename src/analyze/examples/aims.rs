//! What examples are for: each rule, arm and decision of a plan, and each boundary of the
//! conditions around them. With each stand the calls among which one of it is to be found.

use super::boundary::{Boundary, NumberBoundaryKind, RowSchedule, TimeBoundary};
use super::fixed::{ConstantTest, tests_of};
use super::{numbers, times};
use crate::compile::axes::{AxisTexts, TooManyBoxes};
use crate::compile::guard::{ALL_ATTESTATIONS, Guard, Guards};
use crate::phone::{NumberSet, Winners};
use crate::plan::{
    Arm, CallText, Cell, CheckedPlan, ColumnTest, Condition, Question, RowSlot, RowTest, Split, Statement,
    StatementKind, Target, Test, TextField, TextTest,
};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

/// Maximum number of boundaries that are examined, for a plan and for one test.
const MAX_EDGES: usize = 1_500;
const MAX_EDGES_OF_A_TEST: usize = 100;

/// One thing that an example can show.
pub(super) struct Aim<'p> {
    pub what: AimKind<'p>,
    /// Where the call must get to, undecided: a place in the text.
    pub gets_to: u32,
    /// The calls to look among, those that are best to look at first.
    pub among: Vec<CandidateCalls>,
}

/// What it is.
pub(super) enum AimKind<'p> {
    /// That this runs.
    Runs(PlanPlace<'p>),
    /// That no statement decides.
    Undecided,
    /// Both sides of a boundary, where the statement runs on one of them.
    Boundary {
        /// Which statement.
        statement: &'p Statement,
        /// A test of its condition.
        test: &'p Test,
        edge: Rc<Boundary>,
    },
    /// Both sides of a hand-over, where a statement routes to a rotation.
    HandOver {
        /// Which statement.
        statement: &'p Statement,
        edge: Rc<Boundary>,
    },
}

/// A place in a plan that runs or does not.
#[derive(Clone, Copy)]
pub(super) enum PlanPlace<'p> {
    Statement(&'p Statement),
    Arm(&'p Statement, &'p Split, &'p Arm),
}

/// Calls to look among.
pub(super) struct CandidateCalls {
    pub guard: Guard,
    /// For a boundary, on which side they lie.
    pub side: Option<bool>,
}

/// The aims of a plan, in its order.
pub(super) struct Aims<'p> {
    pub aims: Vec<Aim<'p>>,
    /// Number of boundaries that were not examined, because there are too many or their conditions
    /// multiply too far.
    pub left_out: usize,
}

impl<'p> Aims<'p> {
    /// An error where the plan's own conditions multiply beyond what can be laid out.
    pub fn of(plan: &'p CheckedPlan, guards: &mut Guards<'p>) -> Result<Self, TooManyBoxes> {
        let base = as_in_examples(plan, guards)?;
        let aims = Self { aims: Vec::new(), left_out: 0 };
        let mut gathering = AimCollector { plan, guards, aims, edges: HashMap::new(), looked_at: 0 };
        if !gathering.block(&plan.statements, &base, true)? {
            let among = vec![CandidateCalls { guard: base, side: None }];
            let gets_to = plan.source.text().len() as u32;
            gathering.aims.aims.push(Aim { what: AimKind::Undecided, gets_to, among });
        }
        Ok(gathering.aims)
    }
}

/// The calls whose texts an example can write: a field that no example has is empty.
fn as_in_examples(plan: &CheckedPlan, guards: &mut Guards<'_>) -> Result<Guard, TooManyBoxes> {
    let tests = || plan.every_condition().flat_map(Condition::tests);
    let asks = |of: CallText| tests().any(|test| matches!(test.question, Question::Text(asked, _) if asked == of));
    let mut calls = Guard::always();
    let unwritten = TextField::ALL.into_iter().filter(|field| field.in_examples().is_none()).map(CallText::Field);
    for of in unwritten.filter(|of| asks(*of)) {
        let empty = TextTest::Listed(BTreeSet::from([String::new()]));
        let empty = guards.of_texts(of, AxisTexts::of_test(&empty, true));
        calls = guards.both(&calls, &empty)?;
    }
    Ok(calls)
}

struct AimCollector<'p, 'g> {
    plan: &'p CheckedPlan,
    guards: &'g mut Guards<'p>,
    aims: Aims<'p>,
    /// The boundaries of each test, by its address: a named condition may stand in many rules.
    edges: HashMap<*const Test, Rc<[Rc<Boundary>]>>,
    looked_at: usize,
}

impl<'p> AimCollector<'p, '_> {
    /// Gathers the aims of a block that runs for the calls of a guard; gives whether it ends in a
    /// decision.
    fn block(&mut self, block: &'p [Statement], around: &Guard, mut is_apart: bool) -> Result<bool, TooManyBoxes> {
        for statement in block {
            match &statement.kind {
                StatementKind::Guarded { condition, block, .. } => {
                    let inner = match condition {
                        Some(condition) => {
                            let own = self.guards.of_condition(condition, true)?;
                            self.guards.both(around, &own)?
                        }
                        None => around.clone(),
                    };
                    self.runs(PlanPlace::Statement(statement), statement.span.start, &inner);
                    if let Some(condition) = condition {
                        self.boundaries(statement, condition, around);
                    }
                    self.block(block, &inner, false)?;
                    is_apart = true;
                }
                StatementKind::Split(split) => {
                    for arm in split.arms.iter().filter(|arm| !arm.buckets.is_empty()) {
                        let own = self.guards.of_buckets(split, arm.buckets.clone());
                        let inner = self.guards.both(around, &own)?;
                        self.runs(PlanPlace::Arm(statement, split, arm), statement.span.start, &inner);
                        self.block(&arm.block, &inner, false)?;
                    }
                    is_apart = true;
                }
                StatementKind::Context(_) | StatementKind::Metadata(_) | StatementKind::Skip => {}
                StatementKind::Route { .. } | StatementKind::Reject(_) | StatementKind::Fallback => {
                    // Elsewhere it runs whenever its block does.
                    if is_apart {
                        self.runs(PlanPlace::Statement(statement), statement.span.start, around);
                    }
                    if let StatementKind::Route { target: Target::Rotation(rotation), .. } = &statement.kind {
                        self.hand_overs(statement, *rotation, around);
                    }
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Both sides of each hand-over of a rotation, where a statement routes to it.
    fn hand_overs(&mut self, statement: &'p Statement, rotation: usize, around: &Guard) {
        let horizon = self.guards.axes.horizon();
        let edges = times::of_rotation(&self.plan.definitions, rotation, None, &horizon);
        for (at, edge) in edges.into_iter().enumerate() {
            let among = match at < MAX_EDGES_OF_A_TEST && self.looked_at < MAX_EDGES {
                true => self.among_sides(&edge, around),
                false => Err(TooManyBoxes),
            };
            self.looked_at += 1;
            match among {
                Ok(among) => {
                    let what = AimKind::HandOver { statement, edge: Rc::new(edge) };
                    self.aims.aims.push(Aim { what, gets_to: statement.span.start, among });
                }
                Err(TooManyBoxes) => self.aims.left_out += 1,
            }
        }
    }

    /// Calls of a guard on each side of a boundary.
    fn among_sides(&mut self, edge: &Boundary, around: &Guard) -> Result<Vec<CandidateCalls>, TooManyBoxes> {
        let mut among = Vec::new();
        for side in [true, false] {
            for times in self.on_side(edge, side)? {
                among.push(CandidateCalls { guard: self.guards.both(around, &times)?, side: Some(side) });
            }
        }
        Ok(among)
    }

    fn runs(&mut self, place: PlanPlace<'p>, gets_to: u32, guard: &Guard) {
        let among = vec![CandidateCalls { guard: guard.clone(), side: None }];
        self.aims.aims.push(Aim { what: AimKind::Runs(place), gets_to, among });
    }

    /// Both sides of each boundary of a condition. A call of the side is wanted for which the
    /// answer to the one test settles the whole condition.
    fn boundaries(&mut self, statement: &'p Statement, condition: &'p Condition, around: &Guard) {
        for test in tests_of(condition, &self.plan.definitions) {
            let edges = self.edges_of(test);
            if edges.is_empty() {
                continue;
            }
            let mut settled = |this, other| {
                let definitions = &self.plan.definitions;
                let holds = ConstantTest::new(test, this).guard(condition, true, definitions, self.guards)?;
                let fails = ConstantTest::new(test, other).guard(condition, false, definitions, self.guards)?;
                let both = self.guards.both(&holds, &fails)?;
                self.guards.both(around, &both)
            };
            let (Ok(holding), Ok(failing)) = (settled(true, false), settled(false, true)) else {
                self.aims.left_out += edges.len();
                continue;
            };
            for edge in edges.iter() {
                let among = match self.looked_at < MAX_EDGES {
                    true => self.among(test, edge, &holding, &failing),
                    false => Err(TooManyBoxes),
                };
                self.looked_at += 1;
                match among {
                    Ok(among) => {
                        let what = AimKind::Boundary { statement, test, edge: Rc::clone(edge) };
                        self.aims.aims.push(Aim { what, gets_to: statement.span.start, among });
                    }
                    Err(TooManyBoxes) => self.aims.left_out += 1,
                }
            }
        }
    }

    /// Where to look for a call at a boundary: the side first on which the condition holds.
    fn among(
        &mut self,
        test: &Test,
        edge: &Boundary,
        holding: &Guard,
        failing: &Guard,
    ) -> Result<Vec<CandidateCalls>, TooManyBoxes> {
        let mut among = Vec::new();
        for (settled, first) in [(holding, test.expected), (failing, !test.expected)] {
            if settled.boxes.is_empty() {
                continue;
            }
            for side in [first, !first] {
                for times_or_numbers in self.on_side(edge, side)? {
                    let guard = self.guards.both(settled, &times_or_numbers)?;
                    among.push(CandidateCalls { guard, side: Some(side) });
                }
            }
        }
        Ok(among)
    }

    /// The calls on one side of a boundary; in several parts where some are better to look at.
    fn on_side(&mut self, edge: &Boundary, side: bool) -> Result<Vec<Guard>, TooManyBoxes> {
        let guards = &mut *self.guards;
        let row = match edge {
            Boundary::Ends { party, yes, no } => {
                let number = crate::phone::Pattern::Number(if side { *yes } else { *no });
                return Ok(vec![guards.of_number_set(*party, &NumberSet::from_patterns(&[number]))?]);
            }
            Boundary::Numbers(numbers) => {
                return Ok(vec![guards.of_number_set(numbers.party, &numbers.sides[usize::from(side)])?]);
            }
            Boundary::Texts(of, test) => return Ok(vec![guards.of_texts(*of, AxisTexts::of_test(test, side))]),
            Boundary::Absent(party) => return Ok(vec![guards.of_presence(*party, !side)]),
            Boundary::Attestation(among) => {
                return Ok(vec![guards.of_attestations(if side { *among } else { !among & ALL_ATTESTATIONS })]);
            }
            Boundary::Switch(switch) => return Ok(vec![guards.of_switch(*switch, side)]),
            Boundary::Times(TimeBoundary { row, .. }) | Boundary::Closed { row, .. } => *row,
            Boundary::Dates { .. } => None,
        };
        let rows = match row {
            Some((slot, column, schedule)) => {
                let (party, sets) = self.rows(slot, |cell| *cell == Cell::Schedule(schedule), column);
                self.guards.of_number_set(party, &sets[1])?
            }
            None => Guard::always(),
        };
        let horizon = self.guards.axes.horizon();
        let times = times::on_side(edge, side, &self.plan.definitions, &horizon);
        let guards = &mut *self.guards;
        let mut found = Vec::new();
        for times in times {
            let times = guards.of_times(times)?;
            found.push(guards.both(&rows, &times)?);
        }
        Ok(found)
    }

    fn edges_of(&mut self, test: &'p Test) -> Rc<[Rc<Boundary>]> {
        if let Some(known) = self.edges.get(&std::ptr::from_ref(test)) {
            return Rc::clone(known);
        }
        let mut edges = self.edges(&test.question);
        self.aims.left_out += edges.len().saturating_sub(MAX_EDGES_OF_A_TEST);
        edges.truncate(MAX_EDGES_OF_A_TEST);
        let edges: Rc<[Rc<Boundary>]> = edges.into_iter().map(Rc::new).collect();
        self.edges.insert(test, Rc::clone(&edges));
        edges
    }

    fn edges(&self, question: &'p Question) -> Vec<Boundary> {
        let definitions = &self.plan.definitions;
        let horizon = self.guards.axes.horizon();
        let mut edges = Vec::new();
        match question {
            Question::Number(party, set) => numbers::edges(*party, set, NumberBoundaryKind::Listed, &mut edges),
            Question::Row(slot) => {
                let RowTest { party, table } = definitions.row_tests[*slot];
                let rows = NumberSet::from_patterns(&definitions.tables[table].patterns);
                numbers::edges(party, &rows, NumberBoundaryKind::Row, &mut edges);
            }
            Question::Country(party, countries) => edges.push(numbers::of_countries(*party, countries)),
            Question::Absent(party) => edges.push(Boundary::Absent(*party)),
            Question::Attestation(among) => edges.push(Boundary::Attestation(*among)),
            Question::Text(CallText::Field(field), _) if field.in_examples().is_none() => {}
            Question::Text(of, test) => edges.push(Boundary::Texts(*of, test.clone())),
            Question::Switch(switch) => edges.push(Boundary::Switch(*switch)),
            Question::OnCall(rotation, agents) => {
                edges.extend(times::of_rotation(definitions, *rotation, Some(agents), &horizon));
            }
            Question::Open(schedule) => edges.extend(times::of_schedule(definitions, *schedule, None, &horizon)),
            Question::Column(slot, column, ColumnTest::Open) => {
                for schedule in self.schedules_in(*slot, *column) {
                    let row: RowSchedule = (*slot, *column, schedule);
                    edges.extend(times::of_schedule(definitions, schedule, Some(row), &horizon));
                }
            }
            Question::Column(slot, column, test) => {
                let (party, [no, yes]) = self.rows(*slot, |cell| cell.answers(test), *column);
                edges.push(numbers::of_column(party, no, yes));
            }
            Question::Time(_)
            | Question::Weekday(_)
            | Question::Day(_)
            | Question::Month(_)
            | Question::Date(_)
            | Question::From(_) => edges.extend(times::of_clock(question, &definitions.zone, &horizon)),
        }
        edges
    }

    fn schedules_in(&self, slot: RowSlot, column: usize) -> BTreeSet<usize> {
        let table = &self.plan.definitions.tables[self.plan.definitions.row_tests[slot].table];
        let cells = table.cells.iter().skip(column).step_by(table.columns.len());
        let schedule = |cell: &Cell| match cell {
            Cell::Schedule(schedule) => Some(*schedule),
            Cell::Text(_) | Cell::Figure(..) | Cell::Boolean(_) | Cell::Agent(_) | Cell::Rotation(_) => None,
        };
        cells.filter_map(schedule).collect()
    }

    /// The numbers whose row has no such cell, and those whose row has one.
    fn rows(
        &self,
        slot: RowSlot,
        is_such: impl Fn(&Cell) -> bool,
        column: usize,
    ) -> (crate::plan::Party, [NumberSet; 2]) {
        let RowTest { party, table } = self.plan.definitions.row_tests[slot];
        let table = &self.plan.definitions.tables[table];
        let group = |row: usize| table.cell(row, column).map(|cell| usize::from(is_such(cell)));
        let mut sets = Winners::of(&table.patterns).sets(2, group);
        let yes = sets.pop().unwrap_or_default();
        (party, [sets.pop().unwrap_or_default(), yes])
    }
}
