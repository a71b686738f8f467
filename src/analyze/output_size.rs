//! How large the context and the metadata of one decision can be. Each is bounded for the longest
//! cells of the plan's tables and the longest texts that a call can show.
//!
//! The statements give a bound of all paths, whatever their conditions say. Only a plan that goes
//! beyond the maximum by it is looked at leaf by leaf, where statements that exclude each other are
//! not added up. That holds only for plans that do not ask for the time: leaves know no calls
//! outside of the horizon.

use super::problems;
use super::study::Study;
use crate::diagnostics::Diagnostic;
use crate::eval::{ALL_DAY, LONGEST_CHANGE, LONGEST_INSTANT, LONGEST_STRETCH, longest_shown};
use crate::phone::SHOWN_CHARACTERS;
use crate::plan::{
    Cell, CheckedPlan, HoleValue, HoursPart, MetadataValue, RowSlot, Statement, StatementKind, Template, TemplatePart,
};
use crate::source::Span;
use std::collections::HashMap;

/// A part of the output that is bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OutputPart {
    /// Bytes of its text.
    Context,
    /// Bytes of its JSON.
    Metadata,
}

/// A statement at which a part of the output can grow beyond the maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Excess {
    pub part: OutputPart,
    pub place: Span,
    /// What it can grow to there.
    pub bytes: usize,
}

/// The problem of a plan with an output that can be larger than `maximum`; `None` if none can.
/// `study` is the plan laid out, where it can be.
pub(super) fn too_large<'p>(plan: &'p CheckedPlan, study: Option<&Study<'p>>, maximum: usize) -> Option<Diagnostic> {
    let mut sizes = Sizes { plan, columns: HashMap::new(), hours: HashMap::new(), day_names: HashMap::new() };
    let mut largest = Largest::new(maximum);
    largest.block(&mut sizes, &plan.statements);
    let by_statements = largest.excess?;
    let excess = match study.filter(|study| !study.asks_for_the_time) {
        None => Some(by_statements),
        Some(study) => (0..study.leaves()).find_map(|leaf| of_leaf(study, leaf, &mut sizes, maximum)),
    };
    excess.map(|excess| problems::output_too_large(excess, maximum))
}

/// The same for the calls of one leaf.
fn of_leaf<'p>(study: &Study<'p>, leaf: usize, sizes: &mut Sizes<'p>, maximum: usize) -> Option<Excess> {
    let mut largest = Largest::new(maximum);
    for clause in study.run(leaf) {
        study.clauses.clauses[clause].effects.iter().for_each(|effect| largest.effect(sizes, effect));
    }
    largest.excess
}

/// The largest output so far, on the way through some statements.
struct Largest<'p> {
    maximum: usize,
    context: usize,
    metadata: usize,
    /// The largest value of each key, with the key.
    members: HashMap<&'p str, usize>,
    /// The members before the changes of a block, the last at the end.
    replaced: Vec<(&'p str, Option<usize>)>,
    /// Where the maximum was exceeded first.
    excess: Option<Excess>,
}

impl<'p> Largest<'p> {
    fn new(maximum: usize) -> Self {
        let (context, metadata) = (0, 0);
        Self { maximum, context, metadata, members: HashMap::new(), replaced: Vec::new(), excess: None }
    }

    /// Goes through a block. Whether some calls may go on behind it.
    fn block(&mut self, sizes: &mut Sizes<'p>, statements: &'p [Statement]) -> bool {
        for statement in statements {
            let goes_on = match &statement.kind {
                StatementKind::Guarded { condition, block, .. } => self.inside(sizes, block) || condition.is_some(),
                StatementKind::Split(split) => {
                    let before = self.context;
                    let mut after = None;
                    for arm in split.arms.iter().filter(|arm| !arm.buckets.is_empty()) {
                        self.context = before;
                        if self.inside(sizes, &arm.block) {
                            after = after.max(Some(self.context));
                        }
                    }
                    self.context = after.unwrap_or(before);
                    after.is_some()
                }
                StatementKind::Context(_) | StatementKind::Metadata(_) | StatementKind::Skip => {
                    self.effect(sizes, statement);
                    true
                }
                StatementKind::Route { .. } | StatementKind::Reject(_) | StatementKind::Fallback => false,
            };
            if !goes_on {
                return false;
            }
        }
        true
    }

    /// Goes through an inner block. What it adds is for the calls that end in it alone, if all do.
    fn inside(&mut self, sizes: &mut Sizes<'p>, block: &'p [Statement]) -> bool {
        let (context, metadata, replaced) = (self.context, self.metadata, self.replaced.len());
        let goes_on = self.block(sizes, block);
        if !goes_on {
            (self.context, self.metadata) = (context, metadata);
            for (key, before) in self.replaced.drain(replaced..).rev() {
                match before {
                    Some(before) => self.members.insert(key, before),
                    None => self.members.remove(key),
                };
            }
        }
        goes_on
    }

