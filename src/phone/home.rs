//! Numbers without `+`, read at home: by what is dialed in a country before its numbers, and by which
//! numbers are in use.
//!
//! The rules are the language reference's, "Numbers without `+`". Nothing here allocates, and no
//! regular expression is run: the tables are digits and lengths.

use std::sync::LazyLock;

use super::calling_codes::{DigitCounts, calling_code_lengths};
use super::country::Country;
use super::home_table::{BRANCHES, DIALING, FIRST_BRANCH, LEAVES, ROOTS};
use super::number::{E164, MAX_DIGITS};

/// What is dialed in a country.
pub(super) struct Dialing {
    pub country: &'static str,
    /// Its calling code.
    pub code: u16,
    /// What is dialed before a national number; empty where nothing is.
    pub national: &'static str,
    /// What is dialed before a calling code, the shortest first. `x` is any digit, and `[…]` one of
    /// some.
    pub international: &'static [&'static str],
    /// What may stand before a national number, the shortest first.
    pub rewrites: &'static [Rewrite],
}

/// What may stand before a national number, and what it becomes: `before` and `after` are dropped,
/// `kept` is kept, and `insert` comes first.
pub(super) struct Rewrite {
    pub before: &'static str,
    pub kept: &'static str,
    pub after: &'static str,
    pub insert: &'static str,
}

impl Rewrite {
    /// A prefix that is dropped.
    pub const fn prefix(before: &'static str) -> Self {
        Self { before, kept: "", after: "", insert: "" }
    }
}

/// Maximum number of digits that are read: those of a number, and a prefix before it.
pub(super) const MAX_DIGITS_AT_HOME: usize = 32;

/// Fewest digits of a number where a national prefix tells numbers from extensions.
const LEAST_DIGITS: usize = 7;

/// Where the numbers without `+` of a call are at home.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Home {
    /// In this country.
    Country(Country),
    /// Each begins with the calling code of its own country.
    Any,
}

/// The rule by which digits without `+` were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HomeRule {
    /// The prefix of international calls, a calling code, and its number: `00 44 20 7946 0123`.
    International,
    /// The national prefix, and a national number: `020 7946 0123`.
    NationalPrefix,
    /// The home country's calling code, and a national number: `44 20 7946 0123`.
    HomeCode,
    /// A national number alone: `20 7946 0123`.
    National,
    /// Another country's calling code, and its number: `49 30 123456`.
    OtherCode,
}

impl HomeRule {
    /// All of them, in the order in which they are tried.
    pub const ALL: [Self; 5] =
        [Self::International, Self::NationalPrefix, Self::HomeCode, Self::National, Self::OtherCode];

    /// The name of the rule in counts and answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::International => "international_prefix",
            Self::NationalPrefix => "national_prefix",
            Self::HomeCode => "home_code",
            Self::National => "national_number",
            Self::OtherCode => "other_code",
        }
    }

    /// What the rule takes the digits for.
    pub const fn words(self) -> &'static str {
        match self {
            Self::International => "the prefix of international calls, and a number of any country",
            Self::NationalPrefix => "the national prefix, and a national number",
            Self::HomeCode => "the country's own code, and a national number",
            Self::National => "a national number alone",
            Self::OtherCode => "another country's code, and its number",
        }
    }
}

/// Why digits without `+` stayed a local number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LocalReason {
    /// They are fewer than any number has with its prefix: an extension.
    Short,
    /// No rule reads them.
    Unread,
    /// Two rules read two numbers, and neither is certain.
    TwoReadings(HomeRule, HomeRule),
}

impl Home {
    /// Reads digits, each 0 to 9.
    pub fn read(self, digits: &[u8]) -> Result<(E164, HomeRule), LocalReason> {
        if digits.len() > MAX_DIGITS_AT_HOME {
            return Err(LocalReason::Unread);
        }
        match self {
            Self::Any => {
                let read = abroad(digits, in_use).or_else(|| abroad(digits, is_possible));
                read.map(|number| (number, HomeRule::OtherCode)).ok_or(LocalReason::Unread)
            }
            // A country of which no numbers are known reads none.
            Self::Country(country) => match HomeCountry::of(country) {
                Some(home) => HomeDigits { home, digits }.read(),
                None => Err(LocalReason::Unread),
            },
        }
    }

    /// Whether digits are read as another number.
    pub fn reads(self, digits: &str) -> bool {
        super::Number::Local(digits).read_at_home(self).is_some_and(|read| read.is_ok())
    }

