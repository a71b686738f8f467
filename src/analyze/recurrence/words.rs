//! Times as a sentence.

use super::clock_days::DailyWindows;
use super::rule::{EVERY_DAY, YearDay};
use super::{ClockTimes, DayRule, Recurrence, RecurringWindows, Stretch, as_end, weekdays_of};
use crate::eval::shown_time;
use crate::schedule::MINUTES_PER_DAY;
use crate::syntax::{MONTH_NAMES, WEEKDAY_NAMES};
use jiff::civil::Date;
use std::fmt;

impl fmt::Display for ClockTimes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(stretch) = self.stretch {
            return f.write_str(&in_words(stretch));
        }
        let mut parts: Vec<String> = self.parts.iter().map(RecurringWindows::to_string).collect();
        if self.other_days > 0 {
            parts.push(format!("other hours on {}", days(self.other_days, "")));
        }
        if !self.half_meant.is_empty() {
            let dates: Vec<String> = self.half_meant.iter().map(|date| long_date(*date)).collect();
            parts.push(format!("once of the times that the clock shows twice on {}", and(&dates)));
        }
        f.write_str(&parts.join("; "))
    }
}

/// `from 7 December 2026 08:00 to 4 April 2027 18:00`
fn in_words(stretch: Stretch) -> String {
    let start = stretch.from.map(|moment| match moment.minute {
        0 => long_date(moment.date),
        minute => format!("{} {}", long_date(moment.date), shown_time(minute)),
    });
    let end = stretch.until.map(|moment| match as_end(moment) {
        (date, MINUTES_PER_DAY) => long_date(date),
        (date, minute) => format!("{} {}", long_date(date), shown_time(minute)),
    });
    match (start, end) {
        (Some(start), Some(end)) => format!("from {start} to {end}"),
        (Some(start), None) => format!("from {start}"),
        (None, Some(end)) => format!("until {end}"),
        (None, None) => String::new(),
    }
}

impl fmt::Display for RecurringWindows {
    /// `Mon-Fri 17:00-18:00, 7 December to 4 April, but not on 25 and 26 December`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Recurrence { rule, from, until, except, more_except, also, more_also } = &self.days;
        let is_empty = matches!(rule, DayRule::Dates(dates) if dates.is_empty());
        let added = listed(also, *more_also);
        let (mut head, time) = if is_empty { (added.clone(), None) } else { rule.head() };
        if self.windows == [(0, MINUTES_PER_DAY)] {
            // Where a rule speaks of all days, they are whole days.
            let is_plain = matches!(rule, DayRule::Weekdays(EVERY_DAY));
            head.push_str(if is_plain { "" } else { " all day" });
        } else {
            head.push_str(&format!(" {}", windows_in_words(&self.windows)));
        }
        let mut parts = vec![head];
        parts.extend(time);
        parts.extend(match (from, until) {
            (Some(from), Some(until)) => Some(format!("from {} to {}", long_date(*from), long_date(*until))),
            (Some(from), None) => Some(format!("from {}", long_date(*from))),
            (None, Some(until)) => Some(format!("until {}", long_date(*until))),
            (None, None) => None,
        });
        if !except.is_empty() || *more_except > 0 {
            parts.push(format!("but not on {}", listed(except, *more_except)));
        }
        if !is_empty && (!also.is_empty() || *more_also > 0) {
            parts.push(format!("also on {added}"));
        }
        f.write_str(&parts.join(", "))
    }
}

impl DayRule {
    /// What stands before the hours, and what behind them.
    fn head(&self) -> (String, Option<String>) {
        match self {
            Self::Weekdays(weekdays) => (weekday_words(*weekdays), None),
            Self::InYear { weekdays, from, until } if from == until => {
                (format!("{} on {}", year_day(*from), weekday_words(*weekdays)), None)
            }
            Self::InYear { weekdays, from, until } => {
                let span = format!("{} to {}", year_day(*from), year_day(*until));
                (weekday_words(*weekdays), Some(span))
            }
            Self::EveryWeeks { weeks, weekdays, monday } => {
                let rule = format!("every {weeks} weeks {}", weekday_words(*weekdays));
                (rule, Some(format!("counted from the week of {}", long_date(*monday))))
            }
            Self::Counted { .. } | Self::Named(_) | Self::EachYear(_) | Self::Range(..) | Self::Dates(_) => {
                (and(&self.items()), None)
            }
        }
    }

