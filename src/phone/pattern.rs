//! What a plan writes for one or many numbers: a number, a prefix, a range, `anonymous`, a local
//! number.

use std::cmp::{Ordering, Reverse};
use std::fmt;

use super::number::{Digits, E164, LocalDigits, MAX_DIGITS, Number, NumberError, read_digits, unit};

/// Every E.164 number that starts with these digits, the bare prefix too: `+1415*`. Without digits,
/// `+*`, it is every E.164 number. The order is that of a directory, as numbers have it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Prefix {
    key: u64,
    length: u32,
}

/// The numbers from one to another, both included, all of one length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct NumberRange<N> {
    low: N,
    high: N,
}

/// E.164 numbers: `+14155550100..+14155550199`.
pub type E164Range = NumberRange<E164>;

/// Local numbers of digits alone: `"1000".."1999"`.
pub type LocalRange = NumberRange<LocalDigits>;

/// One entry of a plan's list of numbers, or the key of a table's row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum Pattern {
    /// One E.164 number.
    Number(E164),
    /// See [`Prefix`].
    Prefix(Prefix),
    /// See [`E164Range`].
    Range(E164Range),
    /// A withheld number.
    Anonymous,
    /// One local number, compared as text. A text that [`Number::read`] takes for something else is
    /// met by no call; the caller has seen to it that it does not.
    Local(String),
    /// The local numbers that begin with this text: `"10*"`. Without any, `"*"`, they are all of
    /// them.
    LocalPrefix(String),
    /// See [`LocalRange`].
    LocalRange(LocalRange),
}

/// Why a text is no prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrefixError {
    /// It does not end with `*`.
    NoStar,
    /// What stands before the `*` is wrong as in a number. [`NumberError::NoDigits`] does not come:
    /// `+*` is a prefix.
    Digits(NumberError),
}

/// Why two numbers are no range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeProblem {
    /// The first is above the second; the other way round they are a range.
    Backwards,
    /// The numbers of digits of the first and the second end.
    Lengths(u32, u32),
}

impl Prefix {
    /// Every E.164 number: `+*`.
    pub const ALL: Self = Self { key: 0, length: 0 };

    /// Reads a prefix as a plan may write it: `+1415*`, with dashes between digits dropped.
    pub fn parse(text: &str) -> Result<Self, PrefixError> {
        let digits = text.strip_suffix('*').ok_or(PrefixError::NoStar)?;
        let digits = digits.strip_prefix('+').ok_or(PrefixError::Digits(NumberError::NoPlus))?;
        match read_digits(digits, 1).map_err(PrefixError::Digits)? {
            (_, 0) => Ok(Self::ALL),
            (value, length) => Ok(Self::of(E164::from_value(value, length))),
        }
    }

    /// Every number that starts with the digits of this one.
    pub fn of(number: E164) -> Self {
        Self { key: number.key(), length: number.length() }
    }

    /// How many digits it has, 0 to 15.
    pub fn length(self) -> u32 {
        self.length
    }

    /// The number that is all of the prefix; `+*` has none.
    pub fn number(self) -> Option<E164> {
        (self.length > 0).then(|| E164::from_value(self.key / unit(self.length), self.length))
    }

    /// Whether the number starts so.
    pub fn contains(self, number: E164) -> bool {
        let (low, high) = self.keys();
        number.length() >= self.length && (low..=high).contains(&number.key())
    }

    /// The keys of the numbers in it, lowest and highest; shorter numbers may share the lowest.
    pub(super) fn keys(self) -> (u64, u64) {
        (self.key, self.key + unit(self.length) - 1)
    }
}

impl<N: Digits> NumberRange<N> {
    /// The numbers from `low` to `high`; the same number twice is a range of one.
    pub fn new(low: N, high: N) -> Result<Self, RangeProblem> {
        if low.length() != high.length() {
            return Err(RangeProblem::Lengths(low.length(), high.length()));
        }
        if low > high { Err(RangeProblem::Backwards) } else { Ok(Self { low, high }) }
    }

    /// The first of its numbers.
    pub fn low(self) -> N {
        self.low
    }