    /// Whether anything is known of how numbers are dialed there.
    pub fn is_known(self) -> bool {
        match self {
            Self::Any => true,
            Self::Country(country) => HomeCountry::of(country).is_some(),
        }
    }
}

impl std::fmt::Display for Home {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Country(country) => f.write_str(country.code()),
            Self::Any => f.write_str("any"),
        }
    }
}

/// Whether a number is one, by its calling code's digits, the code itself and the national number.
type Judge = fn(usize, &[u8]) -> bool;

/// What is known of a country in which numbers are at home.
struct HomeCountry {
    dialing: &'static Dialing,
    /// The place of its calling code in [`ROOTS`].
    code: usize,
    /// How long its numbers may be, where that is known.
    lengths: Option<DigitCounts>,
    /// Whether a national prefix tells its numbers from extensions: one that is not its code, too.
    has_extensions: bool,
}

impl HomeCountry {
    fn of(country: Country) -> Option<&'static Self> {
        /// By [`Country::index`].
        static KNOWN: LazyLock<Vec<Option<HomeCountry>>> =
            LazyLock::new(|| Country::all().map(HomeCountry::from_tables).collect());
        KNOWN[country.index()].as_ref()
    }

    fn from_tables(country: Country) -> Option<Self> {
        let at = DIALING.binary_search_by(|dialing| dialing.country.cmp(country.code())).ok()?;
        let dialing = &DIALING[at];
        Some(Self {
            dialing,
            code: place_of(dialing.code)?,
            lengths: DigitCounts::of_country(country),
            has_extensions: !dialing.national.is_empty() && dialing.national != dialing.code.to_string(),
        })
    }
}

/// The digits of a call, at home.
struct HomeDigits<'d> {
    home: &'static HomeCountry,
    digits: &'d [u8],
}

impl HomeDigits<'_> {
    fn read(&self) -> Result<(E164, HomeRule), LocalReason> {
        let is_short = self.home.has_extensions && self.digits.len() < LEAST_DIGITS;
        let international = || Some((self.international(in_use)?, HomeRule::International));
        let with_prefix = || Some((self.national_prefix(in_use)?, HomeRule::NationalPrefix));
        let with_code = || Some((self.home_code(in_use)?, HomeRule::HomeCode));
        if let Some(read) = international() {
            return Ok(read);
        }
        if is_short {
            return Err(LocalReason::Short);
        }
        let alone = self.home(self.digits, in_use);
        if let Some((number, rule)) = with_prefix().or_else(with_code) {
            return match alone {
                Some(other) if other != number && !self.is_written_with_prefix() => {
                    Err(LocalReason::TwoReadings(rule, HomeRule::National))
                }
                Some(_) | None => Ok((number, rule)),
            };
        }
        let other = self.other_code();
        if let Some(number) = alone {
            return match other {
                Some(_) if self.is_written_with_prefix() => {
                    Err(LocalReason::TwoReadings(HomeRule::National, HomeRule::OtherCode))
                }
                Some(_) | None => Ok((number, HomeRule::National)),
            };
        }
        let by_length = || {
            let international = || Some((self.international(is_possible)?, HomeRule::International));
            let with_prefix = || Some((self.national_prefix(is_possible)?, HomeRule::NationalPrefix));
            let with_code = || Some((self.home_code(is_possible)?, HomeRule::HomeCode));
            international().or_else(with_prefix).or_else(with_code)
        };
        let other = other.map(|number| (number, HomeRule::OtherCode));
        other.or_else(by_length).ok_or(LocalReason::Unread)
    }

    fn international(&self, judge: Judge) -> Option<E164> {
        let after = |prefix: &&str| abroad(after(self.digits, prefix)?, judge);
        self.home.dialing.international.iter().find_map(after)
    }

    fn national_prefix(&self, judge: Judge) -> Option<E164> {
        self.home.dialing.rewrites.iter().find_map(|rewrite| {
            let rest = after(self.digits, rewrite.before)?;
            if rewrite.kept.is_empty() && rewrite.insert.is_empty() {
                return self.home(rest, judge);
            }
            let after_kept = after(rest, rewrite.kept)?;
            let end = after(after_kept, rewrite.after)?;
            let kept = &rest[..rest.len() - after_kept.len()];
            let inserted = rewrite.insert.bytes().map(|digit| digit - b'0');
            let (mut room, mut length) = ([0; MAX_DIGITS_AT_HOME], 0);
            for digit in inserted.chain(kept.iter().copied()).chain(end.iter().copied()) {
                *room.get_mut(length)? = digit;
                length += 1;
            }
            self.home(&room[..length], judge)
        })
    }

    fn home_code(&self, judge: Judge) -> Option<E164> {
        let (length, code) = code_of(self.digits)?;
        if code == self.home.code { self.home(&self.digits[length..], judge) } else { None }
    }

    /// The number of another calling code than the home country's.
    fn other_code(&self) -> Option<E164> {
        let (_, code) = code_of(self.digits)?;
        if code == self.home.code { None } else { abroad(self.digits, in_use) }
    }

    /// A national number of the home country. What only its neighbours behind the same code have, by
    /// its length, is none.
    fn home(&self, national: &[u8], judge: Judge) -> Option<E164> {
        if !judge(self.home.code, national) {
            return None;
        }
        let number = number(self.home.dialing.code, national)?;
        self.home.lengths.is_none_or(|lengths| lengths.contains(number.length())).then_some(number)
    }

    /// Whether all digits, which are a national number, are written with the national prefix.
    fn is_written_with_prefix(&self) -> bool {
        known(ROOTS[self.home.code].1, self.digits).1
    }
}

