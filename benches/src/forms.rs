//! What single forms of the language cost: the same plan and the same calls, with a form and
//! without it.

use crate::figures::duration;
use crate::measure::{least, least_of};
use callplan::compile::{Budget, CompiledPlan};
use callplan::{Call, Source, check};
use jiff::civil::{Date, date};
use std::fmt::Write as _;
use std::time::Duration;

const TODAY: Date = date(2026, 11, 24);

/// Maximum cost of reading a number at home, for a decision.
const MOST_OF_READING: Duration = Duration::from_nanos(100);
/// Maximum cost of a rota of two years and forty holidays, for a check.
const MOST_OF_ROTA: Duration = Duration::from_millis(2);

/// Calls of a turn; the time of one is that of all, divided.
const CALLS: usize = 10_000;

const AGENTS: &str = "timezone Europe/London
agent desk = \"desk-id\"
agent night = \"night-id\"
agent bell = \"bell-id\"
agent chen = \"chen-id\"
agent diaz = \"diaz-id\"
";

/// A usual plan: hours, a table of accounts, numbers that are rejected.
fn usual() -> String {
    let mut plan = String::from("schedule office { mon-fri 09:00-17:30 }\ntable accounts (name) {\n");
    for row in 0..200 {
        let _ = writeln!(plan, "  +44207946{row:04}: \"Account {row}\"");
    }
    plan + "}\nwhen caller in [+4470*, +4476*] { reject }
rule \"Account\" when caller in accounts as account { context \"This is {account.name}.\" route to desk }
rule \"Open\" when office is open { route to desk }
rule \"Closed\" { route to night }
"
}

/// Prints the table. It fails where a form costs more than it may.
pub fn run() -> Result<(), String> {
    println!("{:<46} {:>10} {:>10} {:>10} {:>8}", "a decision", "without", "with", "more", "maximum");
    let mut too_much = Vec::new();
    let mut row = |name: &str, without: Duration, with: Duration, most: Option<Duration>| {
        let more = with.saturating_sub(without);
        let bound = most.map_or_else(String::new, duration);
        println!("{name:<46} {:>10} {:>10} {:>10} {bound:>8}", duration(without), duration(with), duration(more));
        if most.is_some_and(|most| more > most) {
            too_much.push(name.to_owned());
        }
    };

    let (plain, at_home) = (AGENTS.to_owned() + &usual(), AGENTS.to_owned() + "country GB\n" + &usual());
    let international = calls(|number| format!("+44207946{number:04}"));
    let national = calls(|number| format!("0207946{number:04}"));
    let without = decisions(&plain, &international);
    row("`country GB`, numbers with +", without, decisions(&at_home, &international), None);
    row("`country GB`, national numbers", without, decisions(&at_home, &national), Some(MOST_OF_READING));

    let greeting = |hole: &str| plain.replace("rule \"Account\"", &format!("context \"{hole}\"\nrule \"Account\""));
    let time = decisions(&greeting("{time}"), &international);
    for hole in ["{office.opens}", "{office.hours}"] {
        row(&format!("`{hole}` instead of `{{time}}`"), time, decisions(&greeting(hole), &international), None);
    }
    let rotation = "rotation on_call { from 2026-01-05 08:00 every week bell, chen, diaz }\n";
    let on_call = plain
        .replace("rule \"Account\"", &format!("{rotation}rule \"Account\""))
        .replace("route to night", "route to on_call");
    row("a rotation instead of an agent", without, decisions(&on_call, &international), None);

    println!("\n{:<46} {:>10} {:>10} {:>10} {:>8}", "a check", "without", "with", "more", "maximum");
    let kept = format!("{AGENTS}{}{}when date in holidays {{ route to on_call }}\n{}", holidays(), rota(), usual());
    row("a rota of two years and forty holidays", checking(&plain), checking(&kept), Some(MOST_OF_ROTA));
    match too_much.is_empty() {
        true => Ok(()),
        false => Err(format!("more than it may cost: {}", too_much.join(", "))),
    }
}

/// A rotation that is kept by hand: a line a week.
fn rota() -> String {
    let mut text = String::from("rotation on_call {\n");
    let mut monday = date(2026, 11, 23);
    for week in 0..104 {
        let _ = writeln!(text, "  from {monday} 08:00 {}", ["bell", "chen", "diaz"][week % 3]);
        monday = monday.checked_add(jiff::Span::new().days(7)).expect("a date in this century");
    }
    text + "}\n"
}

/// Dates, yearly ones, counted weekdays, and days around Easter.
fn holidays() -> String {
    let mut text = String::from("days holidays = [\n");
    for number in 0..10 {
        let _ = writeln!(text, "  every {:02}-{:02},", 1 + number, 2 * number + 5);
        let _ = writeln!(text, "  2027-{:02}-{:02} \"A day of its own\",", 1 + number, 3 * number + 1);
        let _ = writeln!(text, "  {} days after easter,", 3 * number + 2);
        let month = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct"][number];
        let _ = writeln!(text, "  last thu of {month},");
    }
    text + "]\n"
}

/// Calls of one day, a quarter of them from numbers that have a row.
fn calls(caller: impl Fn(usize) -> String) -> Vec<Call> {
    let morning: jiff::Timestamp = "2027-01-12T00:00:00Z".parse().expect("a time");
    let call = |number: usize| {
        let at = jiff::Timestamp::from_second(morning.as_second() + 8 * number as i64).expect("a time");
        Call::new("+442079460100", at).with_caller(caller(number % 800))
    };
    (0..CALLS).map(call).collect()
}

/// The time of one decision.
fn decisions(plan: &str, calls: &[Call]) -> Duration {
    refuse_problems(plan);
    let plan = checked(plan).plan.expect("a plan that is accepted");
    let plan = CompiledPlan::new(plan, Some(TODAY), Budget::default());
    let all =
        least(|| calls.iter().map(|call| plan.decide(call)).for_each(|decision| drop(std::hint::black_box(decision))));
    all / CALLS as u32
}

/// The time of a check.
fn checking(plan: &str) -> Duration {
    refuse_problems(plan);
    least_of(20, Duration::from_secs(3), || checked(plan))
}

fn checked(plan: &str) -> callplan::Report {
    callplan::check(&Source::new("plan", plan), &check::Options { today: Some(TODAY), ..Default::default() })
}

/// A plan that is refused would measure something else.
fn refuse_problems(plan: &str) {
    let report = checked(plan);
    let messages: Vec<&str> = report.problems.iter().map(|problem| problem.message.as_ref()).collect();
    assert!(!report.problems.has_errors(), "{messages:?}");
}
