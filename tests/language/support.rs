//! Random plans and calls, from a seed: every feature of the language, and calls on its boundaries.

use callplan::Call;
use callplan::syntax::{MONTHS, WEEKDAYS};
use jiff::{SignedDuration, Timestamp};
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A size from the environment, such as `AGREEMENT_PLANS`.
pub fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

/// Does the work for each of these, on every processor; the results are in order.
///
/// # Panics
///
/// If the work panics for one of them.
pub fn on_all_processors<I: Sync, T: Send>(items: &[I], work: impl Fn(&I) -> T + Sync) -> Vec<T> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        while let at = next.fetch_add(1, Ordering::Relaxed)
            && let Some(item) = items.get(at)
        {
            done.push((at, work(item)));
        }
        done
    };
    let mut done: Vec<(usize, T)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

/// A small generator of random numbers (xorshift64*), so that a seed makes the same plan
/// everywhere.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        ((self.next() >> 33) as usize) % end.max(1)
    }

    pub fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub fn pick<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> &'a T {
        items[self.below(items.len())]
    }
}

const ZONES: &[&str] = &[
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "Pacific/Apia",
    "UTC",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Pacific/Chatham",
    "America/St_Johns",
    "Asia/Tokyo",
];
const COUNTRIES: &[&str] = &["US", "CA", "GB", "DE", "MX", "KZ", "RU", "PR", "GG", "unknown"];

/// What tests of texts ask for: some of them have others in them.
const PATTERNS: &[&str] = &["a", "ab", "B", "ba", "abba", "Ü", "x-", "b a"];

const ATTESTATIONS: [&str; 5] = ["A", "B", "C", "failed", "unknown"];

/// The name of an attribute as a call may write it.
fn odd_header(header: &str, random: &mut Random) -> String {
    if random.one_in(2) { header.to_ascii_lowercase() } else { header.to_owned() }
}

/// A plan's text, and the parts of calls on its boundaries.
pub struct Sample {
    pub text: String,
    pub numbers: Vec<String>,
    pub trunks: Vec<String>,
    pub instants: Vec<Timestamp>,
    pub switches: Vec<String>,
    /// What calls name the attributes of the plan.
    pub headers: Vec<String>,
}

/// Writes a plan of about `rules` rules.
pub struct Writer<'r> {
    random: &'r mut Random,
    text: String,
    numbers: Vec<String>,
    trunks: Vec<String>,
    dates: Vec<(String, String)>,
    zone: &'static str,
    names: usize,
    sets: Vec<String>,
    days: Vec<String>,
    schedules: Vec<String>,
    rotations: Vec<String>,
    conditions: Vec<String>,
    tables: Vec<String>,
    switches: Vec<String>,
    /// Each by its name in the plan, and by what calls name it.
    attributes: Vec<(String, String)>,
    rows: usize,
}

impl<'r> Writer<'r> {
    pub fn sample(random: &'r mut Random, rules: usize) -> Sample {
        let zone = ZONES[random.below(ZONES.len())];
        let mut writer = Self {
            random,
            text: String::new(),
            numbers: Vec::new(),
            trunks: vec!["a".into()],
            dates: Vec::new(),
            zone,
            names: 0,
            sets: vec![],
            days: vec![],
            schedules: vec![],
            rotations: vec![],
            conditions: vec![],
            tables: vec![],
            switches: vec![],
            attributes: vec![],
            rows: 0,
        };
        writer.definitions();
        for _ in 0..rules {
            writer.rule(0);
        }
        if !writer.random.one_in(3) {
            writer.text.push_str("route to agent_a\n");
        }
        writer.finish()
    }

    fn finish(self) -> Sample {
        let mut instants = Vec::new();
        let zone = callplan::schedule::Zone::find(self.zone).expect("a zone of the list");
        for (date, time) in &self.dates {
            let date: jiff::civil::Date = date.parse().expect("a date that was made here");
            let (hour, minute) = time.split_once(':').expect("a time that was made here");
            let minute = hour.parse::<u16>().expect("an hour") * 60 + minute.parse::<u16>().expect("a minute");
            instants.extend(zone.instants(callplan::schedule::Moment { date, minute: minute % 1440 }));
        }
        let from: Timestamp = "2026-01-01T00:00:00Z".parse().expect("an instant");
        let until: Timestamp = "2031-01-01T00:00:00Z".parse().expect("an instant");
        instants.extend(zone.clock_changes(from, until).map(|(at, _)| at));
        let headers = self.attributes.into_iter().map(|(_, header)| header).collect();
        let (text, numbers, trunks, switches) = (self.text, self.numbers, self.trunks, self.switches);
        Sample { text, numbers, trunks, instants, switches, headers }
    }

