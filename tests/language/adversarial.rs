//! Plans that are hard to compile to a diagram: rules that overlap in every way, prefixes nested
//! fifteen deep, hundreds of schedules in dozens of zones. None may take too much memory or time. A
//! check says what it gave up, and calls are decided correctly in either form.

use std::fmt::Write as _;

use callplan::analyze::Limits;
use callplan::analyze::diff::diff;
use callplan::check::Options;
use callplan::compile::{Budget, CompiledPlan};
use callplan::{Call, CheckedPlan, Source};
use jiff::civil::{Date, date};

const TODAY: Date = date(2026, 11, 26);

/// Maximum memory of a check of any of these plans with its compiled form, in bytes.
const MOST_BYTES: u64 = 128 << 20;

/// Does some work, and asserts that it never holds more than [`MOST_BYTES`]. Only what this thread
/// takes counts: other tests run beside it.
fn within_memory<T>(name: &str, work: impl FnOnce() -> T) -> T {
    let mut done = None;
    let taken = allocation_counter::measure(|| done = Some(work()));
    assert!(taken.bytes_max <= MOST_BYTES, "{name}: {} bytes were held", taken.bytes_max);
    done.expect("the work has been done")
}

/// Random numbers that are the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn number(&mut self) -> u64 {
        10_000_000_000 + self.below(8_000_000_000) * 10 + self.below(10)
    }

    fn ordered(&mut self, draw: impl Fn(&mut Self) -> u64) -> (u64, u64) {
        let (one, other) = (draw(self), draw(self));
        (one.min(other), one.max(other) + 1)
    }
}

const AGENTS: &str = "timezone UTC\nagent a = \"a\"\nagent b = \"b\"\n";

/// A random range on each axis.
fn ranges(rules: u64, random: &mut Random) -> String {
    let mut plan = AGENTS.to_owned();
    for at in 0..rules {
        let (dialed, caller) = (random.ordered(Random::number), random.ordered(Random::number));
        let (from, to) = random.ordered(|random| random.below(1_439));
        let _ = writeln!(
            plan,
            "rule \"{at}\" when dialed in +{}..+{} and caller in +{}..+{} and time in {:02}:{:02}-{:02}:{:02} \
             and trunk in [\"t{}\", \"u{}\"] {{ route to {} }}",
            dialed.0,
            dialed.1,
            caller.0,
            caller.1,
            from / 60,
            from % 60,
            to / 60,
            to % 60,
            random.below(50),
            random.below(50),
            if at % 2 == 0 { "a" } else { "b" }
        );
    }
    plan + "route to a\n"
}

/// Chains of prefixes of one number, from its fifteen digits to the first, for the dialed number in
/// one order and for the caller in the other.
fn nested(chains: u64, random: &mut Random) -> String {
    let mut plan = AGENTS.to_owned();
    for chain in 0..chains {
        let mut fifteen =
            || format!("{}{:014}", 1 + random.below(9), random.below(1 << 31) * 46_009 % 100_000_000_000_000);
        let (dialed, caller) = (fifteen(), fifteen());
        for digits in (1..=15).rev() {
            let _ = writeln!(
                plan,
                "rule \"{chain} {digits}\" when dialed in +{}* and caller in +{}* {{ route to {} }}",
                &dialed[..digits],
                &caller[..16 - digits],
                if digits % 2 == 0 { "a" } else { "b" }
            );
        }
    }
    plan + "route to a\n"
}

const ZONES: [&str; 40] = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "America/Anchorage",
    "America/Argentina/Buenos_Aires",
    "America/Bogota",
    "America/Caracas",
    "America/Chicago",
    "America/Denver",
    "America/Halifax",
    "America/Havana",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/New_York",
    "America/Phoenix",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Asia/Dhaka",
    "Asia/Dubai",
    "Asia/Jerusalem",
    "Asia/Karachi",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Tehran",
    "Asia/Tokyo",
    "Atlantic/Azores",
    "Australia/Adelaide",
    "Australia/Eucla",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Moscow",
    "Pacific/Apia",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Honolulu",
];

