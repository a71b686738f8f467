//! Time zones: found by name in the bundled database, and read both ways between instants and local
//! clocks.

use super::zone_names::{self, ZoneProblem};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use std::fmt;
use std::hash::{Hash, Hasher};

/// A time zone of the bundled IANA database, so that a release reads the same clocks on every
/// machine.
///
/// Two zones are equal when their names are: `Asia/Calcutta` is not `Asia/Kolkata`, though their
/// clocks agree.
#[derive(Clone)]
pub struct Zone {
    clock: TimeZone,
}

impl Zone {
    /// Coordinated Universal Time.
    pub const UTC: Self = Self { clock: TimeZone::UTC };

    /// The names of all zones, in order.
    pub fn names() -> impl Iterator<Item = &'static str> {
        zone_names::all()
    }

    /// The zone of exactly this name, upper and lower case as the database writes it. A name of a
    /// fixed offset is refused even where the database has it: it is nearly always meant to follow
    /// summer time, and does not. `UTC` and `GMT`, with their other names, are what they say and
    /// are found.
    pub fn find(name: &str) -> Result<Self, ZoneProblem> {
        if let Some(suggestion) = zone_names::fixed_offset(name) {
            return Err(ZoneProblem::FixedOffset { suggestion });
        }
        // The database ignores case; a plan does not.
        let found = TimeZoneDatabase::bundled().get(name).ok().filter(|clock| clock.iana_name() == Some(name));
        match found {
            Some(clock) if zone_names::is_a_place(name) => Ok(Self { clock }),
            _ => Err(ZoneProblem::Misspelled { nearest: zone_names::nearest(name) }),
        }
    }

    /// The zone of a name that [`Zone::name`] gave.
    pub(crate) fn kept(name: &str) -> Option<Self> {
        match name {
            "UTC" => Some(Self::UTC),
            name => TimeZoneDatabase::bundled().get(name).ok().map(|clock| Self { clock }),
        }
    }

    /// As the database writes it.
    pub fn name(&self) -> &str {
        self.clock.iana_name().unwrap_or("UTC")
    }

    /// What the zone's clock shows at an instant, to the minute: at 12:00:59 it is 12:00.
    pub fn read(&self, instant: Timestamp) -> Moment {
        Moment::floor(self.clock.to_datetime(instant))
    }

    /// The first instant at which the zone's clock shows `moment`; an error where it skips it. A
    /// moment so near the end of the calendar that no instant can be written is held at the last
    /// instant, or the first.
    pub fn instant(&self, moment: Moment) -> Result<Timestamp, SkippedMoment> {
        let shown = self.clock.to_ambiguous_timestamp(moment.datetime());
        match shown.offset() {
            AmbiguousOffset::Gap { .. } => Err(SkippedMoment { first_after: self.first_after(moment) }),
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => {
                let end = if moment.date.year() < 0 { Timestamp::MIN } else { Timestamp::MAX };
                Ok(shown.earlier().unwrap_or(end))
            }
        }
    }

    /// Every instant at which the zone's clock shows `moment`: none, one or two, in order.
    pub fn instants(&self, moment: Moment) -> impl Iterator<Item = Timestamp> + use<> {
        let shown = self.clock.to_ambiguous_timestamp(moment.datetime());
        let (first, second) = match shown.offset() {
            AmbiguousOffset::Gap { .. } => (None, None),
            AmbiguousOffset::Unambiguous { .. } => (shown.earlier().ok(), None),
            AmbiguousOffset::Fold { .. } => (shown.earlier().ok(), shown.later().ok()),
        };
        first.into_iter().chain(second)
    }

    /// Each instant after `from` and before `to` from which the zone's clock differs from UTC by
    /// another amount, with that amount in seconds, east positive.
    pub fn clock_changes(&self, from: Timestamp, to: Timestamp) -> impl Iterator<Item = (Timestamp, i32)> {
        let mut offset = self.offset_seconds(from);
        let transitions =
            self.clock.following(from).map(|transition| (transition.timestamp(), transition.offset().seconds()));
        // The database also lists changes of a zone's letters alone, which no clock shows.
        transitions
            .take_while(move |(at, _)| *at < to)
            .filter(move |(_, new)| std::mem::replace(&mut offset, *new) != *new)
    }

    /// The days that the clock shows from one instant to another, and the one before: a clock that is
    /// put back can show it again.
    pub(crate) fn days_between(&self, from: Timestamp, until: Timestamp) -> impl Iterator<Item = Date> + use<> {
        let (first, last) = (self.read(from).date, self.read(until).date);
        let first = first.yesterday().unwrap_or(first);
        std::iter::successors(Some(first), |date| date.tomorrow().ok()).take_while(move |date| *date <= last)
    }

    /// Seconds to add to UTC to read this zone's clock at an instant.
    pub(super) fn offset_seconds(&self, instant: Timestamp) -> i32 {
        self.clock.to_offset(instant).seconds()
    }

    /// What the clock shows when it has jumped over `moment`, which it skips.
    fn first_after(&self, moment: Moment) -> Moment {
        let before_the_jump = self.clock.to_ambiguous_timestamp(moment.datetime()).earlier().unwrap_or(Timestamp::MIN);
        match self.clock.following(before_the_jump).next() {
            Some(jump) => Moment::ceil(self.clock.to_datetime(jump.timestamp())),
            None => moment,
        }
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Zone {}

impl Hash for Zone {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name().hash(state);
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name())
    }
}

