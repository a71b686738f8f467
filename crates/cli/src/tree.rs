//! Draws how a decision came about: each statement that was reached, with its line, indented by its
//! blocks.

use std::fmt::Write;

use super::words;
use callplan::call::{Step, Trace};

/// Draws a trace for a terminal. Other streams remove the colors, so no information depends on
/// them.
pub fn draw(trace: &Trace) -> String {
    let mut drawn = String::new();
    let width = trace.steps.iter().map(|step| step.line.to_string().len()).max().unwrap_or_default();
    for step in &trace.steps {
        // Writing into text cannot fail.
        let _ = draw_step(&mut drawn, step, width);
    }
    for note in &trace.notes {
        let _ = writeln!(drawn, "note: {}", words::clean(note));
    }
    drawn
}

fn draw_step(drawn: &mut String, step: &Step, width: usize) -> std::fmt::Result {
    let faint = anstyle::Style::new().dimmed();
    let (line, indent) = (step.line, "  ".repeat(step.depth));
    writeln!(drawn, "{faint}{line:>width$} |{faint:#} {indent}{}", words::clean(&step.statement))?;
    let (color, mark) = match step.held {
        Some(true) => (anstyle::AnsiColor::Green.on_default(), "+ held"),
        Some(false) => (anstyle::AnsiColor::Yellow.on_default(), "- did not hold"),
        None => (anstyle::Style::new(), ""),
    };
    let because = words::clean(step.because.as_deref().unwrap_or_default());
    let between = if mark.is_empty() || because.is_empty() { "" } else { ": " };
    if mark.is_empty() && because.is_empty() {
        return Ok(());
    }
    writeln!(drawn, "{:width$} {faint}|{faint:#} {indent}  {color}{mark}{color:#}{between}{because}", "")
}