/// The place of a calling code in [`ROOTS`].
fn place_of(code: u16) -> Option<usize> {
    const NONE: u8 = u8::MAX;
    /// By the code, which has at most three digits.
    static PLACES: [u8; 1000] = {
        assert!(ROOTS.len() < NONE as usize);
        let mut places = [NONE; 1000];
        let mut at = 0;
        while at < ROOTS.len() {
            places[ROOTS[at].0 as usize] = at as u8;
            at += 1;
        }
        places
    };
    let place = *PLACES.get(usize::from(code))?;
    (place != NONE).then_some(usize::from(place))
}

/// A number that begins with its calling code.
fn abroad(digits: &[u8], judge: Judge) -> Option<E164> {
    let (length, code) = code_of(digits)?;
    let national = &digits[length..];
    if judge(code, national) { number(ROOTS[code].0, national) } else { None }
}

/// How many digits the calling code at the start has, and its place in the table. No code begins
/// another.
fn code_of(digits: &[u8]) -> Option<(usize, usize)> {
    let mut code = 0;
    for (at, digit) in digits.iter().take(3).take_while(|_| digits[0] != 0).enumerate() {
        code = code * 10 + u16::from(*digit);
        if let Some(place) = place_of(code) {
            return Some((at + 1, place));
        }
    }
    None
}

/// Whether numbers of this code and these digits are in use.
fn in_use(code: usize, national: &[u8]) -> bool {
    known(ROOTS[code].1, national).0
}

/// Whether numbers of this code may be as long.
fn is_possible(code: usize, national: &[u8]) -> bool {
    let code = ROOTS[code].0;
    let length = national.len() as u32 + digits_of(code);
    calling_code_lengths(code).is_some_and(|counts| counts.contains(length))
}

/// Whether a national number is in use, and whether it is written with the national prefix.
fn known(root: u16, national: &[u8]) -> (bool, bool) {
    let mut node = root;
    let mut rest = national;
    loop {
        let Some(branch) = node.checked_sub(FIRST_BRANCH) else {
            let (used, written) = LEAVES[usize::from(node)];
            let bit = |lengths: u16| rest.len() < 16 && lengths >> rest.len() & 1 == 1;
            return (bit(used), bit(written));
        };
        let (own, children) = &BRANCHES[usize::from(branch)];
        let Some((digit, after)) = rest.split_first() else { return (own & 1 == 1, own & 2 == 2) };
        node = children[usize::from(*digit)];
        rest = after;
    }
}

fn number(code: u16, national: &[u8]) -> Option<E164> {
    let (mut value, mut length) = (u64::from(code), digits_of(code));
    for digit in national {
        if length == MAX_DIGITS {
            return None;
        }
        value = value * 10 + u64::from(*digit);
        length += 1;
    }
    Some(E164::from_value(value, length))
}

/// How many digits a code has.
fn digits_of(code: u16) -> u32 {
    match code {
        0..10 => 1,
        10..100 => 2,
        _ => 3,
    }
}

