//! How a plan reads the numbers of calls: as they come, and those without `+` at home, where the plan
//! says which country that is.

use crate::call::Call;
use crate::fields::Party;
use crate::phone::{Home, HomeRule, LocalReason, Number};

/// How the numbers of calls are read: the plan's `country` lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Reader {
    /// On the trunks that have no line of their own.
    everywhere: Option<Home>,
    trunks: Vec<(String, Home)>,
}

/// A number of a call as a plan reads it, and how it came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberReading<'c> {
    /// What the plan sees.
    pub number: Number<'c>,
    /// Where digits without `+` were at home, and the rule by which they were read, or why they
    /// stayed local. `None` for all that is not digits, and where nothing says where home is.
    pub at_home: Option<(Home, Result<HomeRule, LocalReason>)>,
}

/// What a number of a call was read as, to be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReadAs {
    /// It came with its `+`.
    E164,
    /// It was withheld.
    Withheld,
    /// Digits without `+`, read by this rule.
    AtHome(HomeRule),
    /// Digits without `+` that stayed a local number.
    Digits,
    /// Any other local number.
    Local,
}

impl ReadAs {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::E164,
        Self::AtHome(HomeRule::International),
        Self::AtHome(HomeRule::NationalPrefix),
        Self::AtHome(HomeRule::HomeCode),
        Self::AtHome(HomeRule::National),
        Self::AtHome(HomeRule::OtherCode),
        Self::Digits,
        Self::Local,
        Self::Withheld,
    ];

    /// The name in counts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::E164 => "e164",
            Self::Withheld => "withheld",
            Self::AtHome(rule) => rule.name(),
            Self::Digits => "local_digits",
            Self::Local => "local",
        }
    }

    /// What people are told.
    pub const fn words(self) -> &'static str {
        match self {
            Self::E164 => "with `+`",
            Self::Withheld => "withheld",
            Self::AtHome(HomeRule::International) => "read by the international prefix",
            Self::AtHome(HomeRule::NationalPrefix) => "read by the national prefix",
            Self::AtHome(HomeRule::HomeCode) => "read by the country's own code",
            Self::AtHome(HomeRule::National) => "read as a national number",
            Self::AtHome(HomeRule::OtherCode) => "read by another country's code",
            Self::Digits => "local: digits without `+`",
            Self::Local => "local",
        }
    }
}

impl NumberReading<'_> {
    /// What it was read as.
    pub fn read_as(&self) -> ReadAs {
        match (self.at_home, self.number) {
            (Some((_, Ok(rule))), _) => ReadAs::AtHome(rule),
            (_, Number::E164(_)) => ReadAs::E164,
            (_, Number::Withheld) => ReadAs::Withheld,
            (_, Number::Local(_)) if self.number.is_digits_without_plus() => ReadAs::Digits,
            (_, Number::Local(_)) => ReadAs::Local,
        }
    }

    /// What is worth knowing about how the number of this name was read; `came` is the text of the call.
    pub(crate) fn note(&self, name: &str, came: &str) -> Option<String> {
        let shown = self.number.normal_form();
        let came = Number::read(came);
        let came = came.normal_form();
        Some(match self.at_home {
            Some((Home::Any, Ok(_))) => {
                format!("`{name}` is `{shown}`: `{came}` was read as a country's code, and its number")
            }
            Some((home, Ok(rule))) => {
                format!("`{name}` is `{shown}`: `{came}` was read at home in {home}, as {}", rule.words())
            }
            Some((home, Err(LocalReason::TwoReadings(one, other)))) => format!(
                "`{name}` is `{shown}`, a local number compared as text: in {home} it may be {}, or {}",
                one.words(),
                other.words()
            ),
            Some((home, Err(LocalReason::Short))) => format!(
                "`{name}` is `{shown}`, a local number compared as text: in {home}, fewer than seven digits are no whole number"
            ),
            Some((Home::Any, Err(LocalReason::Unread))) => format!(
                "`{name}` is `{shown}`, a local number compared as text: it begins with the code of no country, or no number is so long"
            ),
            Some((home, Err(LocalReason::Unread))) => format!(
                "`{name}` is `{shown}`, a local number compared as text: no rule reads it as a number in {home}"
            ),
            None if self.number.is_digits_without_plus() => format!(
                "`{name}` is `{shown}`: digits without `+` are a local number, compared as text; no country is guessed, and no line such as `country GB` says which it is"
            ),
            None => return None,
        })
    }
}