    fn name(&mut self, of: &str) -> String {
        self.names += 1;
        format!("{of}_{}", self.names)
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn definitions(&mut self) {
        self.line(&format!("timezone {}", self.zone));
        if self.random.one_in(2) {
            let home = self.random.pick(&["GB", "US", "FR", "any", "DE"]).to_owned();
            self.line(&format!("country {home}"));
        }
        if self.random.one_in(3) {
            self.line("country any on trunk \"a\"\ncountry IT on trunk \"b\"");
        }
        self.line("agent agent_a = \"aaaa\"\nagent agent_b = \"bbbb\" version 3\nagent agent_c = \"cccc\"");
        for _ in 0..self.random.below(3) {
            let name = self.name("switch");
            self.line(&format!("switch {name}"));
            self.switches.push(name);
        }
        for _ in 0..self.random.below(3) {
            let name = self.name("attribute");
            // Two names may stand for one attribute.
            let header = format!("X-{}", self.random.pick(&["Campaign", "campaign", "Queue"]));
            self.line(&format!("attribute {name} = \"{header}\""));
            self.attributes.push((name, header));
        }
        for _ in 0..self.random.below(4) {
            let (name, list) = (self.name("set"), self.number_list());
            let except = if self.random.one_in(3) { format!(" except {}", self.number_list()) } else { String::new() };
            self.line(&format!("numbers {name} = {list}{except}"));
            self.sets.push(name);
        }
        for _ in 0..self.random.below(3) {
            let name = self.name("days");
            let mut days: Vec<String> = (0..1 + self.random.below(3)).map(|_| self.day()).collect();
            if self.random.one_in(3) {
                days[0].push_str(" \"First of these\"");
            }
            if !self.days.is_empty() && self.random.one_in(3) {
                days.push(self.days[self.random.below(self.days.len())].clone());
            }
            self.line(&format!("days {name} = [{}]", days.join(", ")));
            self.days.push(name);
        }
        for _ in 0..self.random.below(4) {
            self.schedule();
        }
        for _ in 0..self.random.below(3) {
            self.rotation();
        }
        for _ in 0..self.random.below(3) {
            self.table();
        }
        for _ in 0..self.random.below(3) {
            let (name, condition) = (self.name("condition"), self.condition(1));
            self.line(&format!("condition {name} = {condition}"));
            self.conditions.push(name);
        }
    }

    fn digits(&mut self) -> String {
        // Few different ones, so that they overlap.
        let stem = self.random.pick(&["1415", "1787", "442079", "4420", "7727", "49", "1", "52", "14155550"]);
        let length = [4, 7, 11, 11, 11, 12, 15][self.random.below(7)];
        let mut digits = (*stem).to_owned();
        while digits.len() < length {
            digits.push(['0', '1', '5', '9'][self.random.below(4)]);
        }
        digits
    }

    fn number(&mut self) -> String {
        let number = format!("+{}", self.digits());
        self.numbers.push(number.clone());
        number
    }

    fn pattern(&mut self) -> String {
        match self.random.below(8) {
            0..=2 => self.number(),
            3 | 4 => {
                let digits = self.digits();
                let prefix = &digits[..1 + self.random.below(digits.len().min(8))];
                self.numbers.push(format!("+{digits}"));
                self.numbers.push(format!("+{prefix}"));
                format!("+{prefix}*")
            }
            5 => {
                let (one, other) = (self.digits(), self.digits());
                let length = one.len().min(other.len());
                let (one, other) = (&one[..length], &other[..length]);
                let (low, high) = (one.min(other), one.max(other));
                self.numbers.extend([
                    format!("+{low}"),
                    format!("+{high}"),
                    format!("+{low}0"),
                    format!("+{}", &high[..length - 1]),
                ]);
                if low == high { format!("+{low}") } else { format!("+{low}..+{high}") }
            }
            6 => "anonymous".to_owned(),
            _ => {
                let around = ["1001", "10", "1000", "1999", "0999", "100", "10011", "desk", "desk7", "1002", "1a"];
                self.numbers.push(self.random.pick(&around).to_owned());
                let local =
                    ["1001", "1002", "sip:desk@pbx", "10*", "100*", "*", "des*", "1000..1999", "1000..1009", "00..99"];
                let local = local[self.random.below(local.len())];
                match local.split_once("..") {
                    Some((low, high)) => format!("\"{low}\"..\"{high}\""),
                    None => format!("\"{local}\""),
                }
            }
        }
    }

    fn number_list(&mut self) -> String {
        let mut entries: Vec<String> = (0..1 + self.random.below(4)).map(|_| self.pattern()).collect();
        if !self.sets.is_empty() && self.random.one_in(4) {
            entries.push(self.sets[self.random.below(self.sets.len())].clone());
        }
        format!("[{}]", entries.join(", "))
    }

    fn time(&mut self) -> String {
        format!("{:02}:{:02}", self.random.below(24), [0, 30, 15, 59][self.random.below(4)])
    }

    fn date(&mut self) -> String {
        let date = format!(
            "20{}-{:02}-{:02}",
            26 + self.random.below(4),
            1 + self.random.below(12),
            1 + self.random.below(28)
        );
        let time = self.time();
        self.dates.push((date.clone(), time));
        date
    }

    fn window(&mut self) -> String {
        loop {
            let (from, to) = (self.time(), self.time());
            if from != to {
                for time in [&from, &to] {
                    let date = self.date();
                    self.dates.push((date, time.clone()));
                }
                return format!("{from}-{to}");
            }
        }
    }

    fn weekdays(&mut self) -> String {
        format!("{}-{}", self.random.pick(&WEEKDAYS), self.random.pick(&WEEKDAYS))
    }

    fn day(&mut self) -> String {
        let only = if self.random.one_in(3) { format!(" {}", self.weekdays()) } else { String::new() };
        match self.random.below(9) {
            0 => self.random.pick(&WEEKDAYS).to_owned(),
            1 => self.weekdays(),
            2 => self.date(),
            3 => {
                let (one, other) = (self.date(), self.date());
                format!("{}..{}{only}", one.clone().min(other.clone()), one.max(other))
            }
            4 => format!("every {:02}-{:02}{only}", 1 + self.random.below(12), 1 + self.random.below(28)),
            5 => {
                let mut day = || format!("{:02}-{:02}", 1 + self.random.below(12), 1 + self.random.below(28));
                let (from, to) = (day(), day());
                format!("every {from}..{to}{only}")
            }
            6 => {
                let offset = self.offset();
                format!("{offset}{}", self.random.pick(&["easter", "easter", "orthodox easter"]))
            }
            7 => {
                let (weeks, from) = (2 + self.random.below(5), self.date());
                format!("every {weeks} weeks from {from}{only}")
            }
            _ => {
                let after = self.offset();
                let which = self.random.pick(&["first", "second", "third", "fourth", "fifth", "last"]).to_owned();
                let weekdays =
                    if self.random.one_in(2) { self.weekdays() } else { self.random.pick(&WEEKDAYS).to_owned() };
                let month = if self.random.one_in(2) { "month" } else { self.random.pick(&MONTHS) };
                format!("{after}{which} {weekdays} of {month}")
            }
        }
    }

    /// `day after `, `40 days before `, or nothing.
    fn offset(&mut self) -> String {
        let side = self.random.pick(&["before", "after"]).to_owned();
        match self.random.below(4) {
            0 => format!("day {side} "),
            1 => format!("{} days {side} ", 2 + self.random.below(98)),
            _ => String::new(),
        }
    }

    /// A statement that tells of a schedule's hours or of what a day is called, where there is one.
    fn told(&mut self) -> Option<String> {
        let names = if self.random.one_in(3) { &self.days } else { &self.schedules };
        let name = (!names.is_empty()).then(|| names[self.random.below(names.len())].clone())?;
        let effects: &[&str] = match names == &self.days {
            true => &["context \"Today is {IT.name}.\"", "metadata { day: IT.name, a: \"{IT.name}\" }"],
            false => &[
                "context \"{IT.opens}, {IT.closes}: {IT.hours}\"",
                "context \"It opens {IT.opens}.\"",
                "metadata { opens: IT.opens, closes: IT.closes, hours: IT.hours }",
                "metadata { b: [\"until {IT.closes}\", IT.hours] }",
            ],
        };
        Some(self.random.pick(effects).replace("IT", &name))
    }

    fn schedule(&mut self) {
        let name = self.name("schedule");
        let zone = if self.random.one_in(2) { format!(" in {}", self.random.pick(ZONES)) } else { String::new() };
        let except = match self.days.is_empty() || self.random.one_in(2) {
            true => String::new(),
            false => format!(" except {}", self.days[self.random.below(self.days.len())]),
        };
        // Lines of hours alone never conflict, nor do those that change hours.
        let lines: Vec<String> = (0..1 + self.random.below(4))
            .map(|_| {
                if self.random.one_in(8) {
                    let (one, other) = (self.date(), self.date());
                    let (from, to) = (one.clone().min(other.clone()), one.max(other));
                    let (before, after) = (self.random.below(12), 12 + self.random.below(12));
                    let closure = format!("  closed from {from} {before:02}:00 to {to} {after:02}:00");
                    self.dates.push((from, format!("{before:02}:00")));
                    self.dates.push((to, format!("{after:02}:00")));
                    return closure;
                }
                let days = match self.days.is_empty() || !except.is_empty() || !self.random.one_in(5) {
                    true => self.day(),
                    false => self.days[self.random.below(self.days.len())].clone(),
                };
                let hours = match self.random.below(8) {
                    0 => "all day".to_owned(),
                    1 => format!("closed {}", self.window()),
                    2 => format!("also {}", self.window()),
                    _ => self.window(),
                };
                format!("  {days} {hours}")
            })
            .collect();
        self.line(&format!("schedule {name}{zone}{except} {{\n{}\n}}", lines.join("\n")));
        self.schedules.push(name);
    }

    /// A date from one year, and a time: two of different years never conflict.
    fn moment_in(&mut self, year: usize) -> String {
        let date = format!("{year}-{:02}-{:02}", 1 + self.random.below(12), 1 + self.random.below(28));
        let time = self.time();
        self.dates.push((date.clone(), time.clone()));
        format!("{date} {time}")
    }

    fn rotation(&mut self) {
        let name = self.name("rotation");
        let zone = if self.random.one_in(2) { format!(" in {}", self.random.pick(ZONES)) } else { String::new() };
        let agents = ["agent_a", "agent_b", "agent_c"];
        let mut lines = Vec::new();
        for year in 2026..2027 + self.random.below(3) {
            let from = self.moment_in(year);
            // Days on which it hands over, among others.
            if let Ok(first) = from[..10].parse::<jiff::civil::Date>() {
                for days in [1, 7, 14, 21, 28, 35, 70] {
                    let later = first.saturating_add(jiff::ToSpan::days(days));
                    self.dates.push((later.to_string(), from[11..].to_owned()));
                }
            }
            let turns = ["every day", "every week", "every 10 days", "every 2 weeks", "every month", ""];
            let turns = self.random.pick(&turns).to_owned();
            let count = if turns.is_empty() { 1 } else { 1 + self.random.below(3) };
            let mut named: Vec<&str> = (0..count).map(|_| self.random.pick(&agents)).collect();
            if !turns.is_empty() {
                named.extend(["agent_a", "agent_b"]);
            }
            lines.push(format!("  from {from} {turns} {}", named.join(", ")));
        }
        if self.random.one_in(2) {
            let (from, to) = (self.moment_in(2026), self.moment_in(2027));
            let agent = self.random.pick(&agents);
            lines.push(format!("  from {from} to {to} {agent}"));
        }
        self.line(&format!("rotation {name}{zone} {{\n{}\n}}", lines.join("\n")));
        self.rotations.push(name);
    }

    /// Who a call is routed to.
    fn target(&mut self) -> String {
        match self.rotations.is_empty() || self.random.one_in(2) {
            true => self.random.pick(&["agent_a", "agent_b version 2"]).to_owned(),
            false => self.rotations[self.random.below(self.rotations.len())].clone(),
        }
    }

    fn table(&mut self) {
        let name = self.name("table");
        let schedule = self.schedules.first().cloned();
        let mut keys: Vec<String> =
            (0..1 + self.random.below(6)).map(|_| self.pattern()).filter(|key| !key.contains("..")).collect();
        keys.sort();
        keys.dedup();
        if keys.is_empty() {
            keys.push("+1*".to_owned());
        }
        let hours = if schedule.is_some() { ", hours" } else { "" };
        let rows: Vec<String> = keys
            .iter()
            .map(|key| {
                let owner = match self.rotations.is_empty() || !self.random.one_in(4) {
                    true => self.random.pick(&["agent_a", "agent_b"]).to_owned(),
                    false => self.rotations[self.random.below(self.rotations.len())].clone(),
                };
                let tier = self.random.pick(&["gold", "silver"]);
                let hours = match schedule.is_some() {
                    true => format!(", {}", self.schedules[self.random.below(self.schedules.len())]),
                    false => String::new(),
                };
                format!("  {key}: {owner}, \"{tier}\", {}, {}{hours}", self.random.below(5), self.random.one_in(2))
            })
            .collect();
        self.line(&format!("table {name} (owner, tier, level, vip{hours}) {{\n{}\n}}", rows.join("\n")));
        self.tables.push(name);
    }

    fn party(&mut self) -> &'static str {
        self.random.pick(&["caller", "caller", "dialed", "caller", "dialed", "diverted_from"])
    }

