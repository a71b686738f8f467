//! Texts that were made to be hard, of about a given size. Each has two forms, which decide most
//! calls differently.

use std::fmt::Write as _;

use crate::plans;

/// Makes a text of at most this size; the second number chooses the form.
type Make = fn(usize, usize) -> String;

/// All of them, by name.
pub const ALL: &[(&str, Make)] = &[
    ("rules", rules),
    ("block", block),
    ("table", table),
    ("row-table", row_table),
    ("numbers", numbers),
    ("lists", lists),
    ("prefixes", prefixes),
    ("contexts", contexts),
    ("prose", prose),
    ("nested", nested),
    ("switches", switches),
    ("many-switches", many_switches),
    ("schedules", schedules),
    ("windows", windows),
    ("splits", splits),
    ("alternatives", alternatives),
    ("trunks", trunks),
];

const AGENTS: &str = "timezone UTC\nagent a = \"a\"\nagent b = \"b\"\n";
/// Room that a line and the end of a text may take.
const MARGIN: usize = 3_000;
/// Bytes of a rule of `plans::rules`.
const BYTES_OF_RULE: usize = 138;

/// A text from a beginning, lines by their numbers, and an end.
fn filled(size: usize, head: &str, tail: &str, mut line: impl FnMut(usize, &mut String)) -> String {
    let mut text = head.to_owned();
    let mut at = 0;
    while text.len() + tail.len() + MARGIN < size {
        line(at, &mut text);
        at += 1;
    }
    text + tail
}

/// Different numbers of eleven digits, unordered.
fn spread(at: usize) -> u64 {
    10_000_000_000 + (at as u64 * 7_368_787) % 9_999_999_967
}

fn agent(at: usize) -> &'static str {
    if at.is_multiple_of(2) { "a" } else { "b" }
}

/// A rule for some callers moves from the beginning to the middle.
fn rules(size: usize, form: usize) -> String {
    let count = size / BYTES_OF_RULE;
    plans::rules_around(count, Some(form * count / 2))
}

/// The same in one block.
fn block(size: usize, form: usize) -> String {
    let rules = rules(size, form);
    let (definitions, rules) = rules.split_once("rule ").expect("there are rules");
    format!("{definitions}when not (caller is anonymous) {{\nrule {rules}}}\nreject\n")
}

fn table(size: usize, form: usize) -> String {
    plans::table(size / 52).replace("gold", ["gold", "blue"][form])
}

/// A table whose rows name agents and schedules.
fn row_table(size: usize, form: usize) -> String {
    let mut head = "timezone UTC\n".to_owned();
    for at in 0..900 {
        let _ = writeln!(head, "agent a{at} = \"agent-{at}\"");
    }
    for at in 0..300 {
        let _ = writeln!(head, "schedule s{at} {{\n  mon-fri {:02}:{:02}-20:00\n}}", at % 18, at % 60);
    }
    head.push_str("table t (who, hours, name) {\n");
    let tail = "}\nwhen dialed in t as r and r.hours is open { context \"{r.name}\" route to r.who }\nroute to a0\n";
    filled(size, &head, tail, |at, text| {
        let _ = writeln!(text, "  +{}: a{}, s{}, \"{}\"", spread(at), (at + form) % 900, at % 300, (at + form) % 5_000);
    })
}

fn numbers(size: usize, form: usize) -> String {
    plans::numbers(size / 17).replace("9,\n", ["9,\n", "8,\n"][form])
}

/// A list of callers in each rule.
fn lists(size: usize, form: usize) -> String {
    filled(size, AGENTS, "fallback\n", |at, text| {
        let callers: Vec<String> = (0..8).map(|caller| format!("+{}", spread(at * 8 + caller))).collect();
        let (callers, dialed) = (callers.join(", "), spread(at));
        let _ = writeln!(
            text,
            "rule \"{at}\" when caller in [{callers}] and dialed in +{}* {{ route to {} }}",
            dialed / 1_000,
            agent(at + form)
        );
    })
}

/// Prefixes of all lengths, on both axes of numbers.
fn prefixes(size: usize, form: usize) -> String {
    filled(size, AGENTS, "fallback\n", |at, text| {
        let (caller, dialed) =
            (spread(at) / 10_u64.pow(3 + at as u32 % 7), spread(at * 13) / 10_u64.pow(3 + at as u32 % 5));
        let _ = writeln!(
            text,
            "rule \"{at}\" when caller in +{caller}* and dialed in +{dialed}* {{ route to {} }}",
            agent(at + form)
        );
    })
}

