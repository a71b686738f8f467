//! The memory of every question about all calls, on texts of the largest size that were made to be
//! hard: an answer must stay within a maximum, whatever a plan says.

mod texts;

use callplan::analyze::coverage::coverage;
use callplan::analyze::diff::{diff, ended, json};
use callplan::analyze::examples::{ExampleOptions, examples};
use callplan::analyze::timeline::timeline;
use callplan::analyze::{Limits, switches};
use callplan::check::{self, Options};
use callplan::compile::{Budget, CompiledPlan};
use callplan::{Call, CheckedPlan, Outcome, Problems, Source, syntax};
use jiff::civil::{Date, date};

use crate::figures::{bytes, duration};
use crate::heap;
use crate::measure::once;

const TODAY: Date = date(2026, 11, 26);

/// Maximum memory of one answer, in bytes.
const MOST: usize = 600 << 20;

/// Prints the table, for all texts or for those of these names. With a number, texts have so many
/// bytes. It fails where an answer takes more than the maximum.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let size = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(syntax::MAX_BYTES);
    let names: Vec<&String> = arguments.iter().filter(|argument| argument.parse::<usize>().is_err()).collect();
    let mut too_much = Vec::new();
    println!("{:<18} {:>9}  {:<10} {:>9} {:>9}  answer", "text", "bytes", "question", "at most", "time");
    for (name, make) in texts::ALL {
        if !names.is_empty() && !names.iter().any(|wanted| wanted == name) {
            continue;
        }
        let (was, now) = (make(size, 0), make(size, 1));
        for question in QUESTIONS {
            let asked = Asked::new(&was, &now, question)?;
            let ((answer, most), time) = once(|| heap::most_held_by(|| asked.answer(question)));
            let (time, shown) = (duration(time), bytes(most));
            println!("{name:<18} {:>9}  {question:<10} {shown:>9} {time:>9}  {answer}", bytes(now.len()));
            if most > MOST {
                too_much.push(format!("{question} of {name}"));
            }
        }
    }
    if too_much.is_empty() { Ok(()) } else { Err(format!("more than {}: {}", bytes(MOST), too_much.join(", "))) }
}

const QUESTIONS: [&str; 9] =
    ["check", "compile", "explain", "switches", "timeline", "diff", "diff new", "effects", "coverage"];

/// What a question is about.
struct Asked {
    source: Source,
    was: CheckedPlan,
    now: CheckedPlan,
    compiled: Option<CompiledPlan>,
    call: Call,
}

impl Asked {
    fn new(was: &str, now: &str, question: &str) -> Result<Self, String> {
        let was = if question == "diff new" { "fallback\n" } else { was };
        let (was, now) = (plan(was)?, plan(now)?);
        let at = "2026-12-01T17:00:00Z".parse().map_err(|error| format!("{error}"))?;
        let is_compiled = question == "explain";
        let compiled = is_compiled.then(|| CompiledPlan::new(now.clone(), Some(TODAY), Budget::default()));
        let call = Call::new("+15035000000", at).with_caller("+14155550100");
        Ok(Self { source: now.source().clone(), was, now, compiled, call })
    }

    /// Answers a question; gives what the answer is, in short.
    fn answer(&self, question: &str) -> String {
        let size = self.was.source().text().len() + self.now.source().text().len();
        let (both, one) = (Limits::for_text(size), Limits::for_text(self.source.text().len()));
        match question {
            "check" => {
                let options = Options { today: Some(TODAY), ..Options::default() };
                format!("{} problems", callplan::check(&self.source, &options).problems.iter().count())
            }
            "compile" => {
                let compiled = CompiledPlan::new(self.now.clone(), Some(TODAY), Budget::default());
                if compiled.stats().is_diagram { "a diagram".to_owned() } else { "its statements".to_owned() }
            }
            "explain" => {
                let steps = self.compiled.as_ref().map(|compiled| compiled.explain(&self.call).1.steps.len());
                format!("{} steps", steps.unwrap_or_default())
            }
            "switches" => format!("{} switches", switches::reachable(&self.now, "+15035000000").len()),
            "timeline" => {
                let (from, until) =
                    (self.call.timestamp, self.call.timestamp + jiff::SignedDuration::from_hours(8_760));
                let made = timeline(&self.now, &self.call, from, until);
                made.map_or_else(|refused| format!("{refused:?}"), |made| format!("{} periods", made.stretches.len()))
            }
            "effects" => {
                let ends = |_: Outcome, agent: Option<&str>, version: Option<u32>| ended::CallEnding {
                    agent: agent.map(|agent| (agent.to_owned(), version.unwrap_or(1))),
                    source: "plan",
                    reason: None,
                };
                let state =
                    |plan| ended::State { plan, switches_on: Default::default(), organization: "o", ends: &ends };
                match ended::diff(&state(&self.was), &state(&self.now), TODAY, &both) {
                    Ok(diff) => format!("{} changes and {} more", diff.changes.len(), diff.more),
                    Err(over) => format!("{over:?}"),
                }
            }
            "coverage" => {
                let options = ExampleOptions { today: TODAY, limit: 50, all: false };
                let written = examples(&self.now, &options, &one).map(|found| found.count);
                match (written, coverage(&self.now, TODAY, &one)) {
                    (Ok(written), Ok(found)) => {
                        format!("{} rules, {written} examples, {} unknown", found.rules.all, found.unknown)
                    }
                    (Err(over), _) | (_, Err(over)) => format!("{over:?}"),
                }
            }
            // With the answer that is sent.
            _ => match diff(&self.was, &self.now, TODAY, &both) {
                Ok(diff) => {
                    let answer = json::document(&diff, |_| None).to_string();
                    format!("{} changes and {} more, {}", diff.changes.len(), diff.more, bytes(answer.len()))
                }
                Err(over) => format!("{over:?}"),
            },
        }
    }
}

/// The plan of a text.
fn plan(text: &str) -> Result<CheckedPlan, String> {
    let mut problems = Problems::new();
    let options = Options { today: Some(TODAY), ..Options::default() };
    let source = Source::new("plan", text);
    let tree = syntax::parse(&source, &mut problems);
    let plan = tree.and_then(|tree| check::check(&tree, &options, &mut problems));
    plan.ok_or_else(|| format!("the plan has an error: {:?}", problems.iter().next()))
}