    fn test(&mut self) -> String {
        let is = self.random.pick(&["is", "is not"]);
        let within = self.random.pick(&["in", "not in"]);
        let compare = self.random.pick(&["<", "<=", ">", ">="]);
        if !self.rotations.is_empty() && self.random.one_in(8) {
            let rotation = self.rotations[self.random.below(self.rotations.len())].clone();
            return match self.random.one_in(2) {
                true => format!("{rotation} {is} {}", self.random.pick(&["agent_a", "agent_b", "agent_c"])),
                false => format!("{rotation} {within} [agent_a, agent_b]"),
            };
        }
        match self.random.below(20) {
            0 => format!("{} {is} {}", self.party(), self.number()),
            1 | 2 => format!("{} {within} {}", self.party(), self.number_list()),
            3 if !self.sets.is_empty() => {
                format!("{} {within} {}", self.party(), self.sets[self.random.below(self.sets.len())])
            }
            4 => {
                let party = self.random.pick(&["caller", "caller", "dialed"]);
                format!("{party}.country {within} [{}]", self.random.pick(COUNTRIES))
            }
            5 => {
                let trunk = self.random.pick(&["a", "b", "c"]).to_owned();
                self.trunks.push(trunk.clone());
                format!("trunk {is} \"{trunk}\"")
            }
            6 => format!("time {within} {}", self.window()),
            7 => format!("time {compare} {}", self.time()),
            8 => format!("weekday {within} {}", self.weekdays()),
            9 => format!("date {compare} {}", self.date()),
            10 => format!("day {compare} {}", 1 + self.random.below(31)),
            11 => format!("month {is} {}", self.random.pick(&MONTHS)),
            12 => format!("now {compare} {} 12:00", self.date()),
            13 if !self.schedules.is_empty() => {
                format!(
                    "{} is {}",
                    self.schedules[self.random.below(self.schedules.len())],
                    self.random.pick(&["open", "closed"])
                )
            }
            14 if !self.switches.is_empty() => {
                format!(
                    "{} is {}",
                    self.switches[self.random.below(self.switches.len())],
                    self.random.pick(&["on", "off"])
                )
            }
            16 if !self.attributes.is_empty() => {
                let attribute = self.attributes[self.random.below(self.attributes.len())].0.clone();
                self.text_test(&attribute)
            }
            18 => {
                let party = self.random.pick(&["caller.asserted", "diverted_from"]);
                match self.random.below(3) {
                    0 => format!("{party} {is} none"),
                    1 => format!("{party} {is} {}", self.number()),
                    _ => format!("{party} {within} {}", self.number_list()),
                }
            }
            19 => match self.random.one_in(2) {
                true => format!("attestation {is} {}", self.random.pick(&ATTESTATIONS)),
                false => format!("attestation {within} [{}, A]", self.random.pick(&ATTESTATIONS)),
            },
            17 => {
                let field = self.random.pick(&["trunk", "caller.name"]);
                self.text_test(field)
            }
            15 if !self.conditions.is_empty() => self.conditions[self.random.below(self.conditions.len())].clone(),
            _ if !self.days.is_empty() => format!("date {within} {}", self.days[self.random.below(self.days.len())]),
            _ => format!("caller {is} anonymous"),
        }
    }