impl Reader {
    /// Adds a line. `false` if there is one for this trunk already.
    pub(crate) fn add(&mut self, trunk: Option<&str>, home: Home) -> bool {
        if self.home_line(trunk).is_some() {
            return false;
        }
        match trunk {
            Some(trunk) => self.trunks.push((trunk.to_owned(), home)),
            None => self.everywhere = Some(home),
        }
        true
    }

    /// The line for this trunk, or for all others.
    pub fn home_line(&self, trunk: Option<&str>) -> Option<Home> {
        match trunk {
            Some(trunk) => self.trunks.iter().find(|(known, _)| known == trunk).map(|(_, home)| *home),
            None => self.everywhere,
        }
    }

    /// Whether numbers are read as they come, on every trunk.
    #[inline]
    pub fn is_plain(&self) -> bool {
        self.everywhere.is_none() && self.trunks.is_empty()
    }

    /// Where the numbers of calls on this trunk are at home.
    pub fn home(&self, trunk: Option<&str>) -> Option<Home> {
        self.home_line(Some(trunk.unwrap_or_default())).or(self.everywhere)
    }

    /// Each home of a line.
    pub fn homes(&self) -> impl Iterator<Item = Home> + '_ {
        self.everywhere.into_iter().chain(self.trunks.iter().map(|(_, home)| *home))
    }

    /// The trunks that have a line of their own.
    pub fn trunks(&self) -> impl Iterator<Item = &str> {
        self.trunks.iter().map(|(trunk, _)| trunk.as_str())
    }

    /// The number of a party as the plan sees it; `None` where the call has none.
    pub fn number<'c>(&self, call: &'c Call, party: Party) -> Option<Number<'c>> {
        let text = call.number(party)?;
        Some(match self.is_plain() {
            true => Number::read(text),
            false => self.read(call, text).number,
        })
    }

    /// The same, and how it came about.
    pub fn reading<'c>(&self, call: &'c Call, party: Party) -> Option<NumberReading<'c>> {
        Some(self.read(call, call.number(party)?))
    }

    fn read<'c>(&self, call: &Call, text: &'c str) -> NumberReading<'c> {
        let number = Number::read(text);
        match number {
            Number::Local(local) => read_at_home(local, self.home(call.trunk_id.as_deref())),
            Number::E164(_) | Number::Withheld => NumberReading { number, at_home: None },
        }
    }

    /// What a local text is read as, on whichever trunk it comes: a number that the text can never
    /// be, as it is always read. `None` where it stays local on some trunk.
    pub(crate) fn always_read(&self, text: &str) -> Option<Number<'static>> {
        let everywhere = self.everywhere?;
        let read = |home: Home| match read_at_home(text, Some(home)) {
            NumberReading { number: Number::E164(number), .. } => Some(Number::E164(number)),
            NumberReading { number: Number::Withheld, .. } => Some(Number::Withheld),
            NumberReading { number: Number::Local(_), .. } => None,
        };
        let first = read(everywhere)?;
        self.trunks.iter().all(|(_, home)| read(*home).is_some()).then_some(first)
    }

    /// Whether a local text is read as another number on some trunk.
    pub(crate) fn may_read(&self, text: &str) -> bool {
        self.homes().any(|home| !matches!(read_at_home(text, Some(home)).number, Number::Local(_)))
    }
}

/// What is read of a local text.
fn read_at_home(local: &str, home: Option<Home>) -> NumberReading<'_> {
    let stays = NumberReading { number: Number::Local(local), at_home: None };
    let Some(home) = home else { return stays };
    let Some(read) = Number::Local(local).read_at_home(home) else { return stays };
    match read {
        Ok((number, rule)) => NumberReading { number, at_home: Some((home, Ok(rule))) },
        Err(reason) => NumberReading { at_home: Some((home, Err(reason))), ..stays },
    }
}