/// A schedule each with hours and holidays of its own, in forty zones.
fn schedules(count: u64, random: &mut Random) -> String {
    let mut plan = AGENTS.to_owned();
    for at in 0..count {
        let zone = ZONES[at as usize % ZONES.len()];
        let _ = writeln!(
            plan,
            "schedule s{at} in {zone} {{\n  mon-fri {:02}:{:02}-{:02}:{:02}\n  sat {:02}:00-{:02}:00\n  every {:02}-{:02} closed\n}}",
            random.below(12),
            15 * random.below(4),
            12 + random.below(12),
            5 + 15 * random.below(4),
            8 + random.below(4),
            13 + random.below(8),
            1 + random.below(12),
            1 + random.below(28)
        );
    }
    for at in 0..count {
        let _ =
            writeln!(plan, "rule \"{at}\" when s{at} is open {{ route to {} }}", if at % 2 == 0 { "a" } else { "b" });
    }
    plan + "route to a\n"
}

/// The same, each of which a context tells of.
fn told(count: u64, random: &mut Random) -> String {
    let plan = schedules(count, random);
    let (definitions, _) = plan.split_once("rule ").expect("it has rules");
    let mut plan =
        format!("{definitions}days d = [every 12-25 \"Christmas\"]\nschedule old {{ 2020-01-01 09:00-17:00 }}\n");
    for at in 0..count {
        let _ = writeln!(
            plan,
            "when dialed is +1415555{:04} {{ context \"{{s{at}.opens}} {{s{at}.closes}} {{s{at}.hours}} {{d.name}} {{old.opens}}\" }}",
            at
        );
    }
    plan + "route to a\n"
}

/// A random call among the numbers, trunks and hours of these plans.
fn call(random: &mut Random) -> Call {
    Call::new(
        format!("+{}", random.number()),
        jiff::Timestamp::from_second(1_800_000_000 + random.below(100_000_000) as i64).expect("a time"),
    )
    .with_caller(format!("+{}", random.number()))
    .with_trunk(format!("t{}", random.below(60)))
}

/// Asserts that a plan's compiled form decides correctly, and gives the problems of its check.
fn checked(name: &str, text: String, budget: Option<usize>) -> (Vec<&'static str>, bool) {
    let options = Options { today: Some(TODAY), budget, ..Options::default() };
    let usual = Budget::default();
    let budget = Budget { steps: budget.unwrap_or(usual.steps), ..usual };
    let (problems, compiled) = within_memory(name, || {
        let report = callplan::check(&Source::new(name, text), &options);
        let plan: CheckedPlan = report.plan.unwrap_or_else(|| panic!("{name}: {:#?}", report.problems));
        (report.problems, CompiledPlan::new(plan, Some(TODAY), budget))
    });
    let mut random = Random(17);
    for _ in 0..300 {
        let call = call(&mut random);
        assert_eq!(compiled.plan().decide(&call), compiled.decide(&call), "{name}, {call:?}");
    }
    let mut codes: Vec<&str> = problems.iter().map(|problem| problem.code.name()).collect();
    codes.dedup();
    (codes, compiled.stats().is_diagram)
}

#[test]
fn a_budget_that_holds_lays_them_out() {
    let mut random = Random(7);
    let (_, is_diagram) = checked("nested", nested(150, &mut random), None);
    assert!(is_diagram);
    let (_, is_diagram) = checked("schedules", schedules(200, &mut random), None);
    assert!(is_diagram);
    checked("ranges", ranges(256, &mut random), None);
}

#[test]
fn past_the_budget_they_fall_back_and_say_so() {
    let mut random = Random(8);
    for (name, text) in [
        ("nested", nested(150, &mut random)),
        ("schedules", schedules(200, &mut random)),
        ("ranges", ranges(2_000, &mut random)),
    ] {
        let (codes, is_diagram) = checked(name, text, Some(100_000));
        assert!(!is_diagram, "{name}");
        assert!(codes.contains(&"proof-undecided"), "{name}: {codes:?}");
        assert!(
            !codes.contains(&"unreachable-rule"),
            "{name} calls a rule unreachable that it did not find to be: {codes:?}"
        );
    }
}

