//! Who calls when nobody says: an ordinary caller, from where the dialed number is, whom the plan
//! does not single out.
//!
//! The choice depends on the plan and the dialed number alone. It starts from the numbers of the
//! dialed number's country and takes away what the plan asks of callers, the narrowest first: whole
//! numbers, short ranges, long prefixes, and so on, as long as somebody is left. (A plan that asks
//! whether the caller is in `+1*` cannot be avoided by an American.) Of what is left it prefers
//! numbers that are set aside for stories, which nobody has.

use crate::call::Call;
use crate::phone::{Country, E164, E164Range, Number, NumberSet, OwnedNumber, Pattern};
use crate::plan::{CheckedPlan, Condition, Party, Question, RowTest};
use jiff::Timestamp;
use std::collections::HashSet;

/// A caller who was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrdinaryCaller {
    /// Who calls.
    pub number: String,
    /// Whether the plan names nothing in which the number lies.
    pub is_unnamed: bool,
}

/// Numbers that are set aside for films and books, by those who number these countries: from one up
/// to another.
#[expect(clippy::inconsistent_digit_grouping, reason = "digits stand together as they are read out")]
const STORIES: &[(&str, &[(u64, u64)])] = &[
    ("US", &[(1_212_555_0100, 1_212_555_0199), (1_312_555_0100, 1_312_555_0199), (1_415_555_0100, 1_415_555_0199)]),
    ("CA", &[(1_416_555_0100, 1_416_555_0199), (1_514_555_0100, 1_514_555_0199), (1_604_555_0100, 1_604_555_0199)]),
    ("GB", &[(44_1632_960000, 44_1632_960999), (44_20_7946_0000, 44_20_7946_0999), (44_7700_900000, 44_7700_900999)]),
    ("IE", &[(353_20_910_0000, 353_20_919_9999)]),
    ("AU", &[(61_2_5550_0000, 61_2_5550_9999), (61_2_7010_0000, 61_2_7010_9999)]),
    ("DE", &[(49_30_23125_000, 49_30_23125_999), (49_69_90009_000, 49_69_90009_999)]),
    ("FR", &[(33_1_99_00_00_00, 33_1_99_00_99_99), (33_3_53_01_00_00, 33_3_53_01_99_99)]),
    ("SE", &[(46_8_465_004_00, 46_8_465_004_99), (46_31_390_06_00, 46_31_390_06_99)]),
];

/// The caller for calls to this number.
pub fn ordinary(plan: &CheckedPlan, dialed: &str) -> OrdinaryCaller {
    let call = Call::new(dialed, Timestamp::UNIX_EPOCH);
    let dialed = match plan.reader().number(&call, Party::Dialed) {
        Some(Number::E164(number)) => Some(number),
        Some(Number::Withheld | Number::Local(_)) | None => None,
    };
    let country = home(dialed);
    let itself = NumberSet::from_patterns(dialed.map(Pattern::Number).iter());
    let mut left = country.map_or_else(NumberSet::universe, dialable).difference(&itself);
    let mut is_unnamed = true;
    for named in NamedNumbers::by(plan).narrowest_first() {
        let without = left.difference(&named);
        is_unnamed &= !without.spans().is_empty();
        if !without.spans().is_empty() {
            left = without;
        }
    }
    let set_aside = stories(country, dialed).find(|number| left.contains(&Number::E164(*number)));
    match set_aside.map(OwnedNumber::E164).or_else(|| left.witness()) {
        Some(OwnedNumber::E164(number)) => OrdinaryCaller { number: number.to_string(), is_unnamed },
        Some(OwnedNumber::Withheld | OwnedNumber::Local(_)) | None => {
            OrdinaryCaller { number: "anonymous".to_owned(), is_unnamed: false }
        }
    }
}

/// The country of the dialed number. Those that belong to none, such as `+1 800`, and local ones
/// are taken as American.
fn home(dialed: Option<E164>) -> Option<Country> {
    dialed.and_then(Country::of_number).or_else(|| Country::parse("US"))
}