    /// A test of a text of the call.
    fn text_test(&mut self, subject: &str) -> String {
        let text = |writer: &mut Self| {
            let text = writer.random.pick(PATTERNS).to_owned();
            writer.trunks.push(text.clone());
            format!("\"{text}\"")
        };
        let operator = self.random.pick(&["is", "is not", "contains", "starts with", "in", "contains", "starts with"]);
        let value = match (operator, self.random.one_in(2)) {
            ("is" | "is not", _) | ("contains" | "starts with", true) => text(self),
            _ => format!("[{}, {}]", text(self), text(self)),
        };
        let test = format!("{subject} {operator} {value}");
        let is_negated = matches!(operator, "contains" | "starts with") && self.random.one_in(4);
        if is_negated { format!("(not {test})") } else { test }
    }

    fn condition(&mut self, depth: usize) -> String {
        if depth > 2 || self.random.one_in(2) {
            let not = if self.random.one_in(6) { "not " } else { "" };
            return format!("{not}{}", self.test());
        }
        let connective = self.random.pick(&[" and ", " or "]);
        let operands: Vec<String> =
            (0..2 + self.random.below(2)).map(|_| format!("({})", self.condition(depth + 1))).collect();
        operands.join(connective)
    }

    fn rule(&mut self, depth: usize) {
        let indent = "  ".repeat(depth);
        match self.random.below(10) {
            0 if !self.tables.is_empty() => {
                self.rows += 1;
                let row = format!("row_{}", self.rows);
                let table = self.tables[self.random.below(self.tables.len())].clone();
                let more = match self.random.below(6) {
                    0 => format!(" and {row}.tier is \"gold\""),
                    1 => format!(" and {row}.level in [1..2, 4]"),
                    2 => format!(" and not ({row}.vip is true)"),
                    3 | 4 if !self.schedules.is_empty() => {
                        format!(" and {row}.hours is {}", self.random.pick(&["open", "closed"]))
                    }
                    _ => String::new(),
                };
                let condition = self.condition(1);
                let party = self.party();
                let end = self.random.pick(&[
                    "route to ROW.owner",
                    "context \"{ROW.tier} {ROW.level} {caller}\"",
                    "metadata { owner: ROW.owner, level: ROW.level }",
                ]);
                let end = end.replace("ROW", &row);
                self.line(&format!(
                    "{indent}when {party} in {table} as {row}{more} and ({condition}) {{\n{indent}  {end}\n{indent}}}"
                ));
            }
            1 => {
                let by = self.random.pick(&["caller", "call"]);
                let (share, name) = (self.random.below(101), self.random.below(3));
                let rest = 100 - share;
                self.line(&format!(
                    "{indent}split \"split {name}\" by {by} {{\n{indent}  {share}% {{ context \"in\" }}\n{indent}  {rest}% {{ route to agent_b }}\n{indent}}}",
                ));
            }
            2 => {
                let effect = self.random.pick(&[
                    "context \"now {now} {weekday} {caller.country}\"",
                    "context \"plain\"",
                    "context \"{caller.name}\"",
                    "context \"{diverted_from} {caller.asserted} {attestation}\"",
                    "metadata { d: diverted_from, e: attestation }",
                    "metadata { a: 1, b: [\"{trunk}\", { c: dialed.country }] }",
                    "metadata { b: null }",
                    "skip pre_conversation_workflow",
                ]);
                let effect = match self.rotations.is_empty() || !self.random.one_in(4) {
                    true => effect.to_owned(),
                    false => {
                        let rotation = self.rotations[self.random.below(self.rotations.len())].clone();
                        self.random
                            .pick(&["context \"{ROTA} is on call\"", "metadata { a: ROTA }"])
                            .replace("ROTA", &rotation)
                    }
                };
                let effect = match self.told() {
                    Some(told) if self.random.one_in(2) => told,
                    Some(_) | None => effect,
                };
                self.line(&format!("{indent}{effect}"));
            }
            3 if depth < 3 => {
                let condition = self.condition(0);
                self.line(&format!("{indent}when {condition} {{"));
                for _ in 0..1 + self.random.below(3) {
                    self.rule(depth + 1);
                }
                self.line(&format!("{indent}}}"));
            }
            _ => {
                let condition = self.condition(0);
                let target = format!("route to {}", self.target());
                let end = self.random.pick(&[
                    target.as_str(),
                    target.as_str(),
                    "reject \"no\"",
                    "fallback",
                    "route to \"cccc\"",
                ]);
                self.names += 1;
                let name = self.names;
                self.line(&format!("{indent}rule \"rule {name}\" when {condition} {{\n{indent}  {end}\n{indent}}}"));
            }
        }
    }
}

