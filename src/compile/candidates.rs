//! The form of a plan that cannot blow up: its statements as they are, with an index that leaves
//! out those that cannot concern a call. It takes memory in proportion to the plan, whatever its
//! conditions say together, and answers calls of any time.

use super::answer::Answer;
use super::budget::OverBudget;
use super::horizon::Horizon;
use super::run::StatementRun;
use super::steps;
use super::time::{TimeAnswers, TimeTest};
use crate::call::Call;
use crate::eval::{Facts, ToldAhead};
use crate::phone::{Country, Number, NumberSet};
use crate::plan::{CheckedPlan, Condition, Definitions, Party, Question, RowTest, Statement};
use std::collections::HashMap;
use std::sync::Arc;

/// How much is worked out ahead of schedules: beyond it, a call asks the schedule itself.
const MAX_CHANGES: usize = 1_000_000;
/// Maximum number of bytes for what holes tell of schedules and days.
const MAX_TOLD_BYTES: usize = 16 << 20;

/// The statements of a plan under an index.
#[derive(Debug)]
pub(super) struct Candidates {
    index: StatementIndex,
    /// How each schedule goes over the horizon, as far as that was worked out.
    hours: Vec<Option<TimeAnswers>>,
    /// What holes tell at each time, as far as that was worked out.
    told: ToldAhead,
}

impl Candidates {
    pub fn new(plan: &CheckedPlan, horizon: &Horizon) -> Self {
        Self { index: StatementIndex::new(plan), hours: hours(plan, horizon), told: told(plan, horizon) }
    }

    /// What a plan says of a call.
    #[inline(never)]
    pub fn answer<'p>(&'p self, plan: &'p CheckedPlan, horizon: &Horizon, call: &'p Call) -> Answer<'p> {
        let second = horizon.second_within(call.timestamp);
        let facts = Facts::of(call, &plan.definitions).with_ahead(second.map(|_| &self.told));
        let is_open = |schedule: usize| match self.hours[schedule].as_ref().zip(second) {
            Some((hours, second)) => hours.at(second),
            None => plan.definitions.schedules[schedule].1.is_open_at(call.timestamp),
        };
        let statements = self.index.find(&facts).map(|at| &plan.statements[at]);
        StatementRun::new(plan, &facts, is_open).answer(statements)
    }

    /// How many steps a call takes at most: whichever index promises fewer is asked.
    pub fn most_steps(&self) -> usize {
        self.index.by_dialed.most_steps().min(self.index.by_caller.most_steps())
    }

    /// Bytes of its indexes and times.
    pub fn bytes(&self) -> usize {
        let hours = self.hours.iter().flatten().map(|hours| size_of_val(&*hours.changes));
        self.index.by_dialed.bytes() + self.index.by_caller.bytes() + hours.sum::<usize>() + self.told.bytes()
    }
}

/// Which statements of a block may concern a call, by its two numbers.
#[derive(Debug)]
pub(crate) struct StatementIndex {
    by_dialed: NumberTree,
    by_caller: NumberTree,
}

impl StatementIndex {
    /// Of the outermost block of a plan.
    pub fn new(plan: &CheckedPlan) -> Self {
        Self::of(&plan.statements, &mut BothNeeds::of(&plan.definitions))
    }

    fn of<'p>(block: &'p [Statement], needs: &mut BothNeeds<'p>) -> Self {
        let index = |needs: &mut Needs<'p>| {
            NumberTree::new(block.iter().map(|statement| (needs.of_statement(statement), steps::of(statement))))
        };
        Self { by_dialed: index(&mut needs.dialed), by_caller: index(&mut needs.caller) }
    }

    /// The statements that may concern a call, by their places in the block's order. All others do
    /// nothing for it.
    pub fn find(&self, facts: &Facts) -> impl Iterator<Item = usize> + '_ {
        let dialed = self.by_dialed.find(facts.own_number(Party::Dialed));
        let caller = self.by_caller.find(facts.own_number(Party::Caller));
        let fewer = if caller.steps < dialed.steps { caller } else { dialed };
        fewer.map(|at| at as usize)
    }
}

/// The indexes of all blocks of a plan that are worth one.
#[derive(Debug)]
pub(crate) struct BlockIndexes {
    /// By the address of a block's first statement.
    by_block: HashMap<*const Statement, StatementIndex>,
}