    /// Adds what a statement adds.
    fn effect(&mut self, sizes: &mut Sizes<'p>, statement: &'p Statement) {
        match &statement.kind {
            StatementKind::Context(template) => {
                let paragraph = sizes.template(template, false);
                // A newline stands between two paragraphs.
                self.context += paragraph + usize::from(paragraph > 0 && self.context > 0);
                self.look(OutputPart::Context, self.context, statement);
            }
            StatementKind::Metadata(members) => {
                // The brackets.
                self.metadata = self.metadata.max(2);
                for (key, value) in members {
                    let size = json_size(key) + 1 + sizes.value(value);
                    self.member(key, size);
                }
                self.look(OutputPart::Metadata, self.metadata, statement);
            }
            StatementKind::Guarded { .. }
            | StatementKind::Split(_)
            | StatementKind::Skip
            | StatementKind::Route { .. }
            | StatementKind::Reject(_)
            | StatementKind::Fallback => {}
        }
    }

    /// A member of the metadata. A later value takes the place of an earlier one, on some ways.
    fn member(&mut self, key: &'p str, size: usize) {
        let before = self.members.get(key).copied();
        let grows = match before {
            Some(before) => size.saturating_sub(before),
            None => size + usize::from(!self.members.is_empty()),
        };
        if before.is_none() || grows > 0 {
            self.members.insert(key, size);
            self.replaced.push((key, before));
            self.metadata += grows;
        }
    }

    fn look(&mut self, part: OutputPart, bytes: usize, statement: &Statement) {
        if bytes > self.maximum && self.excess.is_none() {
            self.excess = Some(Excess { part, place: statement.span, bytes });
        }
    }
}

/// The largest sizes of the parts of a plan, in bytes.
struct Sizes<'p> {
    plan: &'p CheckedPlan,
    /// Of the columns that have been asked for, by table and column.
    columns: HashMap<(usize, usize), ColumnSizes>,
    /// The longest hours of schedules that have been asked for.
    hours: HashMap<usize, usize>,
    /// The longest names of days of sets that have been asked for, and the longest in JSON.
    day_names: HashMap<usize, (usize, usize)>,
}

/// The sizes of a column's largest cells.
#[derive(Clone, Copy, Debug, Default)]
struct ColumnSizes {
    shown: usize,
    /// Inside of the quotes of a text in JSON.
    escaped: usize,
    json: usize,
}

impl<'p> Sizes<'p> {
    /// A text with its holes filled, as it is or inside of the quotes of JSON.
    fn template(&mut self, template: &'p Template, is_escaped: bool) -> usize {
        let mut size = 0;
        for piece in &template.pieces {
            size += match piece {
                TemplatePart::Text(text) if is_escaped => json_size(text) - 2,
                TemplatePart::Text(text) => text.len(),
                // What is shown of a call has nothing to escape.
                TemplatePart::Hole(HoleValue::Field(field)) => longest_shown(*field),
                TemplatePart::Hole(HoleValue::Attribute(_)) => SHOWN_CHARACTERS,
                // Ids have nothing to escape.
                TemplatePart::Hole(HoleValue::OnCall(rotation)) => self.on_call(*rotation),
                TemplatePart::Hole(HoleValue::Hours(schedule, part)) => self.hours(*schedule, *part),
                TemplatePart::Hole(HoleValue::DayName(set)) => {
                    let (shown, escaped) = self.day_name(*set);
                    if is_escaped { escaped } else { shown }
                }
                TemplatePart::Hole(HoleValue::Column(slot, column)) => {
                    let sizes = self.column(*slot, *column);
                    if is_escaped { sizes.escaped } else { sizes.shown }
                }
            };
        }
        size
    }

    /// A metadata value as JSON.
    fn value(&mut self, value: &'p MetadataValue) -> usize {
        let between = |count: usize| 2 + count.saturating_sub(1);
        match value {
            MetadataValue::Constant(value) => value.to_string().len(),
            MetadataValue::Text(template) => self.template(template, true) + 2,
            MetadataValue::Bare(HoleValue::Field(field)) => longest_shown(*field) + 2,
            MetadataValue::Bare(HoleValue::Attribute(_)) => SHOWN_CHARACTERS + 2,
            MetadataValue::Bare(HoleValue::OnCall(rotation)) => self.on_call(*rotation) + 2,
            MetadataValue::Bare(HoleValue::Hours(schedule, HoursPart::Hours)) => {
                self.hours(*schedule, HoursPart::Hours) + 2
            }
            MetadataValue::Bare(HoleValue::Hours(_, HoursPart::Opens | HoursPart::Closes)) => LONGEST_INSTANT + 2,
            MetadataValue::Bare(HoleValue::DayName(set)) => self.day_name(*set).1 + 2,
            MetadataValue::Bare(HoleValue::Column(slot, column)) => self.column(*slot, *column).json,
            MetadataValue::Object(members) => {
                let member = |(key, value): &'p (String, MetadataValue)| json_size(key) + 1 + self.value(value);
                members.iter().map(member).sum::<usize>() + between(members.len())
            }
            MetadataValue::Array(entries) => {
                entries.iter().map(|entry| self.value(entry)).sum::<usize>() + between(entries.len())
            }
        }
    }