impl Sample {
    /// A call on or beside a boundary of the plan.
    pub fn call(&self, random: &mut Random) -> Call {
        let at = match self.instants.is_empty() || random.one_in(4) {
            true => {
                "2026-01-01T00:00:00Z".parse::<Timestamp>().expect("an instant")
                    + SignedDuration::from_secs((random.next() % 150_000_000) as i64)
            }
            false => self.instants[random.below(self.instants.len())],
        };
        // Some lie beyond what was worked out.
        let at = if random.one_in(16) { at + SignedDuration::from_hours(8 * 365 * 24) } else { at };
        let beside = [0, 0, -1, 1, -60, 60, 3600][random.below(7)];
        Call {
            caller_number: if random.one_in(12) { None } else { Some(self.odd_number(random)) },
            trunk_id: self.words(random),
            caller_name: self.words(random),
            caller_asserted: random.one_in(2).then(|| self.odd_number(random)),
            diverted_from: random.one_in(2).then(|| self.odd_number(random)),
            attestation: random.one_in(2).then(|| random.pick(&ATTESTATIONS).to_lowercase()),
            attributes: self
                .headers
                .iter()
                .filter_map(|header| Some((odd_header(header, random), self.words(random)?)))
                .collect(),
            switches: self.switches.iter().filter(|_| random.one_in(2)).cloned().collect(),
            ..Call::new(self.odd_number(random), at + SignedDuration::from_secs(beside))
        }
    }