#[test]
fn what_holes_tell_of_many_schedules_stays_within_bounds() {
    let mut random = Random(11);
    let (_, is_diagram) = checked("few are told of", told(200, &mut random), None);
    assert!(is_diagram);
    let plan = told(2_000, &mut random);
    let (_, is_diagram) = checked("many are told of", plan.clone(), None);
    assert!(!is_diagram, "what they tell has no room beside a diagram");
    // A call that is told of each schedule, within the horizon and beyond it.
    let all = (0..900).map(|at| format!("{{s{at}.opens}}")).collect::<String>();
    let plan = plan.replace("route to a\n", &format!("context \"{all}\"\nroute to a\n"));
    checked("all are told", plan, None);
}

/// A long context that the calls of all rules get.
fn prose(rules: u64, random: &mut Random) -> String {
    let mut plan = format!("{AGENTS}context \"{}\"\n", "All that an agent must know. ".repeat(2_000));
    for at in 0..rules {
        let _ = writeln!(plan, "rule \"{at}\" when dialed is +{} {{ route to a }}", random.number());
    }
    plan + "route to b\n"
}

/// Rules in forty blocks, one in the other, each for a switch.
fn in_blocks(rules: u64, random: &mut Random) -> String {
    let mut plan = AGENTS.to_owned();
    plan.extend((0..40).map(|at| format!("switch s{at}\n")));
    plan.extend((0..40).map(|at| format!("when s{at} is off {{\n")));
    for at in 0..rules {
        let _ = writeln!(plan, "rule \"{at}\" when dialed is +{} {{ route to a }}", random.number());
    }
    plan + &"}\n".repeat(40) + "route to b\n"
}

/// Rules for all trunks but one, in a block for all trunks but many.
fn trunks(rules: u64) -> String {
    let listed: Vec<String> = (0..rules).map(|at| format!("\"trunk {at}\"")).collect();
    let mut plan = format!("{AGENTS}when trunk not in [{}] {{\n", listed.join(", "));
    for at in 0..rules {
        let _ = writeln!(plan, "rule \"{at}\" when trunk is not \"other {at}\" and s is on {{ route to a }}");
    }
    plan.replace("agent a", "switch s\nagent a") + "}\nroute to b\n"
}

#[test]
fn what_many_rules_have_in_common_is_not_kept_for_each_of_them() {
    let mut random = Random(9);
    for (name, text) in
        [("prose", prose(20_000, &mut random)), ("blocks", in_blocks(20_000, &mut random)), ("trunks", trunks(3_000))]
    {
        checked(name, text, None);
    }
}

#[test]
fn a_diff_shows_the_largest_changes_and_counts_the_others() {
    let plan = |text: String| {
        let report = callplan::check(&Source::new("plan", text), &Options { today: Some(TODAY), ..Options::default() });
        report.plan.unwrap_or_else(|| panic!("{:#?}", report.problems))
    };
    // Each rule is a change of its own, and the last one is that of a whole country.
    let mut random = Random(10);
    let rules = prose(1_500, &mut random).replace("route to b", "when dialed in +44* { route to b }\nreject");
    let (was, now) = (plan(AGENTS.to_owned() + "fallback\n"), plan(rules));
    let limits = Limits::for_text(1 << 20);
    let found = within_memory("changes with long contexts", || diff(&was, &now, TODAY, &limits));
    let found = found.expect("it is within the budget");
    assert!(found.changes.len() <= 1_000 && found.changes.len() + found.more == 1_502, "{}", found.more);
    assert!(found.changes.is_sorted_by(|one, next| one.share >= next.share));
    assert!(found.changes.iter().all(|change| change.witness.is_some()));
    // The context of a call has 58 KB, so that those of a thousand changes have no room.
    assert!(found.changes.len() < 300, "{}", found.changes.len());
    let three = Limits { changes: 3, ..limits };
    let few = diff(&was, &now, TODAY, &three).expect("it is within the budget");
    assert_eq!((few.changes.len(), few.more), (3, 1_499));
}