    /// The longest id of an agent of a rotation.
    fn on_call(&self, rotation: usize) -> usize {
        let agents = self.plan.definitions.rotations[rotation].1.agents();
        let longest = agents.into_iter().map(|agent| json_size(&self.plan.definitions.agents[agent].id) - 2).max();
        longest.unwrap_or(0)
    }

    /// The longest that is told of a schedule's hours. It has nothing to escape.
    fn hours(&mut self, schedule: usize, part: HoursPart) -> usize {
        match part {
            HoursPart::Opens | HoursPart::Closes => LONGEST_CHANGE,
            HoursPart::Hours => {
                let schedule = (schedule, &self.plan.definitions.schedules[schedule].1);
                let longest = || (schedule.1.most_stretches() * LONGEST_STRETCH).max(ALL_DAY.len());
                *self.hours.entry(schedule.0).or_insert_with(longest)
            }
        }
    }

    /// The longest name of a day, and the longest inside of the quotes of JSON.
    fn day_name(&mut self, set: usize) -> (usize, usize) {
        let plan = self.plan;
        *self.day_names.entry(set).or_insert_with(|| {
            let entries = plan.definitions.days[set].1.all_entries();
            let names = || entries.iter().filter_map(|entry| entry.name.as_deref());
            let escaped = names().map(|name| json_size(name) - 2).max();
            (names().map(str::len).max().unwrap_or(0), escaped.unwrap_or(0))
        })
    }

    fn column(&mut self, slot: RowSlot, column: usize) -> ColumnSizes {
        let definitions = &self.plan.definitions;
        let number = definitions.row_tests[slot].table;
        *self.columns.entry((number, column)).or_insert_with(|| {
            let table = &definitions.tables[number];
            let cells = table.cells.iter().skip(column).step_by(table.columns.len());
            let sizes = cells.flat_map(|cell| match cell {
                Cell::Rotation(rotation) => {
                    let agents = definitions.rotations[*rotation].1.agents().into_iter();
                    agents.map(|agent| of_cell(&Cell::Agent(agent), &definitions.agents)).collect()
                }
                Cell::Text(_) | Cell::Figure(_) | Cell::Boolean(_) | Cell::Agent(_) | Cell::Schedule(_) => {
                    vec![of_cell(cell, &definitions.agents)]
                }
            });
            sizes.fold(ColumnSizes::default(), ColumnSizes::max)
        })
    }
}

impl ColumnSizes {
    fn max(self, other: Self) -> Self {
        let Self { shown, escaped, json } = other;
        Self { shown: self.shown.max(shown), escaped: self.escaped.max(escaped), json: self.json.max(json) }
    }
}

fn of_cell(cell: &Cell, agents: &[crate::plan::Agent]) -> ColumnSizes {
    let shown = cell.shown(agents);
    // Without a row, the value is `null`.
    let json = cell.to_json(agents).to_string().len().max("null".len());
    ColumnSizes { shown: shown.len(), escaped: json_size(shown) - 2, json }
}

