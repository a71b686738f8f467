//! Reads points in time as people and exports of call logs write them.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use jiff::{Timestamp, fmt::rfc2822};

use super::words;
use callplan::schedule::{Moment, Zone, ZoneProblem};

/// An instant, and the digits of a second with which it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instant {
    pub timestamp: Timestamp,
    pub digits: u8,
}

/// The clock for times without an offset.
#[derive(Clone, Debug)]
pub struct Clock {
    pub zone: Zone,
}

/// Abbreviations of offsets from UTC, in hours. Those of North America are fixed by RFC 2822;
/// others mean different clocks in different places.
const LETTERS: &[(&str, i8)] = &[
    ("Z", 0),
    ("UTC", 0),
    ("GMT", 0),
    ("UT", 0),
    ("EST", -5),
    ("EDT", -4),
    ("CST", -6),
    ("CDT", -5),
    ("MST", -7),
    ("MDT", -6),
    ("PST", -8),
    ("PDT", -7),
];

/// The current second of the machine's clock.
pub fn now() -> Instant {
    let now = Timestamp::now();
    Instant { timestamp: Timestamp::from_second(now.as_second()).unwrap_or(now), digits: 0 }
}

/// The current date of the machine's clock, in UTC.
pub fn today() -> Date {
    Offset::UTC.to_datetime(Timestamp::now()).date()
}

/// The first day of the year `years` years ago.
pub fn years_ago(years: i16) -> Date {
    Date::new(today().year().saturating_sub(years), 1, 1).unwrap_or(Date::MIN)
}

/// Reads the name of a zone.
pub fn zone(name: &str) -> Result<Zone, String> {
    Zone::find(name).map_err(|problem| match problem {
        ZoneProblem::Misspelled { nearest: Some(nearest) } => {
            format!("no zone has this name; did you mean `{nearest}`?")
        }
        ZoneProblem::Misspelled { nearest: None } => {
            "no zone has this name; write one such as `America/New_York`".into()
        }
        ZoneProblem::FixedOffset { suggestion: Some(zone) } => {
            format!("this is an offset, which ignores summer time; did you mean `{zone}`?")
        }
        ZoneProblem::FixedOffset { suggestion: None } => {
            "this is an offset, which ignores summer time; write a zone such as `America/New_York`".into()
        }
    })
}

/// Reads a date, such as `2026-12-24`.
pub fn day(text: &str) -> Result<Date, String> {
    match date(text.as_bytes()) {
        Some((Ok(date), [])) => Ok(date),
        Some((Err(()), _)) => Err("there is no such day".into()),
        Some((Ok(_), _)) | None => Err("write a day such as `2026-12-24`".into()),
    }
}

impl Clock {
    /// Reads RFC 3339 and its variants (`2026-03-01 12:00`, `2026-03-01T12:00:00.250-0500`,
    /// `2026-03-01 12:00:00 UTC`), RFC 2822 (`Sun, 01 Mar 2026 17:00:00 +0000`) and seconds since
    /// 1970. A time without an offset is this clock's: of two instants with the same local time it
    /// is the first, and a skipped local time is an error.
    pub fn read(&self, text: &str) -> Result<Instant, String> {
        let text = text.trim();
        if let Some((date, rest)) = date(text.as_bytes()) {
            let read = date
                .ok()
                .zip(time(rest))
                .and_then(|(date, (time, digits, rest))| Some((date.to_datetime(time), digits, offset(rest)?)));
            let (local, digits, offset) = read.ok_or_else(|| unreadable(text))?;
            let timestamp = match offset {
                Some(offset) => offset.to_timestamp(local).map_err(|_| unreadable(text))?,
                None => self.local(text, local)?,
            };
            return Ok(Instant { timestamp, digits });
        }
        since_1970(text).or_else(|| mail(text)).ok_or_else(|| unreadable(text))
    }

    fn local(&self, text: &str, local: DateTime) -> Result<Timestamp, String> {
        let minute = local.hour() as u16 * 60 + local.minute() as u16;
        let instant = self.zone.instant(Moment { date: local.date(), minute }).map_err(|skipped| {
            let (zone, after) = (self.zone.name(), skipped.first_after);
            let next_time = format!("{} {}", after.date, callplan::eval::shown_time(after.minute));
            let text = words::quote(text);
            format!("the clock of {zone} skips {text}: write `{next_time}`, the first time after it, or add an offset")
        })?;
        let rest = jiff::SignedDuration::new(local.second().into(), local.subsec_nanosecond());
        Ok(instant.checked_add(rest).unwrap_or(instant))
    }
}