/// What follows a prefix, in which `x` is any digit, and `[…]` one of some.
fn after<'d>(digits: &'d [u8], prefix: &str) -> Option<&'d [u8]> {
    let mut rest = digits;
    let mut pattern = prefix.as_bytes();
    while let [first, after @ ..] = pattern {
        let (digit, left) = rest.split_first()?;
        let character = b'0' + digit;
        pattern = match first {
            b'x' => after,
            b'[' => {
                let end = after.iter().position(|byte| *byte == b']')?;
                if !after[..end].contains(&character) {
                    return None;
                }
                &after[end + 1..]
            }
            _ if *first == character => after,
            _ => return None,
        };
        rest = left;
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(home: &str, digits: &str) -> String {
        let home = match home {
            "any" => Home::Any,
            code => Home::Country(Country::parse(code).unwrap()),
        };
        let digits: Vec<u8> = digits.bytes().map(|digit| digit - b'0').collect();
        match home.read(&digits) {
            Ok((number, rule)) => format!("{number} {}", rule.name()),
            Err(LocalReason::TwoReadings(one, other)) => format!("{} or {}", one.name(), other.name()),
            Err(reason) => format!("{reason:?}"),
        }
    }

    #[test]
    fn numbers_are_read_at_home() {
        for (home, digits, expected) in [
            ("GB", "02079460123", "+442079460123 national_prefix"),
            ("GB", "00442079460123", "+442079460123 international_prefix"),
            ("GB", "442079460123", "+442079460123 home_code"),
            ("GB", "2079460123", "+442079460123 national_number"),
            ("GB", "0014155550100", "+14155550100 international_prefix"),
            ("GB", "14155550100", "+14155550100 other_code"),
            ("GB", "112", "Short"),
            ("GB", "911", "Short"),
            ("GB", "1001", "Short"),
            ("GB", "02", "Short"),
            ("GB", "0207946", "Unread"),
            ("GB", "0207946012", "+44207946012 national_prefix"),
            ("US", "2125550100", "+12125550100 national_number"),
            ("US", "12125550100", "+12125550100 national_prefix"),
            ("US", "011442079460123", "+442079460123 international_prefix"),
            ("US", "442079460123", "+442079460123 other_code"),
            ("US", "1001", "Unread"),
            ("US", "3101234", "Unread"),
            ("CA", "3101234", "+13101234 national_number"),
            ("FR", "0123456789", "+33123456789 national_prefix"),
            ("DE", "030123456", "+4930123456 national_prefix"),
            ("IT", "0612345678", "+390612345678 national_number"),
            ("IT", "390612345678", "+390612345678 home_code"),
            ("AR", "0111523456789", "+5491123456789 national_prefix"),
            ("BR", "0211123456789", "+551123456789 national_prefix"),
            ("RU", "84951234567", "+74951234567 national_prefix"),
            ("RU", "810442079460123", "+442079460123 international_prefix"),
            ("any", "442079460123", "+442079460123 other_code"),
            ("any", "493023125117", "+493023125117 other_code"),
            ("any", "02079460123", "Unread"),
        ] {
            assert_eq!(read(home, digits), expected, "{home} {digits}");
        }
    }

    #[test]
    fn the_tables_are_sorted_and_whole() {
        assert!(DIALING.is_sorted_by(|one, other| one.country < other.country));
        assert!(ROOTS.is_sorted_by(|one, other| one.0 < other.0));
        assert!(LEAVES.len() <= usize::from(FIRST_BRANCH));
        let last = usize::from(FIRST_BRANCH) + BRANCHES.len();
        let is_there = |node: u16| usize::from(node) < LEAVES.len() || (FIRST_BRANCH..last as u16).contains(&node);
        assert!(ROOTS.iter().all(|(_, root)| is_there(*root)));
        // Each branch leads to earlier ones alone, so every walk ends.
        for (at, (_, children)) in BRANCHES.iter().enumerate() {
            let own = usize::from(FIRST_BRANCH) + at;
            assert!(children.iter().all(|child| is_there(*child) && usize::from(*child) < own), "{at}");
        }
        for dialing in DIALING {
            assert!(Country::parse(dialing.country).is_some(), "{}", dialing.country);
            assert!(ROOTS.iter().any(|(code, _)| *code == dialing.code), "{}", dialing.country);
        }
    }

    proptest! {
        #[test]
        fn any_digits_are_read_everywhere(digits in prop::collection::vec(0..10_u8, 0..40), at in 0..DIALING.len()) {
            for home in [Home::Any, Home::Country(Country::parse(DIALING[at].country).unwrap())] {
                if let Ok((number, _)) = home.read(&digits) {
                    prop_assert!(number.length() <= MAX_DIGITS);
                    // What was read is the end of what came, but for what was put in.
                    let text: String = digits.iter().map(|digit| char::from(b'0' + digit)).collect();
                    let last = number.value().to_string();
                    prop_assert!(text.ends_with(&last[last.len() - 3..]), "{} is {}", text, number);
                }
            }
        }
    }
}
