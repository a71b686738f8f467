//! Large plans, the same in each run, with the parts that real plans have.

use std::fmt::Write as _;

const CITIES: [&str; 6] = ["Portland", "Boise", "Spokane", "Eugene", "Tacoma", "Salem"];
const COUNTRIES: [&str; 6] = ["MX", "ES", "CO", "GB", "FR", "DE"];

/// A plan like that of a large office: most rules are for one dialed number, many with a schedule
/// or a list of callers, some for prefixes or a trunk. All give context and metadata. About 100
/// bytes a rule without its block.
pub fn rules(count: usize) -> String {
    rules_around(count, None)
}

/// The same, with a rule for some callers before the one of this number.
pub fn rules_around(count: usize, vips_before: Option<usize>) -> String {
    let mut plan = String::from(HEAD);
    for at in 0..count {
        if vips_before == Some(at) {
            plan.push_str("rule \"VIPs first\" when caller in vips {\n  route to urgent version 3\n}\n\n");
        }
        let number = 15_035_000_000_u64 + at as u64 * 7;
        let city = CITIES[at % CITIES.len()];
        let agent = ["reception", "urgent", "messages"][at % 3];
        let condition = match at % 10 {
            0..=4 => format!("dialed is +{number} and office is open"),
            5 => format!("dialed is +{number} and caller.country in [{}, unknown]", COUNTRIES[at % COUNTRIES.len()]),
            6 => format!("dialed is +{number} and (caller in vips or not_ours)"),
            7 => format!("dialed in +{number}* and time in 09:00-12:30"),
            8 => format!("dialed is +{number} and trunk is not \"overflow\" and weekday in mon-fri"),
            _ => format!("dialed in +{number}..+{} and now >= 2026-12-01 08:00", number + 5),
        };
        let _ = writeln!(plan, "rule \"{city} {at}\" when {condition} {{");
        match at % 4 {
            0 => plan.push_str("  context \"A call from {caller} for the practice.\"\n"),
            1 => {
                let _ = writeln!(plan, "  metadata {{ site: \"{city}\", line: {at}, from: caller.country }}");
            }
            _ => {}
        }
        let _ = writeln!(plan, "  route to {agent}\n}}\n");
    }
    plan.push_str("rule \"Closed\" {\n  route to messages\n}\n");
    plan
}

/// The same rules, all in one block.
pub fn in_one_block(count: usize) -> String {
    let rules = rules(count);
    let (definitions, rules) = rules.split_once("rule ").expect("there are rules");
    format!("{definitions}when not (caller is anonymous) {{\nrule {rules}}}\nreject\n")
}

const HEAD: &str = r#"# Made by benches/src/plans.rs.
timezone America/Los_Angeles

agent reception = "bb66519d-f01d-4a37-a409-bf61e5ae8b30"
agent urgent    = "99b9bfd0-eaaf-42de-96a7-3b17a317d042" version 2
agent messages  = "58e5ce59-7ca4-41eb-b73a-c1a80a810cc9"

numbers vips = [+15035550142, +15035550150..+15035550159, +4420*, "201"]
days holidays = [every 01-01, last mon of may, every 07-04, first mon of sep, fourth thu of nov, every 12-25]

schedule office except holidays {
  mon-thu             08:00-12:30, 13:30-17:30
  fri                 08:00-13:00
  first sat of month  09:00-12:00
}

condition not_ours = office is closed and caller not in vips

"#;

/// A plan with one table of many rows.
pub fn table(rows: usize) -> String {
    let mut plan = String::from("agent desk = \"bb66519d-f01d-4a37-a409-bf61e5ae8b30\"\n\n");
    plan.push_str("table accounts (owner, name, tier, rank) {\n");
    for at in 0..rows {
        let city = CITIES[at % CITIES.len()];
        let key = spread(at);
        let _ = writeln!(plan, "  +{key}: desk, \"{city} {at}\", \"gold\", {}", at % 7);
    }
    plan.push_str("}\n\nwhen caller in accounts as account {\n  context \"{account.name}\"\n");
    plan.push_str("  route to account.owner\n}\nroute to desk\n");
    plan
}

/// A plan with one long list of numbers.
pub fn numbers(count: usize) -> String {
    let mut plan = String::from("numbers spam = [\n");
    for at in 0..count {
        let _ = writeln!(plan, "  +{},", spread(at));
    }
    plan.push_str("]\nwhen caller in spam { reject }\nfallback\n");
    plan
}

/// Different numbers of eleven digits, unordered.
fn spread(at: usize) -> u64 {
    10_000_000_000 + (at as u64 * 7_368_787) % 9_999_999_967
}