    /// The last of its numbers.
    pub fn high(self) -> N {
        self.high
    }

    /// How many numbers it holds, at least one.
    pub fn count(self) -> u64 {
        (self.high.key() - self.low.key()) / unit(self.low.length()) + 1
    }

    /// Whether the number lies in it and has its length.
    fn holds(self, number: N) -> bool {
        number.length() == self.low.length() && (self.low..=self.high).contains(&number)
    }
}

impl E164Range {
    /// Whether the number is one of its numbers.
    pub fn contains(self, number: E164) -> bool {
        self.holds(number)
    }
}

impl LocalRange {
    /// Whether the text is one of its numbers.
    pub fn contains(self, text: &str) -> bool {
        LocalDigits::parse(text).is_some_and(|digits| self.holds(digits))
    }
}

impl Pattern {
    /// Whether the number is one of those written.
    pub fn contains(&self, number: &Number<'_>) -> bool {
        match (self, number) {
            (Self::Number(one), Number::E164(number)) => one == number,
            (Self::Prefix(prefix), Number::E164(number)) => prefix.contains(*number),
            (Self::Range(range), Number::E164(number)) => range.contains(*number),
            (Self::Anonymous, Number::Withheld) => true,
            (Self::Local(text), Number::Local(local)) => text == local,
            (Self::LocalPrefix(prefix), Number::Local(local)) => local.starts_with(prefix),
            (Self::LocalRange(range), Number::Local(local)) => range.contains(local),
            (
                Self::Number(_)
                | Self::Prefix(_)
                | Self::Range(_)
                | Self::Anonymous
                | Self::Local(_)
                | Self::LocalPrefix(_)
                | Self::LocalRange(_),
                Number::E164(_) | Number::Withheld | Number::Local(_),
            ) => false,
        }
    }

    /// Whether it may hold more than one number: a prefix or a range.
    pub fn is_wide(&self) -> bool {
        match self {
            Self::Prefix(_) | Self::Range(_) | Self::LocalPrefix(_) | Self::LocalRange(_) => true,
            Self::Number(_) | Self::Anonymous | Self::Local(_) => false,
        }
    }

    /// The entry in its plainest form: a range of one is that number. Entries that say the same are
    /// then equal.
    pub fn normal(self) -> Self {
        match self {
            Self::Range(range) if range.low == range.high => Self::Number(range.low),
            Self::LocalRange(range) if range.low == range.high => Self::Local(range.low.to_string()),
            Self::Number(_)
            | Self::Prefix(_)
            | Self::Range(_)
            | Self::Anonymous
            | Self::Local(_)
            | Self::LocalPrefix(_)
            | Self::LocalRange(_) => self,
        }
    }

    /// Orders keys that hold the same number: the more specific first. A single one comes before
    /// any range, a narrower range before a wider, any range before any prefix, a longer prefix
    /// before a shorter.
    pub fn cmp_specificity(&self, other: &Self) -> Ordering {
        self.breadth().cmp(&other.breadth())
    }

    fn breadth(&self) -> (u8, u64, Reverse<usize>) {
        match self {
            Self::Number(_) | Self::Anonymous | Self::Local(_) => (0, 0, Reverse(0)),
            Self::Range(range) if range.low == range.high => (0, 0, Reverse(0)),
            Self::LocalRange(range) if range.low == range.high => (0, 0, Reverse(0)),
            Self::Range(range) => (1, range.count(), Reverse(0)),
            Self::LocalRange(range) => (1, range.count(), Reverse(0)),
            Self::Prefix(prefix) => (2, 0, Reverse(prefix.length as usize)),
            Self::LocalPrefix(prefix) => (2, 0, Reverse(prefix.len())),
        }
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number() {
            Some(number) => write!(f, "{number}*"),
            None => f.write_str("+*"),
        }
    }
}

impl fmt::Debug for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for E164Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.low, self.high)
    }
}