/// The numbers of a country that are as long as numbers are.
fn dialable(country: Country) -> NumberSet {
    let numbers = country.numbers();
    let is_of_1 = numbers.spans().first().is_some_and(|span| span.low / 100_000_000_000_000 == 1);
    let lengths = if is_of_1 { 11..=11 } else { 8..=13 };
    let all_of = |digits: u32| E164Range::new(e164(10_u64.pow(digits - 1))?, e164(10_u64.pow(digits) - 1)?).ok();
    let long: Vec<Pattern> = lengths.filter_map(all_of).map(Pattern::Range).collect();
    numbers.intersect(&NumberSet::from_patterns(&long))
}

/// Numbers that nobody has, the nearest first: under the area code of the dialed number, then in
/// well-known places, then under any area code. (All of those below `+1` have such numbers.)
fn stories(country: Option<Country>, dialed: Option<E164>) -> impl Iterator<Item = E164> {
    let of_area = |area: u64| 10_005_550_100 + area * 10_000_000..=10_005_550_199 + area * 10_000_000;
    let near = dialed
        .filter(|number| number.length() == 11)
        .and_then(|number| (number.value() / 10_000_000).checked_sub(1000));
    let near = near.filter(|area| *area < 1000).map(of_area);
    let of_country = STORIES.iter().filter(move |(code, _)| country.is_some_and(|country| country.code() == *code));
    let known = of_country.flat_map(|(_, ranges)| *ranges).map(|(low, high)| *low..=*high);
    near.into_iter().chain(known).chain((201..1000).map(of_area)).flatten().filter_map(e164)
}

fn e164(value: u64) -> Option<E164> {
    E164::parse(&format!("+{value}")).ok()
}

/// What a plan names of callers; and of dialed numbers those that are whole, since nobody calls
/// from a number of ours.
struct NamedNumbers<'p> {
    plan: &'p CheckedPlan,
    /// By how many leading digits they have in common.
    patterns: [Vec<Pattern>; 17],
    /// The sets and tables that were asked of a party; one may be asked for in many places.
    seen: HashSet<(Party, *const ())>,
}

impl<'p> NamedNumbers<'p> {
    fn by(plan: &'p CheckedPlan) -> Self {
        let mut named = Self { plan, patterns: Default::default(), seen: HashSet::new() };
        let tests = plan.every_condition().flat_map(Condition::tests);
        tests.for_each(|test| named.question(&test.question));
        named
    }

    fn narrowest_first(self) -> impl Iterator<Item = NumberSet> {
        self.patterns
            .into_iter()
            .rev()
            .filter(|patterns| !patterns.is_empty())
            .map(|patterns| NumberSet::from_patterns(&patterns))
    }

    fn question(&mut self, question: &'p Question) {
        match question {
            Question::Number(party, set) => {
                if self.is_new(*party, &**set) {
                    set.patterns().iter().for_each(|pattern| self.pattern(*party, pattern));
                }
            }
            Question::Row(slot) => {
                let RowTest { party, table } = self.plan.definitions.row_tests[*slot];
                let table = &self.plan.definitions.tables[table];
                if self.is_new(party, table) {
                    table.patterns.iter().for_each(|pattern| self.pattern(party, pattern));
                }
            }
            Question::Absent(_)
            | Question::Attestation(_)
            | Question::Country(..)
            | Question::Text(..)
            | Question::Time(_)
            | Question::Weekday(_)
            | Question::Day(_)
            | Question::Month(_)
            | Question::Date(_)
            | Question::From(_)
            | Question::Open(_)
            | Question::OnCall(..)
            | Question::Switch(_)
            | Question::Column(..) => {}
        }
    }

    fn is_new<T>(&mut self, party: Party, asked: &T) -> bool {
        self.seen.insert((party, std::ptr::from_ref(asked).cast()))
    }

