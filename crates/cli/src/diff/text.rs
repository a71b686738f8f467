//! A diff for people: which calls change, their old and new decision, and one of the calls.

use std::io::{self, Write};

use super::CountedChanges;
use crate::words;
use callplan::analyze::call_line;
use callplan::analyze::diff::{ChangeKind, DecidedOutcome, DecisionChange, Diff};
use callplan::syntax::quoted;
use callplan::{CheckedPlan, Decision, Outcome};

/// Maximum number of sets of calls that are shown for one change.
const MAX_SETS: usize = 6;
/// Maximum number of changes that are shown without `--all`.
const MAX_CHANGES: usize = 40;

/// Writes a diff.
pub fn write(
    out: &mut impl Write,
    old: &CheckedPlan,
    new: &CheckedPlan,
    diff: &Diff,
    counted: Option<&CountedChanges>,
    all: bool,
) -> io::Result<()> {
    let until = format!("calls from {} to {}", diff.first_day, diff.last_day);
    let all_changes = diff.changes.len() + diff.more;
    if diff.reads_otherwise {
        writeln!(out, "the plans read numbers without `+` in different ways, by their `country` lines")?;
        writeln!(out, "  compared here are calls whose numbers both read alike; `--calls` counts real ones\n")?;
    }
    match all_changes {
        0 if diff.reads_otherwise => writeln!(out, "no other change of {until}")?,
        0 => writeln!(out, "the same: no call is decided differently, of all {until}")?,
        changes => writeln!(out, "{} for {until}", words::count(changes, "change"))?,
    }
    let limit = if all { diff.changes.len() } else { MAX_CHANGES };
    for change in diff.changes.iter().take(limit) {
        writeln!(out)?;
        self::change(out, old, new, change, counted)?;
    }
    match all_changes - diff.changes.len().min(limit) {
        0 => {}
        more if all => writeln!(out, "\nand {} beyond the budget", words::count(more, "smaller change"))?,
        more => writeln!(out, "\nand {}; `--all` shows them", words::count(more, "smaller change"))?,
    }
    match counted {
        Some(counted) => {
            writeln!(out)?;
            summary(out, counted)
        }
        None => Ok(()),
    }
}

/// Writes the counts from a log, if the diff itself is unknown.
pub fn write_counts(
    out: &mut impl Write,
    old: &CheckedPlan,
    new: &CheckedPlan,
    counted: &CountedChanges,
) -> io::Result<()> {
    for (way, count) in &counted.ways {
        let (was, now) = both(old, new, way);
        writeln!(out, "{}: was {was}, now {now}", words::count(*count as usize, "call"))?;
    }
    summary(out, counted)
}

fn summary(out: &mut impl Write, counted: &CountedChanges) -> io::Result<()> {
    let (changed, rows) = (counted.changed(), words::count(counted.rows as usize, "call"));
    writeln!(out, "of {rows} in the log, {changed} {} decided differently", if changed == 1 { "is" } else { "are" })?;
    let [was, now] = &counted.numbers;
    if was.rows() == now.rows() {
        return now.write(out, "numbers of the log, by both plans");
    }
    was.write(out, "numbers of the log, by the old plan")?;
    now.write(out, "numbers of the log, by the new plan")
}