/// A context for each of many callers.
fn contexts(size: usize, form: usize) -> String {
    filled(size, AGENTS, "route to a\n", |at, text| {
        let _ = writeln!(text, "when caller is +{} {{ context \"c {form} {at}\" }}", spread(at));
    })
}

/// A long context before many rules.
fn prose(size: usize, form: usize) -> String {
    let head = format!("{AGENTS}context \"{}\"\n", "abcdefghi ".repeat(6_000));
    filled(size, &head, "fallback\n", |at, text| {
        let _ = writeln!(text, "rule \"{at}\" when dialed is +{} {{ route to {} }}", spread(at), agent(at + form));
    })
}

/// Thirty blocks, one in the other, each for all callers but one.
fn nested(size: usize, form: usize) -> String {
    filled(size, AGENTS, "fallback\n", |at, text| {
        text.extend((0..30).map(|depth| format!("when caller not in [+{}] {{\n", spread(at * 30 + depth))));
        let _ = writeln!(text, "when dialed is +{} {{ route to {} }}", spread(at), agent(at + form));
        text.push_str(&"}\n".repeat(30));
    })
}

fn with_switches(size: usize, form: usize, count: usize) -> String {
    let declared: String = (0..count).map(|at| format!("switch s{at}\n")).collect();
    filled(size, &format!("{AGENTS}{declared}"), "fallback\n", |at, text| {
        let _ = writeln!(
            text,
            "rule \"{at}\" when s{} is on and s{} is off and dialed is +{} {{ route to {} }}",
            at % count,
            (at * 7 + 1) % count,
            spread(at % 20_000),
            agent(at + form)
        );
    })
}

fn switches(size: usize, form: usize) -> String {
    with_switches(size, form, 100)
}

/// More switches than a diagram asks for.
fn many_switches(size: usize, form: usize) -> String {
    with_switches(size, form, 20_000.min(size / 100))
}

/// A schedule with hours of its own for each rule.
fn schedules(size: usize, form: usize) -> String {
    let mut text = AGENTS.to_owned();
    for at in 0..size / 165 {
        let (from, minute, until) = (at % 12, (at / 12) % 60, 12 + (at / 720) % 11);
        let _ =
            writeln!(text, "schedule s{at} {{\n  mon-fri {from:02}:{minute:02}-{until:02}:{:02}", (at / 7_920) % 60);
        let _ = writeln!(text, "  sat {:02}:{:02}-22:00\n}}", at % 20, (at * 7) % 60);
        let number = spread(at);
        let _ = writeln!(
            text,
            "rule \"{at}\" when s{at} is open and dialed is +{number} {{ route to {} }}",
            agent(at + form)
        );
    }
    text + "fallback\n"
}

fn windows(size: usize, form: usize) -> String {
    filled(size, AGENTS, "fallback\n", |at, text| {
        let (hour, minute) = ((at / 60) % 23, at % 60);
        let _ = writeln!(
            text,
            "rule \"{at}\" when time in {hour:02}:{minute:02}-23:59 and dialed is +{} {{ route to {} }}",
            spread(at),
            agent(at + form)
        );
    })
}

fn splits(size: usize, form: usize) -> String {
    filled(size, AGENTS, "fallback\n", |at, text| {
        let _ = writeln!(
            text,
            "when dialed is +{} {{ split \"n{}\" by caller {{ 30% {{ route to {} }} 70% {{ route to {} }} }} }}",
            spread(at),
            at % 100,
            agent(at + form),
            agent(form)
        );
    })
}

/// Conditions of many boxes.
fn alternatives(size: usize, form: usize) -> String {
    filled(size, AGENTS, "fallback\n", |at, text| {
        let _ = writeln!(
            text,
            "rule \"{at}\" when (dialed is +{} or caller in +{}* or trunk is \"t{at}\") \
             and (time in 08:00-09:{:02} or dialed in +49* or weekday in [mon, tue]) {{ route to {} }}",
            spread(at),
            spread(at) / 100,
            at % 60,
            agent(at + form)
        );
    })
}

fn trunks(size: usize, form: usize) -> String {
    filled(size, AGENTS, "fallback\n", |at, text| {
        let _ = writeln!(
            text,
            "rule \"{at}\" when trunk is \"trunk {at}\" and caller.country in [US, DE] \
             {{ metadata {{ n: {at} }} route to {} }}",
            agent(at + form)
        );
    })
}
