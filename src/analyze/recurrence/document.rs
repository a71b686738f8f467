//! Times as data.

use super::words::which_word;
use super::{ClockTimes, DayRule, RecurringWindows, YearDay, weekdays_of};
use crate::eval::shown_time;
use crate::syntax::{MONTHS, WEEKDAYS};
use serde_json::{Value, json};

impl ClockTimes {
    /// `text`, `rule`, `first`, `count` and `more`.
    pub fn document(&self) -> Value {
        let moment = |moment: crate::schedule::Moment| format!("{} {}", moment.date, shown_time(moment.minute));
        let stretch =
            self.stretch.map(|stretch| json!({ "from": stretch.from.map(moment), "until": stretch.until.map(moment) }));
        json!({
            "text": self.to_string(),
            "stretch": stretch,
            "rule": self.parts.iter().map(part).collect::<Vec<_>>(),
            "first": self.first.map(|first| first.to_string()),
            "count": self.days,
            "more": self.more(),
        })
    }
}

fn part(part: &RecurringWindows) -> Value {
    let hours: Vec<[String; 2]> = part.windows.iter().map(|(from, to)| [shown_time(*from), shown_time(*to)]).collect();
    let rules = |rules: &[DayRule]| rules.iter().map(rule).collect::<Vec<_>>();
    json!({
        "days": rule(&part.days.rule),
        "from": part.days.from.map(|date| date.to_string()),
        "until": part.days.until.map(|date| date.to_string()),
        "hours": hours,
        "except": rules(&part.days.except),
        "also": rules(&part.days.also),
        "more": part.days.more(),
    })
}

fn rule(rule: &DayRule) -> Value {
    let weekdays = |mask: u8| weekdays_of(mask).map(|day| WEEKDAYS[day]).collect::<Vec<_>>();
    let year_day = |(month, day): YearDay| format!("{month:02}-{day:02}");
    match rule {
        DayRule::Weekdays(mask) => json!({ "kind": "weekdays", "weekdays": weekdays(*mask) }),
        DayRule::InYear { weekdays: mask, from, until } => json!({
            "kind": "each_year", "weekdays": weekdays(*mask), "span": [year_day(*from), year_day(*until)],
        }),
        DayRule::Counted { which, weekday, months } => json!({
            "kind": "counted",
            "which": which_word(*which),
            "weekdays": [WEEKDAYS[usize::from(*weekday)]],
            "months": (1..13).filter(|month| months & 1 << month != 0).map(|month| MONTHS[month - 1]).collect::<Vec<_>>(),
        }),
        DayRule::EveryWeeks { weeks, weekdays: mask, monday } => json!({
            "kind": "every_weeks", "weeks": weeks, "weekdays": weekdays(*mask), "week_of": monday.to_string(),
        }),
        DayRule::Named(named) => json!({ "kind": "named", "name": *named.name }),
        DayRule::EachYear(days) => {
            json!({ "kind": "each_year", "days": days.iter().map(|day| year_day(*day)).collect::<Vec<_>>() })
        }
        DayRule::Range(first, last) => json!({ "kind": "dates", "span": [first.to_string(), last.to_string()] }),
        DayRule::Dates(dates) => {
            json!({ "kind": "dates", "days": dates.iter().map(|date| date.to_string()).collect::<Vec<_>>() })
        }
    }
}