/// Number of statements from which on a block has an index.
const INDEXED_BLOCK: usize = 16;

impl BlockIndexes {
    pub fn new(plan: &CheckedPlan) -> Self {
        let mut needs = BothNeeds::of(&plan.definitions);
        let mut by_block = HashMap::new();
        let mut waiting: Vec<&[Statement]> = vec![&plan.statements];
        while let Some(block) = waiting.pop() {
            if block.len() >= INDEXED_BLOCK {
                by_block.insert(block.as_ptr(), StatementIndex::of(block, &mut needs));
            }
            waiting.extend(block.iter().flat_map(Statement::blocks));
        }
        Self { by_block }
    }

    /// The index of a block of the plan; `None` where asking all its statements takes no longer.
    pub fn of(&self, block: &[Statement]) -> Option<&StatementIndex> {
        self.by_block.get(&block.as_ptr()).filter(|_| block.len() >= INDEXED_BLOCK)
    }
}

/// What a plan says of a call, asked of all its statements; for times that nothing was worked out
/// for.
#[inline(never)]
pub(super) fn ask_all<'p>(plan: &'p CheckedPlan, call: &'p Call) -> Answer<'p> {
    let facts = Facts::of(call, &plan.definitions);
    let is_open = |schedule: usize| plan.definitions.schedules[schedule].1.is_open_at(call.timestamp);
    StatementRun::new(plan, &facts, is_open).answer(plan.statements.iter())
}

fn hours(plan: &CheckedPlan, horizon: &Horizon) -> Vec<Option<TimeAnswers>> {
    let mut left = MAX_CHANGES;
    let schedules = plan.definitions.schedules.iter().map(|(_, schedule)| {
        let answers = (left > 0).then(|| TimeAnswers::of(TimeTest::Open(schedule), horizon))?;
        left = left.saturating_sub(answers.changes.len() + 64);
        Some(answers)
    });
    schedules.collect()
}

/// What holes tell, as far as there is room: beyond it, a call asks the schedule itself.
fn told(plan: &CheckedPlan, horizon: &Horizon) -> ToldAhead {
    let mut told = ToldAhead::default();
    let mut bytes_left = MAX_TOLD_BYTES;
    let keep = |bytes| {
        bytes_left = bytes_left.checked_sub(bytes).ok_or(OverBudget)?;
        Ok(())
    };
    let (Ok(()) | Err(OverBudget)) = told.work_out(plan, (horizon.from, horizon.until), keep);
    told
}

/// The numbers without which a statement does nothing: `None` for one that may do something
/// whatever the number.
type Need = Option<Arc<NumberSet>>;

/// Works out needs, for one of the two numbers.
struct Needs<'p> {
    definitions: &'p Definitions,
    party: Party,
    named: HashMap<(usize, bool), Need>,
    tables: HashMap<usize, Arc<NumberSet>>,
}

/// The needs of both numbers.
struct BothNeeds<'p> {
    dialed: Needs<'p>,
    caller: Needs<'p>,
}

impl<'p> BothNeeds<'p> {
    fn of(definitions: &'p Definitions) -> Self {
        let needs = |party| Needs { definitions, party, named: HashMap::new(), tables: HashMap::new() };
        Self { dialed: needs(Party::Dialed), caller: needs(Party::Caller) }
    }
}

impl<'p> Needs<'p> {
    fn of_statement(&mut self, statement: &'p Statement) -> Need {
        self.of(statement.condition()?, true)
    }

    /// The numbers without which a condition does not hold, or does.
    fn of(&mut self, condition: &'p Condition, holds: bool) -> Need {
        match condition {
            Condition::Not(operand) => self.of(operand, !holds),
            Condition::All(operands) if holds => self.of_all(operands, holds),
            Condition::Any(operands) if !holds => self.of_all(operands, holds),
            Condition::All(operands) | Condition::Any(operands) => self.of_any(operands, holds),
            Condition::Named(number, _) => {
                if let Some(need) = self.named.get(&(*number, holds)) {
                    return need.clone();
                }
                let definitions = self.definitions;
                let need = self.of(&definitions.conditions[*number].1, holds);
                self.named.insert((*number, holds), need.clone());
                need
            }
            Condition::Test(test) if test.expected == holds => self.of_question(&test.question),
            Condition::Test(_) => None,
        }
    }