fn change(
    out: &mut impl Write,
    old: &CheckedPlan,
    new: &CheckedPlan,
    change: &DecisionChange,
    counted: Option<&CountedChanges>,
) -> io::Result<()> {
    let bold = anstyle::Style::new().bold();
    for calls in change.calls.iter().take(MAX_SETS) {
        writeln!(out, "{bold}{}{bold:#}", words::clean(&calls.to_string()))?;
    }
    let more = change.calls.len().saturating_sub(MAX_SETS);
    match (more, change.has_more) {
        (0, false) => {}
        (more, false) => writeln!(out, "and {} like these", words::count(more, "set"))?,
        (more, true) => writeln!(out, "and more than {} like these", words::count(more, "set"))?,
    }
    let (was, now) = (&change.way.was, &change.way.now);
    let (was_words, now_words) = both(old, new, &change.way);
    match change.way.is_decision {
        true => {
            part(out, "was", &with_rule(&was_words, was))?;
            part(out, "now", &with_rule(&now_words, now))?;
        }
        false => {
            part(out, "still", &with_rule(&now_words, now))?;
            if let Some((_, was, now)) = change.witness.as_deref() {
                details(out, was, now)?;
            }
        }
    }
    match change.witness.as_deref() {
        Some((call, ..)) => part(out, "such as", &call_line(new, call))?,
        None => part(out, "such as", "no call in these arms of the splits was found")?,
    }
    match counted {
        Some(counted) => part(out, "in the log", &words::count(counted.of(change) as usize, "call")),
        None => Ok(()),
    }
}

/// The other outputs that change.
fn details(out: &mut impl Write, was: &Decision, now: &Decision) -> io::Result<()> {
    let metadata = |decision: &Decision| {
        let metadata = decision.output.custom_metadata.as_ref();
        metadata.map_or_else(|| "none".to_owned(), |metadata| serde_json::Value::Object(metadata.clone()).to_string())
    };
    let context = |decision: &Decision| match decision.output.initial_context.as_str() {
        "" => "none".to_owned(),
        context => context.to_owned(),
    };
    let skip = |decision: &Decision| match decision.output.skip_pre_conversation_workflow {
        true => "the pre-conversation workflow is skipped".to_owned(),
        false => "the pre-conversation workflow runs".to_owned(),
    };
    for (noun, was, now) in [
        ("context", context(was), context(now)),
        ("metadata", metadata(was), metadata(now)),
        ("", skip(was), skip(now)),
    ] {
        if was != now {
            part(out, "was", format!("{noun} {was}").trim_start())?;
            part(out, "now", format!("{noun} {now}").trim_start())?;
        }
    }
    Ok(())
}

/// `  was         A text`, with further lines below the first.
fn part(out: &mut impl Write, name: &str, text: &str) -> io::Result<()> {
    for (place, line) in text.lines().enumerate() {
        let name = if place == 0 { name } else { "" };
        writeln!(out, "  {name:10}  {}", words::clean(line))?;
    }
    Ok(())
}

/// The old and the new decision. Agents are shown by name, and also by id if the name means another
/// agent in the new plan.
fn both(old: &CheckedPlan, new: &CheckedPlan, way: &ChangeKind) -> (String, String) {
    let (was, now) = (named(old, &way.was), named(new, &way.now));
    let is_renamed = was.is_some() && was == now && way.was.agent_id != way.now.agent_id;
    (given(&way.was, was, is_renamed), given(&way.now, now, is_renamed))
}

fn named<'p>(plan: &'p CheckedPlan, given: &DecidedOutcome) -> Option<&'p str> {
    plan.agent_name(given.agent_id.as_ref()?, given.version)
}

/// `route to frontdesk, version 4`
fn given(given: &DecidedOutcome, name: Option<&str>, with_id: bool) -> String {
    let version = given.version.map(|version| format!(", version {version}")).unwrap_or_default();
    match (given.outcome, &given.agent_id, name) {
        (Outcome::Route, Some(id), Some(name)) if with_id => format!("route to {name} ({id}){version}"),
        (Outcome::Route, Some(_), Some(name)) => format!("route to {name}{version}"),
        (Outcome::Route, Some(id), None) => format!("route to {id}{version}"),
        (Outcome::Route, None, _) => format!("route to the agent of its row{version}"),
        (Outcome::Reject | Outcome::Fallback, ..) => given.outcome.name().to_owned(),
    }
}

fn with_rule(words: &str, given: &DecidedOutcome) -> String {
    match (&given.rule, given.line) {
        (Some(rule), Some(line)) => format!("{words}, by rule {}, line {line}", quoted(rule)),
        (None, Some(line)) => format!("{words}, by line {line}"),
        (_, None) => format!("{words}: the plan runs off its end"),
    }
}