    /// As parts of a list of days.
    fn items(&self) -> Vec<String> {
        vec![match self {
            Self::Weekdays(_) | Self::InYear { .. } | Self::EveryWeeks { .. } => {
                let (head, time) = self.head();
                time.map_or(head.clone(), |time| format!("{head} {time}"))
            }
            Self::Counted { which, weekday, months } => {
                let which = which_word(*which);
                let months: Vec<String> = (1..13)
                    .filter(|month| months & 1 << month != 0)
                    .map(|month| month_name(month).to_owned())
                    .collect();
                let months = if months.len() == 12 { "every month".to_owned() } else { and(&months) };
                format!("{which} {} of {months}", weekday_word(usize::from(*weekday)))
            }
            Self::Named(named) => named.name.to_string(),
            Self::EachYear(days) => return year_days(days),
            Self::Range(first, last) => format!("{} to {}", long_date(*first), long_date(*last)),
            Self::Dates(dates) => return dates.iter().map(|date| long_date(*date)).collect(),
        }]
    }
}

/// `first` for 1, `last` for 0
pub(super) fn which_word(which: u8) -> &'static str {
    ["last", "first", "second", "third", "fourth", "fifth"][usize::from(which).min(5)]
}

/// `holidays, 25 December and 12 other days`
fn listed(rules: &[DayRule], more: usize) -> String {
    let mut words: Vec<String> = rules.iter().flat_map(DayRule::items).collect();
    if more > 0 {
        words.push(days(more, if words.is_empty() { "" } else { "other " }));
    }
    and(&words)
}

/// `12 other days`
fn days(count: usize, which: &str) -> String {
    format!("{count} {which}day{}", if count == 1 { "" } else { "s" })
}

/// `Mon-Fri`, `Sat and Sun`, `every day`
fn weekday_words(mask: u8) -> String {
    if mask == EVERY_DAY {
        return "every day".to_owned();
    }
    let days: Vec<usize> = weekdays_of(mask).collect();
    let runs = days.chunk_by(|one, other| one + 1 == *other).flat_map(|run| match run {
        [first, _, .., last] => vec![format!("{}-{}", weekday_word(*first), weekday_word(*last))],
        few => few.iter().map(|day| weekday_word(*day)).collect(),
    });
    and(&runs.collect::<Vec<_>>())
}

/// `Mon`
fn weekday_word(weekday: usize) -> String {
    WEEKDAY_NAMES[weekday].1[..3].to_owned()
}

fn month_name(month: i8) -> &'static str {
    MONTH_NAMES[(month.clamp(1, 12) - 1) as usize].1
}

/// `25 December`
fn year_day((month, day): YearDay) -> String {
    format!("{day} {}", month_name(month))
}

/// `1 January`, `25 and 26 December`
fn year_days(days: &[YearDay]) -> Vec<String> {
    let months = days.chunk_by(|one, other| one.0 == other.0).map(|of_month| {
        let days: Vec<String> = of_month.iter().map(|(_, day)| day.to_string()).collect();
        format!("{} {}", and(&days), month_name(of_month[0].0))
    });
    months.collect()
}

/// `25 December 2026`
fn long_date(date: Date) -> String {
    format!("{} {} {}", date.day(), month_name(date.month()), date.year())
}

/// `09:00-12:30 and 13:30-17:30`
fn windows_in_words(windows: &DailyWindows) -> String {
    let window = |(from, to): &(u16, u16)| format!("{}-{}", shown_time(*from), shown_time(*to));
    and(&windows.iter().map(window).collect::<Vec<_>>())
}

/// `a`, `a and b`, `a, b and c`
fn and(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
