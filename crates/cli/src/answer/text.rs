//! Answers for people. Texts from callers and plans are made safe for a terminal.

use std::io::{self, Write};

use crate::calls::TimedCall;
use crate::{tree, words};
use callplan::syntax::quoted;
use callplan::{CheckedPlan, Decision, Outcome, Trace};

/// One call on one line, with the line number of its row.
pub fn line(
    out: &mut impl Write,
    plan: &CheckedPlan,
    line: u64,
    call: &TimedCall,
    time: &str,
    decision: &Decision,
) -> io::Result<()> {
    let caller = call.call.caller_number.as_deref().unwrap_or("anonymous");
    let called = &call.call.called_number;
    let (outcome, by) = (outcome(plan, decision), by(decision));
    let answer = format!("line {line}: {caller} to {called} at {time}: {outcome}, {by}");
    writeln!(out, "{}", words::clean(&answer))
}

/// The error of a row that could not be read.
pub fn error(out: &mut impl Write, line: u64, error: &str) -> io::Result<()> {
    writeln!(out, "line {line}: error: {}", words::clean(error))
}

/// The complete answer to one call.
pub fn whole(out: &mut impl Write, plan: &CheckedPlan, decision: &Decision, trace: Option<&Trace>) -> io::Result<()> {
    let bold = anstyle::Style::new().bold();
    let output = &decision.output;
    writeln!(out, "{bold}{}{bold:#}", words::clean(&outcome(plan, decision)))?;
    part(out, "by", &by(decision))?;
    if !output.initial_context.is_empty() {
        part(out, "context", &output.initial_context)?;
    }
    if let Some(metadata) = &output.custom_metadata {
        part(out, "metadata", &serde_json::to_string_pretty(metadata)?)?;
    }
    if output.skip_pre_conversation_workflow {
        part(out, "skip", "pre_conversation_workflow")?;
    }
    match trace {
        Some(trace) => write!(out, "\n{}", tree::draw(trace)),
        None => Ok(()),
    }
}

/// `  context   Two lines`, with further lines below the first.
fn part(out: &mut impl Write, name: &str, text: &str) -> io::Result<()> {
    for (place, line) in text.lines().enumerate() {
        let name = if place == 0 { name } else { "" };
        writeln!(out, "  {name:8}  {}", words::clean(line))?;
    }
    Ok(())
}

/// `route to frontdesk (0b5f…), version 4`
fn outcome(plan: &CheckedPlan, decision: &Decision) -> String {
    let output = &decision.output;
    match (decision.outcome, &output.agent_id, &decision.reason) {
        (Outcome::Route, Some(id), _) => {
            let named = plan.agent_name(id, output.version).map_or_else(|| id.clone(), |name| format!("{name} ({id})"));
            let version = output.version.map(|version| format!(", version {version}")).unwrap_or_default();
            format!("route to {named}{version}")
        }
        (Outcome::Reject, _, Some(reason)) => format!("reject {}", quoted(reason)),
        (outcome, ..) => outcome.name().to_owned(),
    }
}

/// `rule "Partners", line 74`
fn by(decision: &Decision) -> String {
    match (&decision.rule, decision.line) {
        (Some(rule), Some(line)) => format!("rule {}, line {line}", quoted(rule)),
        (None, Some(line)) => format!("line {line}"),
        (_, None) => "nothing: the plan ran off its end".to_owned(),
    }
}