    fn pattern(&mut self, party: Party, pattern: &Pattern) {
        let digits = match pattern {
            Pattern::Number(_) => 16,
            Pattern::Range(range) => range.low().length() - range.count().ilog10(),
            Pattern::Prefix(prefix) => prefix.length(),
            Pattern::Anonymous | Pattern::Local(_) | Pattern::LocalPrefix(_) | Pattern::LocalRange(_) => return,
        };
        if party == Party::Caller || digits == 16 {
            self.patterns[digits as usize].push(pattern.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Source, check};

    /// Who calls `dialed` under a plan with these statements, with a `!` if the plan names the
    /// caller.
    fn caller(dialed: &str, statements: &str) -> String {
        let source = Source::new("plan", format!("agent a = \"a\"\n{statements}\nroute to a"));
        let report = check(&source, &check::Options::default());
        let plan = report.plan.unwrap_or_else(|| panic!("{:#?}", report.problems));
        let chosen = ordinary(&plan, dialed);
        format!("{}{}", chosen.number, if chosen.is_unnamed { "" } else { "!" })
    }

    #[test]
    fn the_caller_lives_where_the_dialed_number_is() {
        for (dialed, expected) in [
            ("+15035550100", "+15035550101"),
            ("+15035550142", "+15035550100"),
            ("+18005550100", "+12125550100"),
            ("+14165550100", "+14165550101"),
            ("+18765550123", "+18765550100"),
            ("+442079460100", "+441632960000"),
            ("+493023125004", "+493023125000"),
            ("+33199001234", "+33199000000"),
            ("+61255501234", "+61255500000"),
            ("+353209121004", "+353209100000"),
            ("+46846500412", "+46846500400"),
            ("+390612345678", "+39025550100"),
            ("1001", "+12125550100"),
        ] {
            assert_eq!(caller(dialed, ""), expected, "{dialed}");
        }
    }

    #[test]
    fn the_caller_is_nobody_whom_the_plan_names() {
        for (statements, expected) in [
            ("when caller is +15035550101 { reject }", "+15035550102"),
            ("when caller in [+15035550100..+15035550149] { reject }", "+15035550150"),
            ("when caller not in [+15035550*] { reject }", "+12125550100"),
            ("when caller in [+1503*] { reject }", "+12125550100"),
            ("when caller in [+1503*, +1212*, +1312*, +1415*] { reject }", "+12015550100"),
            ("when dialed is +15035550101 { reject }", "+15035550102"),
            ("when dialed in [+1503*] { reject }", "+15035550101"),
            ("table vips (name) { +1503555010*: \"Ann\" }\nwhen caller in vips as vip { reject }", "+15035550110"),
            ("condition ours = caller in [+1503*]\nwhen ours { when not ours { reject } }", "+12125550100"),
        ] {
            assert_eq!(caller("+15035550100", statements), expected, "{statements}");
        }
    }

    #[test]
    fn what_takes_in_a_whole_country_cannot_be_avoided() {
        for (statements, expected) in [
            ("when caller in [+1*] { reject }", "+15035550101!"),
            ("when caller in [+*] { reject }", "+15035550101!"),
            ("when caller in [+1*] { when caller in [+1503*] { reject } }", "+12125550100!"),
            ("when caller in [+1*, +15035550101] { reject }", "+15035550101!"),
            ("when caller.country is US { reject }", "+15035550101"),
        ] {
            assert_eq!(caller("+15035550100", statements), expected, "{statements}");
        }
    }

    #[test]
    fn every_number_set_aside_is_of_its_country() {
        for (code, ranges) in STORIES {
            let numbers = Country::parse(code).map(dialable).expect(code);
            for (low, high) in *ranges {
                let all = E164Range::new(e164(*low).unwrap(), e164(*high).unwrap()).unwrap();
                let all = NumberSet::from_patterns([&Pattern::Range(all)]);
                assert!(all.is_subset(&numbers), "{code} {low}");
            }
        }
    }
}