fn unreadable(text: &str) -> String {
    let text = words::quote(text);
    format!(
        "{text} is not a time that callplan can read: write it as `2026-03-01T12:00`, or with an offset, `2026-03-01T12:00:00-05:00`"
    )
}

/// `2026-03-01`, or with slashes, and the rest of the text. The inner error is a day that does not
/// exist.
fn date(text: &[u8]) -> Option<(Result<Date, ()>, &[u8])> {
    let (year, rest) = digits(text, 4)?;
    let (month, rest) = digits(rest.strip_prefix(b"-").or(rest.strip_prefix(b"/"))?, 2)?;
    let (day, rest) = digits(rest.strip_prefix(b"-").or(rest.strip_prefix(b"/"))?, 2)?;
    Some((Date::new(year as i16, month as i8, day as i8).map_err(|_| ()), rest))
}

/// `T12:00`, ` 12:00:00.250`: the time, the number of digits of its fraction, and the rest of the
/// text.
fn time(text: &[u8]) -> Option<(Time, u8, &[u8])> {
    let (hour, rest) = digits(text.strip_prefix(b"T").or(text.strip_prefix(b"t")).or(text.strip_prefix(b" "))?, 2)?;
    let (minute, rest) = digits(rest.strip_prefix(b":")?, 2)?;
    let (second, rest) = match rest.strip_prefix(b":") {
        Some(rest) => digits(rest, 2)?,
        None => (0, rest),
    };
    let (nanosecond, precision, rest) = match rest.strip_prefix(b".").or(rest.strip_prefix(b",")) {
        Some(rest) => fraction(rest)?,
        None => (0, 0, rest),
    };
    // The calendar here has no leap seconds; one counts as the second before it.
    let second = if second == 60 { 59 } else { second };
    let time = Time::new(hour as i8, minute as i8, second as i8, nanosecond).ok()?;
    Some((time, precision, rest))
}

/// Nanoseconds, the number of their digits (at most nine count), and the rest of the text.
fn fraction(text: &[u8]) -> Option<(i32, u8, &[u8])> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let kept = length.min(9);
    let read = text[..kept].iter().fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0'));
    (length > 0).then(|| (read * 10_i32.pow(9 - kept as u32), kept as u8, &text[length..]))
}

/// `-05:00`, `-0500`, `-05`, `Z`, ` UTC`, or nothing, for which the inner option is `None`.
fn offset(text: &[u8]) -> Option<Option<Offset>> {
    let text = text.trim_ascii_start();
    let (sign, rest) = match text {
        [] => return Some(None),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        letters => {
            let (_, hours) = LETTERS.iter().find(|(name, _)| letters.eq_ignore_ascii_case(name.as_bytes()))?;
            return Some(Offset::from_hours(*hours).ok());
        }
    };
    let (hours, rest) = digits(rest, 2)?;
    let (minutes, rest) = match rest.strip_prefix(b":").unwrap_or(rest) {
        [] => (0, &[][..]),
        rest => digits(rest, 2)?,
    };
    let is_fine = rest.is_empty() && hours < 24 && minutes < 60;
    is_fine
        .then(|| Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok())
        .map(|offset| offset.into_iter().next())
}

