//! W1: the ten rules of an office.

use super::{CALLS, Rules, Workload, call, some_instant};
use crate::engines::checked;
use crate::hours::{Hours, Line, minutes};
use crate::random::Random;
use callplan::Call;
use std::collections::HashMap;

pub const ZONE: &str = "America/New_York";

/// The plan. The same rules, written by hand for other engines, must give the same decisions.
pub const PLAN: &str = r#"timezone America/New_York

agent frontdesk = "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11"
agent sales     = "bb66519d-f01d-4a37-a409-bf61e5ae8b30"
agent support   = "58e5ce59-7ca4-41eb-b73a-c1a80a810cc9" version 3
agent spanish   = "b17bcf1a-328d-4676-8e84-6892fc25eb21"
agent concierge = "5c11d3c2-1d2f-4d53-8f0a-3c6f3b0b9a77" version 12
agent on_call   = "99b9bfd0-eaaf-42de-96a7-3b17a317d042"
agent messages  = "e3d0b6a4-7f1c-4f0e-8f3a-2a8d1c9b5e60"

numbers vips    = [+14155550100, +14155550101, +12125550123, +13105550177, +442079460000..+442079460099]
numbers blocked = [+1900*, +1976*, +14155550199, +12025550143, +33142685300, anonymous]

days holidays = [every 01-01, every 07-04, every 12-25]

schedule office except holidays {
  mon-fri  09:00-12:30, 13:30-17:30
  sat      10:00-14:00
}

rule "Blocked" when caller in blocked {
  reject
}

rule "VIPs" when caller in vips and trunk is not "overflow" {
  context  "A VIP is calling: {caller}."
  metadata { tier: "vip", priority: 1, tags: ["inbound", "vip"] }
  route to concierge
}

rule "Emergencies" when dialed is +18005550199 {
  metadata { line: "emergency", priority: 0 }
  route to on_call
}

rule "Overflow" when trunk is "overflow" {
  context "All lines of the front desk are busy."
  route to messages
}

rule "Sales, open" when dialed is +18005550101 and office is open {
  metadata { line: "sales", priority: 2 }
  route to sales
}

rule "Sales, closed" when dialed is +18005550101 {
  context  "The sales team calls back when the office opens."
  metadata { line: "sales", callback: true }
  route to messages
}

rule "Support" when dialed is +18005550102 and office is open {
  context  "The caller dialed the support line."
  metadata { line: "support", priority: 2 }
  route to support
}

rule "Spanish" when caller in [+52*, +34*, +57*] and office is open {
  context "The caller may prefer Spanish."
  route to spanish
}

rule "Office hours" when office is open {
  route to frontdesk
}

rule "After hours" {
  context "The office is closed."
  route to messages
}
"#;

pub fn workload() -> Workload {
    Workload {
        name: "W1".to_owned(),
        says: "ten rules: a VIP list, office hours, a block list, context and metadata".to_owned(),
        plan: PLAN.to_owned(),
        rules: Rules::Office,
        calls: calls(),
    }
}

/// The plan's schedule, as data.
pub fn hours() -> Hours {
    let windows = vec![(minutes(9, 0), minutes(12, 30)), (minutes(13, 30), minutes(17, 30))];
    let week = Line { days: (1, 5), windows };
    let saturday = Line { days: (6, 6), windows: vec![(minutes(10, 0), minutes(14, 0))] };
    Hours { name: "office", keeps_holidays: true, lines: vec![week, saturday] }
}

/// The same number of calls for each of the ten rules.
fn calls() -> Vec<Call> {
    let plan = checked(PLAN);
    let mut random = Random::new(1);
    let mut taken: HashMap<String, usize> = HashMap::new();
    let mut calls = Vec::with_capacity(CALLS);
    while calls.len() < CALLS {
        let call = some_call(&mut random);
        let taken = taken.entry(plan.decide(&call).rule.expect("the last rule takes the rest")).or_default();
        if *taken < CALLS.div_ceil(10) {
            *taken += 1;
            calls.push(call);
        }
    }
    random.shuffle(&mut calls);
    calls
}

fn some_call(random: &mut Random) -> Call {
    const DIALED: [&str; 4] = ["+18005550100", "+18005550101", "+18005550102", "+18005550199"];
    const VIPS: [&str; 5] = ["+14155550100", "+14155550101", "+12125550123", "+13105550177", "+4420794600"];
    const BLOCKED: [&str; 6] = ["+1900", "+1976", "+14155550199", "+12025550143", "+33142685300", ""];
    const SPANISH: [&str; 3] = ["+52", "+34", "+57"];
    const OTHERS: [&str; 6] = ["+1415555", "+1212", "+1", "+4420", "+49", "+33"];
    let start = match random.below(10) {
        0..=1 => *random.one_of(&VIPS),
        2 => *random.one_of(&BLOCKED),
        3..=5 => *random.one_of(&SPANISH),
        _ => *random.one_of(&OTHERS),
    };
    let length = if start.starts_with("+44") { 13 } else { 12 };
    let caller = if start.is_empty() { String::new() } else { random.digits_after(start, length) };
    let dialed = *random.one_of(&DIALED);
    let mut call = call(&caller, dialed, some_instant(random));
    call.trunk_id = Some(random.one_of(&["main", "branch", "overflow"]).to_string());
    call
}