/// As a plan writes it; a local number is quoted, with the escapes of a plan's text.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Prefix(prefix) => prefix.fmt(f),
            Self::Range(range) => range.fmt(f),
            Self::Anonymous => f.write_str("anonymous"),
            Self::Local(text) => write_quoted(text, f),
            Self::LocalPrefix(prefix) => write_quoted(&format!("{prefix}*"), f),
            Self::LocalRange(range) => write!(f, "\"{}\"..\"{}\"", range.low, range.high),
        }
    }
}

fn write_quoted(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    use fmt::Write;
    f.write_char('"')?;
    for character in text.chars() {
        match character {
            '"' | '\\' | '{' | '}' => write!(f, "\\{character}")?,
            '\n' => f.write_str("\\n")?,
            '\t' => f.write_str("\\t")?,
            other => f.write_char(other)?,
        }
    }
    f.write_char('"')
}

/// The lengths from this one on, as a mask of bits 1 to 15.
pub(super) fn lengths_from(length: u32) -> u16 {
    debug_assert!(length <= MAX_DIGITS);
    (u16::MAX << length) & !1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> E164 {
        E164::parse(text).unwrap()
    }

    fn prefix(text: &str) -> Prefix {
        Prefix::parse(text).unwrap()
    }

    #[test]
    fn prefixes_are_read_and_shown() {
        for (text, shown) in
            [("+1415*", "+1415*"), ("+1-415*", "+1415*"), ("+*", "+*"), ("+123456789012345*", "+123456789012345*")]
        {
            assert_eq!(prefix(text).to_string(), shown);
        }
        for (text, error) in [
            ("+1415", PrefixError::NoStar),
            ("1415*", PrefixError::Digits(NumberError::NoPlus)),
            ("+0*", PrefixError::Digits(NumberError::FirstDigitZero)),
            ("+1-415-*", PrefixError::Digits(NumberError::DashNotBetweenDigits { at: 6 })),
            ("+1**", PrefixError::Digits(NumberError::StrayCharacter { at: 2, character: '*' })),
            ("+1234567890123456*", PrefixError::Digits(NumberError::TooLong { digits: 16 })),
        ] {
            assert_eq!(Prefix::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn a_prefix_holds_itself_and_longer_numbers() {
        for held in ["+10", "+100", "+109999999999999"] {
            assert!(prefix("+10*").contains(number(held)), "{held}");
        }
        // `+1` and `+10` have the same key.
        for other in ["+1", "+11", "+2"] {
            assert!(!prefix("+10*").contains(number(other)), "{other}");
        }
        assert!(Prefix::ALL.contains(number("+1")) && Prefix::ALL.contains(number("+999999999999999")));
    }

    #[test]
    fn a_range_holds_one_length() {
        let range = E164Range::new(number("+120"), number("+129")).unwrap();
        assert!(range.contains(number("+120")) && range.contains(number("+129")));
        assert!(!range.contains(number("+12")) && !range.contains(number("+1200")) && !range.contains(number("+130")));
        assert_eq!(range.to_string(), "+120..+129");
        assert_eq!(E164Range::new(number("+13"), number("+12")), Err(RangeProblem::Backwards));
        assert_eq!(E164Range::new(number("+13"), number("+122")), Err(RangeProblem::Lengths(2, 3)));
    }

    #[test]
    fn the_more_specific_comes_first() {
        let range = |low, high| Pattern::Range(E164Range::new(number(low), number(high)).unwrap());
        let keys = [
            Pattern::Number(number("+14155550100")),
            range("+14155550100", "+14155550101"),
            range("+14155550000", "+14155559999"),
            Pattern::Prefix(prefix("+1415555010*")),
            Pattern::Prefix(prefix("+1*")),
            Pattern::Prefix(Prefix::ALL),
        ];
        assert!(keys.is_sorted_by(|a, b| a.cmp_specificity(b) == Ordering::Less));
        assert_eq!(range("+12", "+12").normal(), Pattern::Number(number("+12")));
    }

    #[test]
    fn a_local_number_is_shown_as_a_plan_quotes_it() {
        assert_eq!(Pattern::Local("a\"b{c}\\".to_owned()).to_string(), r#""a\"b\{c\}\\""#);
        assert_eq!(Pattern::Anonymous.to_string(), "anonymous");
    }
}