/// Exactly `length` digits as a number, and the rest of the text.
fn digits(text: &[u8], length: usize) -> Option<(i32, &[u8])> {
    let (digits, rest) = text.split_at_checked(length)?;
    let is_number = digits.iter().all(u8::is_ascii_digit);
    is_number.then(|| (digits.iter().fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0')), rest))
}

/// `1796061653`, `1796061653.40`; with 13 digits milliseconds, with 16 microseconds. These are
/// instants of this century or the next two; exports do not have numbers of other lengths.
fn since_1970(text: &str) -> Option<Instant> {
    let (integer, rest) = text.split_once('.').unwrap_or((text, ""));
    let number: i64 = integer.parse().ok().filter(|_| integer.bytes().all(|byte| byte.is_ascii_digit()))?;
    match (integer.len(), rest) {
        (10, "") => Some((Timestamp::from_second(number), 0)),
        (10, rest) => {
            let (nanosecond, precision, []) = fraction(rest.as_bytes())? else { return None };
            Some((Timestamp::new(number, nanosecond), precision))
        }
        (13, "") => Some((Timestamp::from_millisecond(number), 3)),
        (16, "") => Some((Timestamp::from_microsecond(number), 6)),
        _ => None,
    }
    .and_then(|(timestamp, digits)| Some(Instant { timestamp: timestamp.ok()?, digits }))
}

/// `Sun, 01 Mar 2026 17:00:00 +0000`, as in mail. A wrong weekday is ignored: the date decides.
fn mail(text: &str) -> Option<Instant> {
    const PARSER: rfc2822::DateTimeParser = rfc2822::DateTimeParser::new().relaxed_weekday(true);
    PARSER.parse_timestamp(text).ok().map(|timestamp| Instant { timestamp, digits: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text as New York's clock reads it, in UTC.
    fn read(text: &str) -> String {
        let clock = Clock { zone: Zone::find("America/New_York").expect("a zone") };
        match clock.read(text) {
            Ok(read) => format!("{:.*}", usize::from(read.digits), read.timestamp),
            Err(message) => message,
        }
    }

    #[test]
    fn an_offset_counts() {
        for text in [
            "2026-03-01T12:00:00-05:00",
            "2026-03-01T17:00:00Z",
            "2026-03-01t17:00:00z",
            "2026-03-01T17:00Z",
            "2026-03-01 17:00:00+00:00",
            "2026-03-01 17:00:00 UTC",
            "2026-03-01 17:00:00 gmt",
            "2026-03-01 12:00:00 EST",
            "2026-03-01 12:00:00 -0500",
            "2026-03-01 12:00:00-05",
            "2026/03/01 17:00:00 +0000",
            "  2026-03-01T17:00:00Z  ",
            "Sun, 01 Mar 2026 17:00:00 +0000",
            "Sun, 1 Mar 2026 12:00:00 -0500",
            "01 Mar 2026 12:00:00 EST",
            "1772384400",
        ] {
            assert_eq!(read(text), "2026-03-01T17:00:00Z", "{text}");
        }
    }

    #[test]
    fn without_one_it_is_the_clocks_time() {
        for text in ["2026-03-01T12:00", "2026-03-01 12:00", "2026-03-01 12:00:00", "2026/03/01 12:00"] {
            assert_eq!(read(text), "2026-03-01T17:00:00Z", "{text}");
        }
        assert_eq!(read("2026-03-01T12:00:59"), "2026-03-01T17:00:59Z");
    }

    #[test]
    fn fractions_keep_their_digits() {
        assert_eq!(read("2026-03-01T17:00:00.250Z"), "2026-03-01T17:00:00.250Z");
        assert_eq!(read("2026-03-01 12:00:00,000"), "2026-03-01T17:00:00.000Z");
        assert_eq!(read("2026-03-01T17:00:00.1234567899Z"), "2026-03-01T17:00:00.123456789Z");
        assert_eq!(read("1772384400.40"), "2026-03-01T17:00:00.40Z");
        assert_eq!(read("1772384400123"), "2026-03-01T17:00:00.123Z");
        assert_eq!(read("1772384400123456"), "2026-03-01T17:00:00.123456Z");
    }

    #[test]
    fn a_leap_second_belongs_to_the_second_before() {
        assert_eq!(read("2016-12-31T23:59:60Z"), "2016-12-31T23:59:59Z");
    }

    #[test]
    fn shown_twice_is_the_first_and_skipped_is_told() {
        assert_eq!(read("2026-11-01 01:30:15"), "2026-11-01T05:30:15Z");
        assert_eq!(
            read("2026-03-08 02:30:00"),
            "the clock of America/New_York skips `2026-03-08 02:30:00`: write `2026-03-08 03:00`, the first time after it, or add an offset"
        );
    }

    #[test]
    fn what_could_be_two_times_is_none() {
        for text in [
            "",
            "soon",
            "2026-03-01",
            "03/01/2026 12:00",
            "2026-02-30 12:00",
            "2026-03-01 24:00",
            "2026-03-01 12:00 PM",
            "2026-03-01 12:00:00 IST",
            "2026-03-01T12:00:00+25:00",
            "2026-03-01T12:00:00+5",
            "2026-03-01T12:00:00.Z",
            "177238440",
            "-1772384400",
            "17723844001",
            "２０２６-03-01 12:00",
            "2026-03-01T12:00:00é",
        ] {
            assert!(read(text).contains("is not a time"), "{text}: {}", read(text));
        }
    }

    #[test]
    fn days_and_zones_are_read_whole() {
        assert!(day("2026-12-24").is_ok());
        assert_eq!(day("2026-02-30"), Err("there is no such day".into()));
        assert!(day("2026-12-24T10:00").is_err() && day("24.12.2026").is_err());
        assert_eq!(zone("Europe/Londn").unwrap_err(), "no zone has this name; did you mean `Europe/London`?");
        assert!(zone("EST").unwrap_err().contains("did you mean `America/New_York`?"));
    }
}