    /// A text of the plan, or some of them together, in any capitals.
    fn words(&self, random: &mut Random) -> Option<String> {
        let word = |random: &mut Random| self.trunks[random.below(self.trunks.len())].clone();
        Some(match random.below(7) {
            0..=2 => return None,
            3 | 4 => word(random),
            5 => word(random) + &word(random),
            _ => word(random).to_uppercase() + &word(random),
        })
    }

    /// A number, sometimes as an address or as written on paper.
    fn odd_number(&self, random: &mut Random) -> String {
        let number = self.number(random);
        if !random.one_in(3) {
            return number;
        }
        let escaped = number.replace('+', "%2B");
        let (start, end) = number.split_at(number.len().min(3));
        match random.below(10) {
            8 => number.replacen('+', "", 1),
            9 => number.replacen("+44", "0", 1).replacen("+1", "1", 1).replacen('+', "00", 1),
            0 => format!("\"Desk 7\" <sip:{number}@pbx.example:5060;user=phone>;tag={}", random.below(100)),
            1 => format!("sips:{number};x=y@[2001:db8::1]"),
            2 => format!("TEL:{number};phone-context=x"),
            3 => format!("sip:{escaped}:secret@host"),
            4 => format!("{start}/{end}"),
            5 => format!("{start} (0)\u{a0}{end}\u{200b}"),
            6 => format!("'{number}"),
            _ => ["No Caller ID", "0000000000", "null", "sip:@host", "sip:pbx.example", "sip:desk@pbx"]
                [random.below(6)]
            .to_owned(),
        }
    }

    fn number(&self, random: &mut Random) -> String {
        if self.numbers.is_empty() || random.one_in(8) {
            return random
                .pick(&[
                    "+14155550100",
                    "+442079460000",
                    "anonymous",
                    "1001",
                    "5551234",
                    "+1",
                    "+883123",
                    "+18005550100",
                ])
                .to_owned();
        }
        let number = &self.numbers[random.below(self.numbers.len())];
        match (number.strip_prefix('+').and_then(|digits| digits.parse::<u64>().ok()), random.below(6)) {
            (Some(value), 0) if value > 1 => format!("+{}", value - 1),
            (Some(value), 1) if value < 999_999_999_999_999 => format!("+{}", value + 1),
            (Some(value), 2) if value > 9 => format!("+{}", value / 10),
            (Some(value), 3) if value < 99_999_999_999_999 => format!("+{value}0"),
            _ => number.clone(),
        }
    }
}