    /// Of several needs, the narrowest is enough.
    fn of_all(&mut self, operands: &'p [Condition], holds: bool) -> Need {
        let needs = operands.iter().filter_map(|operand| self.of(operand, holds));
        needs.min_by_key(|need| breadth(need))
    }

    fn of_any(&mut self, operands: &'p [Condition], holds: bool) -> Need {
        let needs: Vec<Arc<NumberSet>> =
            operands.iter().map(|operand| self.of(operand, holds)).collect::<Option<_>>()?;
        let runs: usize = needs.iter().map(|need| need.pieces()).sum();
        // Wider than it must be is never wrong.
        (runs <= 10_000).then(|| Arc::new(NumberSet::union_of(needs.iter().map(|need| &**need))))
    }

    fn of_question(&mut self, question: &Question) -> Need {
        match question {
            Question::Number(party, set) => (*party == self.party).then(|| Arc::clone(set)),
            Question::Row(slot) => {
                let RowTest { party, table } = self.definitions.row_tests[*slot];
                if party != self.party {
                    return None;
                }
                let patterns = &self.definitions.tables[table].patterns;
                Some(Arc::clone(self.tables.entry(table).or_insert_with(|| NumberSet::from_patterns(patterns).into())))
            }
            Question::Country(party, countries) => {
                let numbers = |country: &Option<Country>| match country {
                    Some(country) => country.numbers(),
                    None => Country::numbers_of_none(),
                };
                let sets: Vec<NumberSet> = countries.iter().map(numbers).collect();
                (*party == self.party).then(|| NumberSet::union_of(&sets).into())
            }
            Question::Absent(_)
            | Question::Attestation(_)
            | Question::Text(..)
            | Question::Time(_)
            | Question::Weekday(_)
            | Question::Day(_)
            | Question::Month(_)
            | Question::Date(_)
            | Question::From(_)
            | Question::Open(_)
            | Question::OnCall(..)
            | Question::Switch(_)
            | Question::Column(..) => None,
        }
    }
}

/// How many keys a set spans.
fn breadth(set: &NumberSet) -> u64 {
    // A set without keys is that of the withheld number or of local ones, which are few.
    set.spans().iter().map(|span| span.high - span.low + 1).sum()
}

/// Finds the statements that may concern a number: a tree over the keys at which their needs begin
/// and end, in which each need is written at a few nodes that together cover it.
#[derive(Debug)]
struct NumberTree {
    /// The keys at which something begins or ends, in order.
    bounds: Box<[u64]>,
    /// Of each node, where its statements begin among `statements`; one entry more. The root is 1,
    /// and the children of a node have twice its number, and one more.
    nodes: Box<[u32]>,
    /// Of each node, how many steps its statements take at most.
    steps: Box<[usize]>,
    statements: Box<[u32]>,
    withheld: StatementList,
    local: StatementList,
}

/// Statements in the order of the plan, and how many steps they take at most.
#[derive(Debug, Default)]
struct StatementList {
    statements: Vec<u32>,
    steps: usize,
}

impl StatementList {
    fn add(&mut self, statement: u32, steps: usize) {
        self.statements.push(statement);
        self.steps += steps;
    }
}

/// A need of more runs than this is taken for one from its first key to its last.
const MAX_RUNS: usize = 16;

/// The depth of a tree over all the keys that a text can name.
const DEEPEST: usize = 32;