/// The size of a text as JSON, with its quotes.
fn json_size(text: &str) -> usize {
    serde_json::Value::from(text).to_string().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Options;
    use crate::diagnostics::Code;
    use crate::{Call, Source};

    const MAXIMUM: usize = 200;
    const AT: &str = "2026-12-24T17:00:00Z";

    fn checked(text: &str) -> CheckedPlan {
        let source = Source::new("plan", text);
        let report = crate::check(&source, &Options::default());
        report.plan.unwrap_or_else(|| panic!("{text}\n{:?}", report.problems))
    }

    /// What the check says of a plan, with this maximum.
    fn problem(text: &str, maximum: usize) -> Option<String> {
        let today = Some(jiff::civil::date(2026, 11, 24));
        let options = Options { today, max_output_bytes: Some(maximum), ..Options::default() };
        let report = crate::check(&Source::new("plan", text), &options);
        assert!(report.plan.is_some(), "{text}\n{:?}", report.problems);
        let problem = report.problems.into_iter().find(|problem| problem.code == Code::OutputTooLarge);
        problem.map(|problem| problem.message)
    }

    /// Asserts that the largest output of a plan is that of this call, to the byte.
    fn is_largest(text: &str, call: &Call) {
        let output = checked(text).decide(call).output;
        let context = output.initial_context.len();
        let metadata = output.custom_metadata.map_or(0, |metadata| serde_json::Value::from(metadata).to_string().len());
        let largest = context.max(metadata);
        assert_eq!(problem(text, largest), None, "{text}");
        let message = problem(text, largest - 1).expect("a byte more than there may be");
        assert!(message.contains(&format!("{largest} bytes")), "{message}");
    }

    fn call() -> Call {
        let local = "x".repeat(crate::phone::SHOWN_LOCAL);
        let long = "y".repeat(100);
        Call::new(&local, AT.parse().expect("an instant")).with_caller(&local).with_trunk(&long).with_organization(long)
    }

    #[test]
    fn texts_holes_and_cells_count_to_the_byte() {
        is_largest(
            "context \"ü\"\ncontext \"\"\ncontext \"{caller} {dialed} {trunk} {organization}\"\nreject\n",
            &call(),
        );
        is_largest("metadata { a: \"\\\"a\\\" {trunk}\", b: [1, true, caller], c: { d: trunk } }\nreject\n", &call());
        let table = "table t (name, size) {\n+1*: \"short\", 1\n+14155550100: \"the \\\"long\\\" one\", 12345\n}\n";
        let call = Call::new("+14155550100", AT.parse().expect("an instant"));
        for effect in ["context \"{row.name} {row.size}\"", "metadata { a: row.name, b: \"{row.name}\", c: row.size }"]
        {
            is_largest(&format!("{table}when dialed in t as row {{ {effect} reject }}\nfallback\n"), &call);
        }
    }

    #[test]
    fn statements_of_one_way_add_up_and_others_do_not() {
        let long = format!("context \"{}\"", "x".repeat(MAXIMUM / 2));
        let is_refused = |text: &str| problem(text, MAXIMUM).is_some();
        assert!(!is_refused(&format!("{long}\nreject\n")));
        assert!(is_refused(&format!("{long}\n{long}\nreject\n")));
        let rule = |dialed: &str, end: &str| format!("when dialed is +1415555010{dialed} {{ {long} {end} }}\n");
        // The first way ends; both exclude each other.
        assert!(!is_refused(&format!("{}{long}\nreject\n", rule("0", "reject"))));
        assert!(!is_refused(&format!("{}{}reject\n", rule("0", ""), rule("1", ""))));
        assert!(is_refused(&format!("{}{}reject\n", rule("0", ""), rule("0", ""))));
        let at = |hours: &str| format!("when time in {hours} {{ {long} }}\n");
        let by_time = format!("timezone UTC\n{}{}reject\n", at("09:00-12:00"), at("13:00-17:00"));
        assert!(is_refused(&by_time), "what asks for the time is added up");
        let split = |second: &str| format!("split \"s\" by caller {{ 50% {{ {long} }} 50% {{ {second} }} }}\n");
        assert!(!is_refused(&format!("{}reject\n", split(&long))));
        assert!(is_refused(&format!("{}{long}\nreject\n", split("skip pre_conversation_workflow"))));
        assert!(!is_refused(&format!("{}reject\n", split(&format!("{long} reject")))));
    }

    #[test]
    fn a_key_of_metadata_counts_once_with_its_largest_value() {
        let member = |key: &str, size: usize| format!("metadata {{ {key}: \"{}\" }}\n", "x".repeat(size));
        let is_refused = |text: &str| problem(text, MAXIMUM).is_some();
        let (half, third) = (MAXIMUM / 2, MAXIMUM / 3);
        assert!(!is_refused(&format!("{}{}reject\n", member("a", half), member("a", third))));
        assert!(is_refused(&format!("{}{}reject\n", member("a", half), member("b", half))));
        let ended = format!("when caller is anonymous {{ {} reject }}\n", member("a", half));
        assert!(!is_refused(&format!("{ended}{}reject\n", member("b", half))));
    }

    #[test]
    fn without_a_day_and_beyond_the_budget_all_ways_count() {
        let long = format!("context \"{}\"", "x".repeat(MAXIMUM / 2));
        let rule = |dialed: &str| format!("when dialed is +1415555010{dialed} {{ {long} }}\n");
        let plan = checked(&format!("{}{}reject\n", rule("0"), rule("1")));
        assert!(too_large(&plan, None, MAXIMUM).is_some());
        assert!(too_large(&plan, None, 2 * MAXIMUM).is_none());
    }
}
