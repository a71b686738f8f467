//! Texts made to be slow, deep, large or confusing: a function for each shape, given the
//! approximate size in bytes. The tests check the result, and the table `hostile` of `benches/` the
//! time.

use std::fmt::Write as _;

/// A shape of hostile text.
pub struct Shape {
    /// What the text does.
    pub name: &'static str,
    /// Makes a text of about this many bytes.
    pub make: fn(usize) -> String,
    /// The code of a problem that a check must report; `None` if the plan has no error.
    pub code: Option<&'static str>,
}

macro_rules! shapes {
    ($($name:literal, $code:expr, $make:expr;)*) => {
        /// All of them.
        pub const SHAPES: &[Shape] = &[$(Shape { name: $name, make: $make, code: $code }),*];
    };
}

const FROM: &str = "from +14155550100 to +18005550100 at 2026-03-01 12:00";

shapes! {
    // One character, over and over.
    "only (", Some("too-deep"), |size| "(".repeat(size);
    "only [", Some("too-deep"), |size| "[".repeat(size);
    "only {", Some("too-deep"), |size| "{".repeat(size);
    "only }", Some("syntax"), |size| "}".repeat(size);
    "only quotes", Some("syntax"), |size| "\"".repeat(size);
    "only commas", Some("syntax"), |size| ",".repeat(size);
    "only lines", Some("empty-plan"), |size| "\n".repeat(size);
    "only spaces", Some("empty-plan"), |size| " ".repeat(size);
    "only é", Some("syntax"), |size| "é".repeat(size / 2);
    "é apart", Some("syntax"), |size| "é ".repeat(size / 3);
    "only NUL", Some("syntax"), |size| "\0".repeat(size);
    "NUL apart", Some("syntax"), |size| "\0 ".repeat(size / 2);
    "NUL in a text", Some("syntax"), |size| format!("context \"{}\"", "\0".repeat(size));
    "only #", Some("empty-plan"), |size| "#".repeat(size);
    "only +", Some("syntax"), |size| "+".repeat(size);
    "only digits", Some("syntax"), |size| "1".repeat(size);
    "a number without end", Some("bad-number"), |size| format!("when caller is +{} {{}}", "1".repeat(size));
    "a number of groups", Some("bad-number"), |size| format!("when caller is +{} {{}}", "1 ".repeat(size / 2));
    "numbers of groups in a row", Some("syntax"), |size| "+1 2 3 4: ".repeat(size / 10);
    "one word", Some("syntax"), |size| "a".repeat(size);
    "words", Some("syntax"), |size| "a ".repeat(size / 2);
    "a path of dots", Some("syntax"), |size| format!("when a{} is 1 {{}}", ".a".repeat(size / 2));
    "not, over and over", Some("syntax"), |size| format!("when {} caller is anonymous {{}}", "not ".repeat(size / 4));
    "! over and over", Some("syntax"), |size| format!("when {} caller is anonymous {{}}", "!".repeat(size));
    "rule, over and over", Some("syntax"), |size| "rule ".repeat(size / 5);
    "when, over and over", Some("syntax"), |size| "when ".repeat(size / 5);
    "half a rule", Some("syntax"), |size| "rule \"a\" when caller is ".repeat(size / 24);
    "curly quotes", Some("syntax"), |size| "“a” ".repeat(size / 8);
    "curly quotes on one line each", Some("syntax"), |size| "context “a”\n".repeat(size / 16);
    "escaped quotes", Some("syntax"), |size| format!("context \"{}", "\\\" when ".repeat(size / 8));
    "unclosed texts", Some("syntax"), |size| "context \"a when \n".repeat(size / 17);
    "backslashes", Some("syntax"), |size| format!("context \"{}", "\\".repeat(size));

    // Brackets.
    "parentheses to the limit", None, |size| nested("(", "caller is anonymous", ")", size);
    "parentheses past the limit", Some("too-deep"), |_| {
        format!("when {}caller is anonymous{} {{ reject }}", "(".repeat(65), ")".repeat(65))
    };
    "blocks to the limit", None, |size| {
        let deep = format!("{}reject{}", "when caller is anonymous {".repeat(64), "}".repeat(64));
        repeated(&deep, size).replace("reject", "skip pre_conversation_workflow")
    };
    "splits to the limit", None, |size| {
        let deep = format!("{}reject{}", "split \"a\" by call { 100% {".repeat(32), "}}".repeat(32));
        repeated(&deep, size).replace("reject", "skip pre_conversation_workflow")
    };
    "splits to the limit, each with a stray word", Some("syntax"), |size| {
        repeated(&format!("{}reject{}", "split \"a\" by call { x 100% {".repeat(32), "}}".repeat(32)), size)
    };
    "rules to the limit, each misspelled", Some("syntax"), |size| {
        repeated(&format!("{}reject{}", "rule \"a\" if caller is {".repeat(64), "}".repeat(64)), size)
    };
    "metadata to the limit", None, |size| {
        repeated(&format!("metadata {{ a: {}1{} }}\n", "[".repeat(63), "]".repeat(63)), size)
    };
    "objects to the limit", None, |size| {
        repeated(&format!("metadata {{ a: {}1{} }}\n", "{ a: ".repeat(63), "}".repeat(63)), size)
    };
    "objects to the limit, with a mistake inside", Some("syntax"), |size| {
        repeated(&format!("metadata {{ a: {}={} }}\n", "{ a: ".repeat(63), "}".repeat(63)), size)
    };
    "unreadable brackets to the limit", Some("syntax"), |size| {
        repeated(&format!("x {}{} y ", "([{".repeat(21), "}])".repeat(21)), size)
    };
    "brackets that cross", Some("too-deep"), |size| "{ ] ".repeat(size / 4);
    "brackets that cross in threes", Some("too-deep"), |size| "({) ".repeat(size / 4);
    "a brace in the text of a line", Some("syntax"), |size| {
        format!("schedule a {{\n \"}}\" \"{}\" \n}}", "{".repeat(size))
    };
    "unclosed blocks", Some("too-deep"), |size| "rule \"a\" {\nroute to \"x\"\n".repeat(size / 24);
    "closers without openers", Some("syntax"), |size| "route to \"x\" }\n".repeat(size / 15);

    // Names.
    "a chain of numbers", Some("too-deep"), |size| chain(size, |at, next| format!("numbers a{at} = [a{next}, +1415*]\n"));
    "a chain of days", Some("too-deep"), |size| chain(size, |at, next| format!("days a{at} = [a{next}]\n"));
    "a chain of conditions", Some("too-deep"), |size| {
        chain(size, |at, next| format!("condition a{at} = a{next} and caller is anonymous\n"))
    };
    "a circle of conditions", Some("circular-definition"), |size| {
        let count = size / 26;
        let of = |at: usize| format!("condition a{at} = a{}\n", (at + 1) % count);
        (0..count).map(of).collect::<String>() + "when a0 { reject }"
    };
    "circles in a circle", Some("circular-definition"), |size| {
        let count = size / 30;
        let mut plan: String = (0..count).map(|at| format!("condition a{at} = a{}\n", at + 1)).collect();
        let all: Vec<String> = (0..count).map(|at| format!("a{at}")).collect();
        let _ = writeln!(plan, "condition a{count} = {}\nwhen a0 {{ reject }}", all.join(" and "));
        plan
    };
    "conditions that double", None, |size| {
        let mut plan = doubling();
        plan.push_str(&"when a40 { skip pre_conversation_workflow }\n".repeat(size / 44));
        plan
    };
    "conditions that double, mixed", Some("ambiguous-condition"), |size| {
        let mut plan = doubling();
        plan.push_str(&"when a40 and a39 or a38 { reject }\n".repeat(size / 35));
        plan
    };
    "one name, defined over and over", Some("duplicate-name"), |size| "switch a\n".repeat(size / 9) + "reject";
    "a bad name, defined over and over", Some("syntax"), |size| "switch A\n".repeat(size / 9) + "reject";
    "bad names", Some("syntax"), |size| {
        (0..size / 15).map(|at| format!("switch A{at}\n")).collect::<String>() + "reject"
    };
    "unused names on one line", None, |size| {
        (0..size / 14).map(|at| format!("switch a{at} ")).collect::<String>() + "reject"
    };
    "unused names", None, |size| (0..size / 14).map(|at| format!("switch a{at}\n")).collect::<String>() + "reject";
    "unknown names", Some("unknown-name"), |size| {
        let names: String = (0..size / 60).map(|at| format!("numbers caller_list_{at} = [+1415*]\n")).collect();
        let uses = (0..size / 60).map(|at| format!("when caller in callar_list{at} {{ reject }}\n"));
        names + &uses.collect::<String>()
    };
    "unknown names among names of another kind", Some("unknown-name"), |size| {
        let names: String = (0..size / 40).map(|at| format!("switch s{at}\n")).collect();
        names + &(0..size / 40).map(|at| format!("when caller in n{at} {{}}\n")).collect::<String>()
    };

    // Conditions.
    "and, over and over", None, |size| format!("when {} {{ reject }}", joined("caller is anonymous", " and ", size));
    "or, over and over", None, |size| format!("when {} {{ reject }}", joined("caller in [+1*, US]", " or ", size).replace(", US", ""));
    "and and or, mixed", Some("ambiguous-condition"), |size| format!("when {} {{ reject }}", mixed(size));
    "and and or, mixed deep", Some("ambiguous-condition"), |size| {
        let open = "caller in +1* and caller in +2* or (".repeat(60);
        format!("when {open}{}{} {{ reject }}", mixed(size), ")".repeat(60))
    };
    "and and or, mixed often", Some("ambiguous-condition"), |size| {
        repeated("when caller in +1* and dialed in +2* or trunk is \"a\" { reject }\n", size)
    };
    "&& over and over", Some("syntax"), |size| format!("when {} {{ reject }}", joined("caller is anonymous", "&&", size));
    "== over and over", Some("syntax"), |size| repeated("when caller == anonymous {}\n", size);
    "a large set in many lists", None, |size| {
        let set: Vec<String> = (0..size / 2 / 16).map(|at| format!("+{}", 14_155_000_000_u64 + 3 * at as u64)).collect();
        format!("numbers a = [{}]\n", set.join(", ")) + &"when caller in [a, +2*]{}\n".repeat(size / 2 / 26) + "reject"
    };
    "a large set in mixed conditions", Some("ambiguous-condition"), |size| {
        let set: Vec<String> = (0..size / 2 / 16).map(|at| format!("+{}", 14_155_000_000_u64 + 3 * at as u64)).collect();
        let uses = joined("caller in a", " and ", size / 2);
        format!("numbers a = [{}]\nwhen {uses} or {uses} {{ reject }}", set.join(", "))
    };

    // Numbers.
    "a list of numbers", None, |size| {
        let list: Vec<String> = (0..size / 14).map(|at| format!("+{}", 14_155_000_000_u64 + at as u64)).collect();
        format!("numbers a = [{}]\nwhen caller in a {{ reject }}", list.join(", "))
    };
    "one number, over and over", None, |size| {
        format!("numbers a = [{}]\nwhen caller in a {{ reject }}", joined("+14155550100", ", ", size))
    };
    "ranges that overlap", None, |size| {
        let range = |at: usize| format!("+{}..+{}", 14_150_000_000_u64 + at as u64, 14_160_000_000_u64 + at as u64 * 2);
        let list: Vec<String> = (0..size / 28).map(range).collect();
        format!("numbers a = [{}]\nwhen caller in a {{ reject }}", list.join(", "))
    };
    "prefixes in prefixes", None, |size| {
        let list: Vec<String> = (0..size / 12).map(|at| format!("+{}*", &"123456789012345"[..at % 15 + 1])).collect();
        format!("numbers a = [{}]\nwhen caller in a {{ reject }}", list.join(", "))
    };
    "sets of one number each, in one set", None, |size| {
        let count = size / 32;
        let sets = (0..count).map(|at| format!("numbers a{at} = [+{}]\n", 14_155_000_000_u64 + 2 * at as u64));
        let names: Vec<String> = (0..count).map(|at| format!("a{at}")).collect();
        sets.collect::<String>() + &format!("numbers whole = [{}]\nwhen caller in whole {{ reject }}", names.join(", "))
    };
    "exceptions of exceptions", Some("too-deep"), |size| {
        chain(size, |at, next| format!("numbers a{at} = [+1415*] except [a{next}]\n"))
    };
    "local numbers", None, |size| {
        let list: Vec<String> = (0..size / 10).map(|at| format!("\"{at}\"")).collect();
        format!("numbers a = [{}]\nwhen caller in a {{ reject }}", list.join(", "))
    };

    // Days and schedules.
    "a schedule of dates", None, |size| schedule(size, |at| format!("{} 09:00-17:00\n", date(at)));
    "a schedule of one date", None, |size| schedule(size, |_| "2026-12-24 09:00-17:00\n".to_owned());
    "a schedule of ranges", None, |size| schedule(size, |at| format!("{}..{} 09:00-17:00\n", date(at), date(at * 2 + 9)));
    "a schedule of two minds", Some("conflicting-lines"), |size| {
        schedule(size, |at| format!("{}..{} {}\n", date(at), date(at * 2 + 9), if at % 2 == 0 { "closed" } else { "all day" }))
    };
    "a schedule of working days", None, |size| schedule(size, |_| "last mon-fri of month 09:00-17:00\n".to_owned());
    "a schedule of two minds about working days", Some("conflicting-lines"), |size| {
        schedule(size, |at| format!("{} mon-fri of month {}\n", ["first", "second", "third", "fourth", "last"][at % 5], if at % 2 == 0 { "closed" } else { "all day" }))
    };
    "a schedule of many windows", None, |size| {
        let window = |at: usize| format!("{:02}:{:02}-{:02}:{:02}", at / 60 % 24, at % 60, (at + 1) / 60 % 24, (at + 1) % 60);
        let windows: Vec<String> = (0..size / 13).map(window).collect();
        format!("timezone UTC\nschedule a {{ mon-fri {} }}\nwhen a is open {{ reject }}", windows.join(", "))
    };
    "a large set of days, excepted by many schedules", Some("conflicting-lines"), |size| {
        let days: Vec<String> = (0..size / 2 / 12).map(date).collect();
        let schedule = |at: usize| format!("schedule s{at} except d {{ first mon-fri of month closed\n last mon-fri of month all day }}\n");
        format!("timezone UTC\ndays d = [{}]\n", days.join(", ")) + &(0..size / 2 / 96).map(schedule).collect::<String>() + "reject"
    };
    "schedules of two lines", None, |size| {
        let schedule = |at: usize| format!("schedule s{at} {{ first mon-fri of month closed\n fourth mon-fri of jan all day }}\n");
        (0..size / 85).map(schedule).collect::<String>() + "timezone UTC\nreject"
    };
    "zones", Some("unknown-zone"), |size| {
        (0..size / 40).map(|at| format!("schedule s{at} in Europe/Londo{at} {{ mon all day }}\n")).collect::<String>() + "reject"
    };
    "days of dates", None, |size| {
        let days: Vec<String> = (0..size / 12).map(date).collect();
        format!("timezone UTC\ndays d = [{}]\nwhen date in d {{ reject }}", days.join(", "))
    };
    "days of days", Some("too-deep"), |size| {
        chain(size, |at, next| format!("days a{at} = [a{next}, {}]\n", date(at)))
    };

    // Tables, splits, metadata, texts.
    "a table with one key", Some("duplicate-key"), |size| table(size, |_| "+14155550100: 1\n".to_owned());
    "a table with ranges that cross", Some("duplicate-key"), |size| {
        table(size, |at| format!("+{}..+{}: 1\n", 14_150_000_000_u64 + at as u64, 14_160_000_000_u64 + at as u64))
    };
    "half a row", Some("syntax"), |size| table(size, |_| "+14155550100\n".to_owned());
    "rows without a key", Some("syntax"), |size| table(size, |_| "a, b, c\n".to_owned());
    "a table with many columns", Some("column-mismatch"), |size| {
        let columns: Vec<String> = (0..size / 30).map(|at| format!("c{at}")).collect();
        let rows: String = (0..size / 30).map(|at| format!("+1415555{at:06}: 1\n")).collect();
        format!("table t ({}) {{\n{rows}}}\nreject", columns.join(", "))
    };
    "columns that a table does not have", Some("unknown-name"), |size| {
        let columns: Vec<String> = (0..size / 40).map(|at| format!("column_{at}")).collect();
        let cells: Vec<&str> = columns.iter().map(|_| "1").collect();
        let uses: String = (0..size / 60).map(|at| format!("when row.colunm_{at} is 1 {{}}\n")).collect();
        format!("table t ({}) {{\n+1415*: {} }}\nwhen caller in t as row {{ {uses} }}\nreject", columns.join(", "), cells.join(", "))
    };
    "rows in rows", None, |size| {
        let tests: Vec<String> = (0..size / 30).map(|at| format!("caller in t as r{at}")).collect();
        let uses: String = (0..size / 40).map(|_| "when r0.a is 1 { skip pre_conversation_workflow }\n").collect();
        format!("table t (a) {{ +1415*: 1 }}\nwhen {} {{\n{uses} }}\nreject", tests.join(" and "))
    };
    "a split of many arms", Some("bad-split"), |size| {
        format!("split \"a\" by caller {{\n{}}}\nreject", "0.01% { reject }\n".repeat(size / 17))
    };
    "an arm without an end", Some("syntax"), |size| format!("split \"a\" by caller {{ {} }}", "5% ".repeat(size / 3));
    "figures for arms", Some("syntax"), |size| format!("split \"a\" by caller {{ {} }}", "5 {} x ".repeat(size / 7));
    "many keys", None, |size| {
        let keys: Vec<String> = (0..size / 14).map(|at| format!("k{at}: {at}")).collect();
        format!("metadata {{ {} }}\nreject", keys.join(", "))
    };
    "one key, over and over", Some("duplicate-key"), |size| format!("metadata {{ {} }}\nreject", joined("k: 1", ", ", size));
    "holes", None, |size| format!("context \"{}\"\nreject", "{caller}".repeat(size / 8));
    "bad holes", Some("syntax"), |size| format!("context \"{}\"\nreject", "{-}".repeat(size / 3));
    "open holes", Some("syntax"), |size| format!("context \"{}\"\nreject", "{".repeat(size));
    "bad escapes", Some("syntax"), |size| format!("context \"{}\"\nreject", "\\q".repeat(size / 2));

    // Problems.
    "problems on one line", Some("syntax"), |size| "route x ".repeat(size / 8);
    "sentences without quotes on one line", Some("syntax"), |size| "rule x ".repeat(size / 7);
    "numbers as on paper", Some("bad-number"), |size| repeated("when caller in [(415) 555 0100] {} ", size);
    "between, over and over", Some("syntax"), |size| repeated("when time between 09:00 and 17:00 {} ", size);
    "between and nothing", Some("syntax"), |size| repeated("when time between {} ", size);
    "lists without brackets", Some("syntax"), |size| repeated("when caller in +1*, +2* {} ", size);
    "lists without brackets nor ends", Some("syntax"), |size| repeated("numbers a = +1*, ", size);
    "expect, over and over", Some("syntax"), |size| repeated("expect reject ", size);
    "timezone, over and over", Some("syntax"), |size| repeated("timezone ", size);
    "as, over and over", Some("syntax"), |size| repeated("when caller in t x {} ", size);
    "names with dashes", Some("syntax"), |size| {
        (0..size / 24).map(|at| format!("agent a-b{at} = \"x\" ")).collect::<String>() + "reject"
    };
    "one name with dashes", Some("syntax"), |size| repeated("switch a-b ", size) + "reject";
    "brackets that stand twice", Some("syntax"), |size| repeated("when caller in [[+1*]] {{ }} ", size) + "reject";
    "weekdays with to", Some("syntax"), |size| schedule(size, |_| "mon to fri 09:00-17:00 ".to_owned());
    "unreadable lines", Some("bad-time"), |size| format!("schedule a {{\n{}}}\nreject", "mon 9: \n".repeat(size / 8));
    "unreadable entries", Some("syntax"), |size| format!("numbers a = [{}]\nreject", joined("= 2", ",", size));
    "problems with a fix each", Some("bad-time"), |size| {
        format!("schedule a {{\n{}}}\nreject", "mon 9am-5pm\n".repeat(size / 12))
    };
    "few problems with a fix each", Some("bad-time"), |size| {
        let schedule = "schedule s {\nmon 9am-5pm\n}\n";
        format!("{schedule}# {}\nreject", "x".repeat(size))
    };
    "repairs and problems", Some("syntax"), |size| "context “a”\nroute x\n".repeat(size / 24);
    "brackets and problems", Some("syntax"), |size| "when caller is anonymous {\nroute x ]\n".repeat(size / 37);

    // Examples and proofs.
    "examples of a large plan", None, |size| {
        let example = format!("example \"e\" {{ call {FROM} expect fallback }}\n");
        let statements = repeated("when caller in [+44*, +49*] { reject }\n", size * 3 / 4);
        statements + &repeated(&example, (size / 4).min(200_000))
    };
    "examples of schedules", None, |size| {
        let example = format!("example \"e\" {{ call {FROM} expect fallback }}\n");
        let statements = repeated("when s is closed and caller.country is MX {}\n", size * 3 / 4);
        "timezone UTC\nschedule s { mon-fri 09:00-17:00 }\n".to_owned() + &statements + &repeated(&example, (size / 4).min(200_000))
    };
    "examples of metadata", None, |size| {
        let example = format!("example \"e\" {{ call {FROM} expect fallback }}\n");
        let keys: Vec<String> = (0..size / 2 / 14).map(|at| format!("k{at}: {at}")).collect();
        format!("metadata {{ {} }}\n", keys.join(", ")) + &repeated(&example, (size / 2).min(200_000))
    };
    "examples that fail", Some("example-failed"), |size| {
        let example = format!("example \"e\" {{ call {FROM} expect reject }}\n");
        repeated("when caller in [+44*, +49*] { reject }\n", size / 2) + &repeated(&example, (size / 2).min(200_000))
    };
    "more examples than there may be", Some("too-large"), |_| {
        "reject\n".to_owned() + &format!("example \"e\" {{ call {FROM} expect reject }}\n").repeat(2_001)
    };
    "switches of an example", None, |size| {
        let count = size / 60;
        let switches: String = (0..count).map(|at| format!("switch s{at}\n")).collect();
        let tests: String = (0..count).map(|at| format!("when s{at} is on {{}}\n")).collect();
        let on: Vec<String> = (0..count).map(|at| format!("s{at} on")).collect();
        format!("{switches}{tests}example \"e\" {{ call {FROM} with {} expect fallback }}", on.join(", "))
    };
    "proofs", None, |size| repeated("always \"p\" when caller is anonymous { reject }\n", size) + "reject";
}