/// A zone as its name, for what is kept of it.
pub(super) mod by_name {
    use super::Zone;
    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::{Serialize, Serializer};

    pub fn serialize<S: Serializer>(zone: &Zone, serializer: S) -> Result<S::Ok, S::Error> {
        zone.name().serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Zone, D::Error> {
        let name = String::deserialize(deserializer)?;
        Zone::kept(&name).ok_or_else(|| D::Error::custom("there is no such zone"))
    }
}

/// What a clock on the wall shows, to the minute, with the calendar beside it. It belongs to no
/// zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// The day.
    pub date: Date,
    /// The minute of the day, from 0 to 1439.
    pub minute: u16,
}

impl Moment {
    /// The date's day of the week.
    pub fn weekday(self) -> Weekday {
        self.date.weekday()
    }

    /// On the minute.
    pub fn datetime(self) -> DateTime {
        self.date.at((self.minute / 60) as i8, (self.minute % 60) as i8, 0, 0)
    }

    fn floor(shown: DateTime) -> Self {
        Self { date: shown.date(), minute: shown.hour() as u16 * 60 + shown.minute() as u16 }
    }

    /// Old clocks were off by odd seconds, so one may land within a minute; its first whole minute
    /// is then the next.
    fn ceil(shown: DateTime) -> Self {
        let on_the_minute = shown.second() == 0 && shown.subsec_nanosecond() == 0;
        let late = if on_the_minute { 0 } else { 60 - i64::from(shown.second()) };
        Self::floor(shown.saturating_add(jiff::SignedDuration::from_secs(late)))
    }
}

/// A moment that the clock of a zone skips.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SkippedMoment {
    /// The first moment that it shows after the jump.
    pub first_after: Moment,
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn zone(name: &str) -> Zone {
        Zone::find(name).unwrap()
    }

    fn moment(date: Date, hour: u16, minute: u16) -> Moment {
        Moment { date, minute: hour * 60 + minute }
    }

    fn instant(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn reads_to_the_minute() {
        let read = zone("Asia/Kathmandu").read(instant("2026-03-01T06:15:59.9Z"));
        assert_eq!(read, moment(date(2026, 3, 1), 12, 0));
        assert_eq!(read.weekday(), Weekday::Sunday);
        let before_1970 = Zone::UTC.read(instant("1969-12-31T23:59:59.5Z"));
        assert_eq!(before_1970, moment(date(1969, 12, 31), 23, 59));
    }

    #[test]
    fn a_moment_shown_twice_is_the_first() {
        let shown = zone("America/New_York").instant(moment(date(2026, 11, 1), 1, 30));
        assert_eq!(shown, Ok(instant("2026-11-01T05:30:00Z")));
    }

    #[test]
    fn a_skipped_moment_names_the_first_after_it() {
        let skipped = |zone_name, at| zone(zone_name).instant(at).unwrap_err().first_after;
        assert_eq!(skipped("America/New_York", moment(date(2026, 3, 8), 2, 30)), moment(date(2026, 3, 8), 3, 0));
        assert_eq!(skipped("Australia/Lord_Howe", moment(date(2026, 10, 4), 2, 0)), moment(date(2026, 10, 4), 2, 30));
        assert_eq!(skipped("Pacific/Apia", moment(date(2011, 12, 30), 12, 0)), moment(date(2011, 12, 31), 0, 0));
    }

    #[test]
    fn a_moment_at_the_end_of_the_calendar_is_held_at_the_last_instant() {
        assert_eq!(Zone::UTC.instant(moment(Date::MAX, 23, 59)), Ok(Timestamp::MAX));
        assert_eq!(zone("America/New_York").instant(moment(Date::MAX, 23, 59)), Ok(Timestamp::MAX));
    }

    #[test]
    fn changes_of_the_clock() {
        let (from, to) = (instant("2026-01-01T00:00:00Z"), instant("2027-01-01T00:00:00Z"));
        let changes: Vec<_> = zone("Australia/Lord_Howe").clock_changes(from, to).map(|(_, offset)| offset).collect();
        assert_eq!(changes, [37_800, 39_600]);
        assert_eq!(Zone::UTC.clock_changes(from, to).count(), 0);
    }

    #[test]
    fn equal_by_name() {
        assert_eq!(zone("Europe/London"), zone("Europe/London"));
        assert_ne!(zone("Asia/Calcutta"), zone("Asia/Kolkata"));
        assert_eq!(zone("UTC"), Zone::UTC);
        assert_eq!(format!("{:?}", zone("Europe/London")), "Zone(Europe/London)");
    }
}
