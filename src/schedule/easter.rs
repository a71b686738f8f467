//! Easter of both reckonings, and the days that are counted from it.

use super::calendar::{date_of, day_number};
use super::days::MAX_OFFSET;
use jiff::civil::Date;

/// Whose Easter it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reckoning {
    /// `easter`, by the Gregorian calendar: of the western churches.
    Western,
    /// `orthodox easter`, by the Julian calendar.
    Orthodox,
}

impl Reckoning {
    /// The Easter Sunday of a year, on the calendar of today.
    pub fn easter(self, year: i16) -> Date {
        let year = i32::from(year);
        match self {
            Self::Western => march(year, gregorian_day_of_march(year)),
            // What the Julian calendar calls that day of March is later by the leap days that the
            // Gregorian calendar has left out.
            Self::Orthodox => march(year, julian_day_of_march(year) + year.div_euclid(100) - year.div_euclid(400) - 2),
        }
    }
}

/// The day of a year that is this many days after the last of February. Held at the ends of the
/// calendar.
fn march(year: i32, day: i32) -> Date {
    let first_of_march = Date::new(year as i16, 3, 1).unwrap_or(Date::MAX);
    date_of(day_number(first_of_march) + day - 1)
}

/// The algorithm of Meeus, Jones and Butcher, which knows no exceptions.
fn gregorian_day_of_march(year: i32) -> i32 {
    let (century, of_century) = (year.div_euclid(100), year.rem_euclid(100));
    let moons_moved = (century - (century + 8).div_euclid(25) + 1).div_euclid(3);
    let full_moon = (19 * year.rem_euclid(19) + century - century.div_euclid(4) - moons_moved + 15).rem_euclid(30);
    let to_sunday = (32 + 2 * century.rem_euclid(4) + 2 * (of_century / 4) - full_moon - of_century % 4).rem_euclid(7);
    let too_late = (year.rem_euclid(19) + 11 * full_moon + 22 * to_sunday) / 451;
    full_moon + to_sunday - 7 * too_late + 22
}

/// The algorithm of Meeus for the Julian calendar.
fn julian_day_of_march(year: i32) -> i32 {
    let full_moon = (19 * year.rem_euclid(19) + 15).rem_euclid(30);
    let to_sunday = (2 * year.rem_euclid(4) + 4 * year.rem_euclid(7) - full_moon + 34).rem_euclid(7);
    full_moon + to_sunday + 22
}

/// Easter Sunday, or a day that is counted from it: `2 days before easter`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EasterDay {
    /// Which Easter.
    pub reckoning: Reckoning,
    /// How many days after it; before it, if negative: -99 to 99.
    pub offset: i8,
}

impl EasterDay {
    /// Whether `date` is such a day.
    pub fn matches(self, date: Date) -> bool {
        offsets(self.reckoning, date).any(|offset| offset == self.offset)
    }

    /// This day of a year's Easter. It may lie in the year before.
    pub fn of_year(self, year: i16) -> Date {
        date_of(day_number(self.reckoning.easter(year)) + i32::from(self.offset))
    }
}

/// How far a date lies from the Easters that it can be counted from: its own year's, and for a day
/// in December the next one's.
pub(super) fn offsets(reckoning: Reckoning, date: Date) -> impl Iterator<Item = i8> {
    let day = day_number(date);
    // The earliest Easter is 22 March, and 99 days before it is in December.
    let next = (date.month() == 12).then_some(date.year().saturating_add(1)).filter(|year| *year <= Date::MAX.year());
    let years = [Some(date.year()), next].into_iter().flatten();
    let apart = years.map(move |year| day - day_number(reckoning.easter(year)));
    apart.filter_map(|apart| i8::try_from(apart).ok().filter(|apart| (-MAX_OFFSET..=MAX_OFFSET).contains(apart)))
}

/// Lines that name days of Easter.
#[derive(Clone, Debug, Default)]
pub(super) struct EasterLines {
    /// Sorted.
    entries: Vec<(EasterDay, u32)>,
    /// Those that an entry has.
    reckonings: Vec<Reckoning>,
}

impl EasterLines {
    pub(super) fn new(mut entries: Vec<(EasterDay, u32)>) -> Self {
        entries.sort_unstable();
        let mut reckonings: Vec<Reckoning> = entries.iter().map(|(day, _)| day.reckoning).collect();
        reckonings.dedup();
        Self { entries, reckonings }
    }

    /// The same days, each once, as if they were of one line.
    pub(super) fn of_set(days: impl Iterator<Item = EasterDay>) -> Self {
        let mut lines = Self::new(days.map(|day| (day, 0)).collect());
        lines.entries.dedup();
        lines
    }