impl NumberTree {
    /// Of the needs of a plan's statements, and the steps that each takes at most.
    fn new(needs: impl Iterator<Item = (Need, usize)>) -> Self {
        let (mut runs, mut all_steps) = (Vec::new(), Vec::new());
        let (mut withheld, mut local) = (StatementList::default(), StatementList::default());
        for (statement, (need, steps)) in (0_u32..).zip(needs) {
            all_steps.push(steps);
            runs.extend(runs_of(need.as_deref()).into_iter().map(|(low, end)| (low, end, statement)));
            let is_among = |is_in: fn(&NumberSet) -> bool| need.as_deref().is_none_or(is_in);
            if is_among(NumberSet::has_anonymous) {
                withheld.add(statement, steps);
            }
            if is_among(NumberSet::has_locals) {
                local.add(statement, steps);
            }
        }
        let mut bounds: Vec<u64> = runs.iter().flat_map(|(low, end, _)| [*low, *end]).collect();
        bounds.sort_unstable();
        bounds.dedup();
        let leaves = (bounds.len() + 1).next_power_of_two();
        let cell = |key: u64| bounds.partition_point(|bound| *bound <= key);
        let mut at_nodes: Vec<(u32, u32)> = Vec::new();
        for (low, end, statement) in runs {
            let (mut low, mut end) = (cell(low) + leaves, cell(end) + leaves);
            while low < end {
                if low % 2 == 1 {
                    at_nodes.push((low as u32, statement));
                    low += 1;
                }
                if end % 2 == 1 {
                    end -= 1;
                    at_nodes.push((end as u32, statement));
                }
                (low, end) = (low / 2, end / 2);
            }
        }
        at_nodes.sort_unstable();
        at_nodes.dedup();
        let begins = |node: u32| at_nodes.partition_point(|(at, _)| *at < node) as u32;
        let mut steps = vec![0; 2 * leaves];
        for (node, statement) in &at_nodes {
            steps[*node as usize] += all_steps[*statement as usize];
        }
        Self {
            nodes: (0..=2 * leaves as u32).map(begins).collect(),
            steps: steps.into(),
            statements: at_nodes.iter().map(|(_, statement)| *statement).collect(),
            bounds: bounds.into(),
            withheld,
            local,
        }
    }

    fn find(&self, number: &Number) -> MergedStatements<'_> {
        let mut found = MergedStatements { lists: [&[]; DEEPEST], count: 0, steps: 0 };
        match number {
            Number::Withheld => found.add(&self.withheld.statements, self.withheld.steps),
            Number::Local(_) => found.add(&self.local.statements, self.local.steps),
            Number::E164(number) => {
                let leaves = (self.nodes.len() - 1) / 2;
                let mut node = self.bounds.partition_point(|bound| *bound <= number.key()) + leaves;
                while node > 0 {
                    let statements = self.nodes[node] as usize..self.nodes[node + 1] as usize;
                    found.add(&self.statements[statements], self.steps[node]);
                    node /= 2;
                }
            }
        }
        found
    }

    fn bytes(&self) -> usize {
        let lists = [&*self.nodes, &*self.statements, &*self.withheld.statements, &*self.local.statements];
        let lists: usize = lists.iter().map(|list| size_of_val(*list)).sum();
        size_of_val(&*self.bounds) + size_of_val(&*self.steps) + lists
    }

    /// Maximum number of steps of the statements that are found for a number.
    fn most_steps(&self) -> usize {
        let leaves = self.steps.len() / 2;
        let of_leaf = |leaf| std::iter::successors(Some(leaf), |node| Some(node / 2)).take_while(|node| *node > 0);
        let of_numbers = (leaves..2 * leaves).map(|leaf| of_leaf(leaf).map(|node| self.steps[node]).sum());
        of_numbers.max().unwrap_or(0).max(self.withheld.steps).max(self.local.steps)
    }
}

/// Keys from one up to, not including, another, that together hold a need.
fn runs_of(need: Option<&NumberSet>) -> Vec<(u64, u64)> {
    let Some(need) = need else { return vec![(0, u64::MAX)] };
    match need.spans() {
        [] => Vec::new(),
        [first, .., last] if need.spans().len() > MAX_RUNS => vec![(first.low, last.high + 1)],
        spans => spans.iter().map(|span| (span.low, span.high + 1)).collect(),
    }
}

/// Statements in the order of the plan, merged from a few lists that have them so.
struct MergedStatements<'i> {
    lists: [&'i [u32]; DEEPEST],
    count: usize,
    /// How many they take at most.
    steps: usize,
}

impl<'i> MergedStatements<'i> {
    fn add(&mut self, list: &'i [u32], steps: usize) {
        if !list.is_empty() {
            self.lists[self.count] = list;
            self.count += 1;
            self.steps += steps;
        }
    }
}

impl Iterator for MergedStatements<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let lists = &mut self.lists[..self.count];
        let next = lists.iter().filter_map(|list| list.first()).min().copied()?;
        for list in lists {
            if list.first() == Some(&next) {
                *list = &list[1..];
            }
        }
        Some(next)
    }
}
