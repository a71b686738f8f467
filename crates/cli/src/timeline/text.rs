//! A timeline for people, day by day; at the end it describes the calls. Days with the same
//! outcomes are shown once.

use std::io::{self, Write};

use crate::words::clean;
use callplan::analyze::timeline::caller::OrdinaryCaller;
use callplan::analyze::timeline::days::{ClockJump, ZoneDay, days};
use callplan::analyze::timeline::words::{self, Words};
use callplan::analyze::timeline::{OutcomePeriod, Timeline};
use callplan::eval::{shown_time, weekday_word};
use callplan::fields::Party;
use callplan::phone::Number;
use callplan::{Call, CheckedPlan};

/// A week has each weekday once, so a day in it is known by its weekday.
const WEEK: usize = 7;

pub fn write(
    out: &mut impl Write,
    plan: &CheckedPlan,
    call: &Call,
    chosen: Option<&OrdinaryCaller>,
    timeline: &Timeline,
) -> io::Result<()> {
    let days = days(plan.zone(), timeline.from, timeline.until);
    let lines: Vec<Lines> = days.iter().map(|day| Lines::of(day, timeline)).collect();
    let words = words::words(plan, timeline);
    let widths = Widths::of(&lines, &words);
    let mut at = 0;
    while at < days.len() {
        let like =
            if days[at].jumps().is_empty() { lines[..at].iter().position(|other| *other == lines[at]) } else { None };
        match like {
            Some(first) => {
                let alike = days[at..].iter().zip(&lines[at..]);
                let count = alike.take_while(|(day, line)| day.jumps().is_empty() && **line == lines[first]).count();
                write_alike(out, &days[at..at + count], &days[first], days.len() > WEEK)?;
                at += count;
            }
            None => {
                write_day(out, &days[at], &lines[at], &words, &widths)?;
                at += 1;
            }
        }
    }
    write_call(out, plan, call, chosen)
}

/// The local times of each stretch on one day, and its outcome.
#[derive(PartialEq, Eq)]
struct Lines(Vec<(String, usize)>);

impl Lines {
    fn of(day: &ZoneDay, timeline: &Timeline) -> Self {
        let line = |period: &OutcomePeriod| (day.shown(period.from, period.until), period.outcome);
        Self(day.stretches(timeline).iter().map(line).collect())
    }
}

/// The widths of the columns.
struct Widths {
    time: usize,
    what: usize,
}

impl Widths {
    /// Maximum width of an outcome's column: a longer outcome, such as one with a reason or a
    /// split, does not move the others.
    const MAXIMUM: usize = 48;

    fn of(lines: &[Lines], words: &[Words]) -> Self {
        let times = lines.iter().flat_map(|day| &day.0).map(|(time, _)| time.len());
        let whats = words.iter().map(|word| clean(&word.what).chars().count()).filter(|width| *width <= Self::MAXIMUM);
        Self { time: times.max().unwrap_or_default(), what: whats.max().unwrap_or_default() }
    }
}

/// `mon 2026-12-07`, with a line for each stretch below it.
fn write_day(out: &mut impl Write, day: &ZoneDay, lines: &Lines, words: &[Words], widths: &Widths) -> io::Result<()> {
    let bold = anstyle::Style::new().bold();
    writeln!(out, "{bold}{}{bold:#}{}", shown(day), jumps(day, lines))?;
    for (time, outcome) in &lines.0 {
        let words = &words[*outcome];
        let (what, by) = (clean(&words.what), clean(&words.by));
        writeln!(
            out,
            "  {time:time_width$}  {what:what_width$}  by {by}",
            time_width = widths.time,
            what_width = widths.what
        )?;
    }
    Ok(())
}

/// `tue 2026-12-08 to thu 2026-12-10  as mon`
fn write_alike(out: &mut impl Write, alike: &[ZoneDay], like: &ZoneDay, with_date: bool) -> io::Result<()> {
    let bold = anstyle::Style::new().bold();
    let like = if with_date { shown(like) } else { weekday_word(like.date.weekday()).to_owned() };
    let (first, last) = (shown(&alike[0]), shown(&alike[alike.len() - 1]));
    let span = if alike.len() == 1 { first } else { format!("{first} to {last}") };
    writeln!(out, "{bold}{span}{bold:#}  as {like}")
}

fn shown(day: &ZoneDay) -> String {
    format!("{} {}", weekday_word(day.date.weekday()), day.date)
}

/// The clock changes of the day.
fn jumps(day: &ZoneDay, lines: &Lines) -> String {
    if day.runs.is_empty() {
        return "  the clock skips this day".to_owned();
    }
    let time = |minutes: &std::ops::Range<i64>| {
        format!("{}-{}", shown_time(minutes.start as u16), shown_time(minutes.end as u16))
    };
    let has_star = lines.0.iter().any(|(time, _)| time.contains('*'));
    let star = if has_star { ", the second time with a star" } else { "" };
    let jumps = day.jumps();
    let changes = jumps.iter().map(|jump| match jump {
        ClockJump::Skips(minutes) => format!("the clock skips {}", time(minutes)),
        ClockJump::Repeats(minutes) => format!("the clock shows {} twice{star}", time(minutes)),
    });
    let changes: Vec<String> = changes.collect();
    if changes.is_empty() { String::new() } else { format!("  {}: {}", day.shown_length(), changes.join(", ")) }
}

/// Describes the calls of the timeline.
fn write_call(
    out: &mut impl Write,
    plan: &CheckedPlan,
    call: &Call,
    chosen: Option<&OrdinaryCaller>,
) -> io::Result<()> {
    let caller = call.caller_number.as_deref().unwrap_or_default();
    let from = match Number::read(caller) {
        Number::Withheld => "a withheld number".to_owned(),
        Number::E164(_) | Number::Local(_) => caller.to_owned(),
    };
    let mut texts = if call.trunk_id.is_none() { " on no trunk".to_owned() } else { String::new() };
    for (field, text) in call.texts() {
        let (preposition, noun) = field.in_words();
        texts.push_str(&format!(" {preposition} {noun} \"{text}\""));
    }
    let switches = if call.switches.is_empty() { "no switch".to_owned() } else { call.switches.join(", ") };
    let zone = plan.zone().name();
    let to = &call.called_number;
    let calls = format!("Calls from {from} to {to}{texts}, with {switches} on; times in {zone}.");
    writeln!(out, "\n{}", clean(&calls))?;
    if let Some(OrdinaryCaller { number, is_unnamed }) = chosen {
        let unnamed = if *is_unnamed { ", whom the plan does not name" } else { "" };
        writeln!(out, "No caller was given: {number} stands for an ordinary one{unnamed}.")?;
    }
    for (party, of, text) in [("caller", Party::Caller, caller), ("dialed number", Party::Dialed, to.as_str())] {
        let number = plan.reader().number(call, of);
        if let Some(Number::E164(number)) = number.filter(|_| Number::read(text).is_digits_without_plus()) {
            writeln!(out, "The {party} `{}` is read as {number}.", clean(text))?;
        }
        if number.is_some_and(Number::is_digits_without_plus) {
            let text = clean(text);
            writeln!(out, "The {party} `{text}` has no `+`, so it is a local number of no country.")?;
        }
    }
    Ok(())
}