fn repeated(text: &str, size: usize) -> String {
    text.repeat((size / text.len()).max(1))
}

fn joined(text: &str, between: &str, size: usize) -> String {
    vec![text; (size / (text.len() + between.len())).max(2)].join(between)
}

fn mixed(size: usize) -> String {
    repeated("caller in +1* and dialed in +2* or ", size) + "caller is anonymous"
}

fn nested(open: &str, inside: &str, close: &str, size: usize) -> String {
    repeated(
        &format!("when {}{inside}{} {{ skip pre_conversation_workflow }}\n", open.repeat(63), close.repeat(63)),
        size,
    )
}

/// Definitions, each of which names the next.
fn chain(size: usize, definition: impl Fn(usize, usize) -> String) -> String {
    let mut plan = String::from("reject\n");
    let mut at = 0;
    while plan.len() < size {
        plan.push_str(&definition(at, at + 1));
        at += 1;
    }
    let last = definition(at, at + 1);
    let keyword = last.split(' ').next().unwrap_or_default();
    let value = match keyword {
        "condition" => "caller is anonymous",
        "days" => "[2026-12-24]",
        _ => "[+1415*]",
    };
    let _ = writeln!(plan, "{keyword} a{at} = {value}");
    plan
}

/// Forty conditions, each of which names the one before twice.
fn doubling() -> String {
    let mut plan = String::from("condition a0 = caller in +1*\n");
    for at in 1..=40 {
        let _ = writeln!(plan, "condition a{at} = a{0} and a{0}", at - 1);
    }
    plan
}

fn schedule(size: usize, line: impl Fn(usize) -> String) -> String {
    let mut plan = String::from("timezone UTC\nschedule a {\n");
    let mut at = 0;
    while plan.len() < size {
        plan.push_str(&line(at));
        at += 1;
    }
    plan + "}\nwhen a is open { reject }\n"
}

fn table(size: usize, row: impl Fn(usize) -> String) -> String {
    let mut plan = String::from("table t (a) {\n");
    let mut at = 0;
    while plan.len() < size {
        plan.push_str(&row(at));
        at += 1;
    }
    plan + "}\nwhen caller in t { reject }\n"
}

/// Some day, each number another.
fn date(at: usize) -> String {
    format!("{:04}-{:02}-{:02}", 2027 + at / 336 % 7000, at / 28 % 12 + 1, at % 28 + 1)
}