    /// The days that its lines name, each with its line, in order.
    pub(super) fn entries(&self) -> &[(EasterDay, u32)] {
        &self.entries
    }

    /// The lines whose days `date` is among.
    pub(super) fn lines(&self, date: Date) -> impl Iterator<Item = u32> + use<'_> {
        let days = self.reckonings.iter().flat_map(move |reckoning| {
            offsets(*reckoning, date).map(|offset| EasterDay { reckoning: *reckoning, offset })
        });
        days.flat_map(|day| {
            let start = self.entries.partition_point(|(other, _)| *other < day);
            self.entries[start..].iter().take_while(move |(other, _)| *other == day).map(|(_, line)| *line)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;
    use jiff::civil::{Weekday, date};

    /// The paschal full moons by golden number, as the Book of Common Prayer prints them for the
    /// years from 1900 to 2199: month and day of the Gregorian calendar.
    const GREGORIAN_MOONS: [(i8, i8); 19] = [
        (4, 14),
        (4, 3),
        (3, 23),
        (4, 11),
        (3, 31),
        (4, 18),
        (4, 8),
        (3, 28),
        (4, 16),
        (4, 5),
        (3, 25),
        (4, 13),
        (4, 2),
        (3, 22),
        (4, 10),
        (3, 30),
        (4, 17),
        (4, 7),
        (3, 27),
    ];
    /// The same of the Julian calendar, which are those of every year.
    const JULIAN_MOONS: [(i8, i8); 19] = [
        (4, 5),
        (3, 25),
        (4, 13),
        (4, 2),
        (3, 22),
        (4, 10),
        (3, 30),
        (4, 18),
        (4, 7),
        (3, 27),
        (4, 15),
        (4, 4),
        (3, 24),
        (4, 12),
        (4, 1),
        (3, 21),
        (4, 9),
        (3, 29),
        (4, 17),
    ];

    /// The Sunday after a full moon, found by looking at one day after the other.
    fn sunday_after(full_moon: Date) -> Date {
        let mut day = full_moon.tomorrow().unwrap();
        while day.weekday() != Weekday::Sunday {
            day = day.tomorrow().unwrap();
        }
        day
    }

    /// How many days the Julian calendar is behind, from March of 1900 to February of 2200.
    fn behind(year: i16) -> i32 {
        if year < 2100 { 13 } else { 14 }
    }

    #[test]
    fn easter_is_the_sunday_after_the_full_moons_of_the_printed_tables_from_1900_to_2199() {
        for year in 1900..2200_i16 {
            let golden = (year % 19) as usize;
            let (month, day) = GREGORIAN_MOONS[golden];
            assert_eq!(Reckoning::Western.easter(year), sunday_after(date(year, month, day)), "{year}");
            let (month, day) = JULIAN_MOONS[golden];
            let full_moon = date(year, month, day) + behind(year).days();
            assert_eq!(Reckoning::Orthodox.easter(year), sunday_after(full_moon), "{year}");
        }
    }

    #[test]
    fn easters_that_are_known() {
        let easters = |year| [Reckoning::Western.easter(year), Reckoning::Orthodox.easter(year)];
        assert_eq!(easters(2025), [date(2025, 4, 20), date(2025, 4, 20)]);
        assert_eq!(easters(2027), [date(2027, 3, 28), date(2027, 5, 2)]);
        assert_eq!(easters(1943), [date(1943, 4, 25), date(1943, 4, 25)]);
        assert_eq!(Reckoning::Western.easter(1818), date(1818, 3, 22));
        assert_eq!(Reckoning::Western.easter(2285), date(2285, 3, 22));
    }

    #[test]
    fn every_offset_of_every_easter_is_one_day_on_which_it_is_found_again() {
        for reckoning in [Reckoning::Western, Reckoning::Orthodox] {
            for year in 1990..2060 {
                for offset in -MAX_OFFSET..=MAX_OFFSET {
                    let day = EasterDay { reckoning, offset };
                    let date = day.of_year(year);
                    assert!(day.matches(date), "{day:?} {date}");
                    assert!(!day.matches(date.tomorrow().unwrap()), "{day:?} {date}");
                }
            }
        }
    }

    #[test]
    fn every_year_of_the_calendar_has_an_easter_of_each_reckoning() {
        for year in Date::MIN.year()..=Date::MAX.year() {
            for reckoning in [Reckoning::Western, Reckoning::Orthodox] {
                assert_eq!(reckoning.easter(year).weekday(), Weekday::Sunday, "{year} {reckoning:?}");
            }
        }
        for date in [Date::MIN, Date::MAX] {
            assert_eq!(offsets(Reckoning::Western, date).count(), 0);
        }
    }
}
