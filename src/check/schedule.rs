//! Schedules: their lines, the days that these name, and the hours.

use super::date::DayEntry;
use super::problems::{dates as problems, names as name_problems};
use super::{Checked, Checker};
use crate::schedule::{Closure, DaySet, Days, Hours, Line, Moment, Schedule, Window, Zone};
use crate::source::Span;
use crate::syntax::{DefinitionKind, ast};
use jiff::civil::Date;
use std::sync::Arc;

/// Maximum number of entries of sets that lines of schedules name, all together.
pub(super) const MAX_DAYS_IN_LINES: usize = 500_000;
/// Maximum number of windows that one schedule's lines take away or add on days that come again,
/// each entry of their days counted. All of them are looked at on each day.
const MAX_CHANGES: usize = 300;
/// Maximum number of windows that a line for single dates takes away or adds.
const MAX_WINDOWS: usize = 100;
/// Maximum number of looks, in one schedule, at whether lines change an hour.
const MAX_LOOKS: usize = 200_000;
/// Number of years in which a line that changes hours must change one.
const YEARS_AHEAD: i16 = 6;

/// The days of a schedule's line.
struct LineDays {
    days: Vec<Days>,
    sets: Vec<Arc<DaySet>>,
}

impl<'a> Checker<'a, '_> {
    pub(super) fn schedule(&mut self, schedule: &'a ast::Schedule) -> Schedule {
        let zone = match &schedule.zone {
            Some(zone) => self.zone(zone),
            None => {
                self.uses_zone(schedule.name.span, "this schedule");
                Ok(self.definitions.zone.clone())
            }
        };
        // What is left out has an error of its own, here and below.
        let except =
            schedule.except.iter().filter_map(|name| self.excepted_days(name, &schedule.name.text).ok()).collect();
        let mut spans = Vec::with_capacity(schedule.lines.len());
        let mut lines = Vec::with_capacity(schedule.lines.len());
        let mut all_days = Vec::new();
        for line in schedule.day_lines() {
            let read = line.days.iter().filter_map(|day| Some((self.day(day, true).ok()?, day.span)));
            let days: Vec<(DayEntry, Span)> = read.collect();
            let LineDays { days: own, sets } = self.days_of_line(&days, schedule);
            lines.push(Line { days: own, sets, hours: self.hours(&line.hours) });
            spans.push(line.span);
            all_days.extend(days);
        }
        let read = schedule.closures().filter_map(|closure| Some((self.closure(closure).ok()?, closure.span)));
        let closures: Vec<(Closure, Span)> = read.collect();
        let ends: Vec<(Date, Span)> = closures.iter().map(|(closure, span)| (last_day(closure), *span)).collect();
        let excepted = schedule.except.iter().filter_map(|name| self.set_of_days(name)).collect();
        self.dates.of_schedule(schedule, &all_days, &ends, excepted);
        self.limit_changes(schedule, &lines);
        let zone = zone.unwrap_or(Zone::UTC);
        match Schedule::new(zone.clone(), except, lines, self.options.today) {
            Ok(built) => {
                let built = built.with_closures(closures.iter().map(|(closure, _)| *closure).collect());
                self.warn_of_unchanged_hours(schedule, &built, &closures);
                built
            }
            Err(conflicts) => {
                for conflict in conflicts {
                    let day = format!("{} {}", crate::eval::weekday_word(conflict.date.weekday()), conflict.date);
                    self.problem(problems::conflicting_lines(spans[conflict.later], spans[conflict.earlier], &day));
                }
                nothing_open(zone)
            }
        }
    }

    /// The days that a line writes itself, and the sets that it names.
    fn days_of_line(&mut self, entries: &[(DayEntry, Span)], schedule: &ast::Schedule) -> LineDays {
        let mut line = LineDays { days: Vec::new(), sets: Vec::new() };
        for (entry, span) in entries {
            match entry {
                DayEntry::Days(days) => line.days.push(*days),
                DayEntry::Set(number) => {
                    let excepted = schedule.except.iter().find(|name| {
                        let excepted = self.set_of_days(name);
                        excepted.is_some_and(|excepted| self.dates.is_within(*number, excepted))
                    });
                    if let Some(excepted) = excepted {
                        let name = self.source.slice(*span).to_owned();
                        self.problem(problems::excepted_and_in_line(&name, *span, excepted.span));
                        continue;
                    }
                    line.sets.extend(self.set_in_line(*number, *span).ok());
                }
            }
        }
        line
    }

    fn set_in_line(&mut self, number: usize, span: Span) -> Checked<Arc<DaySet>> {
        let set = self.day_set(number, span)?;
        if self.days_in_lines > MAX_DAYS_IN_LINES {
            return Err(self.told_before(span));
        }
        self.days_in_lines += set.all_entries().len();
        if self.days_in_lines > MAX_DAYS_IN_LINES {
            return self.refuse(problems::too_many_days_in_lines(span, MAX_DAYS_IN_LINES));
        }
        Ok(set)
    }

    fn limit_changes(&mut self, schedule: &ast::Schedule, lines: &[Line]) {
        let is_one_date = |days: &Days| matches!(days, Days::Dates { first, last, .. } if first == last);
        let mut recurring = 0;
        for line in lines {
            let Some((windows, _)) = line.hours.changed() else { continue };
            let of_sets = line.sets.iter().map(|set| set.all_entries().len()).sum::<usize>();
            let entries = line.days.iter().filter(|days| !is_one_date(days)).count() + of_sets;
            recurring += entries * windows.len();
            if recurring > MAX_CHANGES || windows.len() > MAX_WINDOWS {
                self.problem(problems::too_many_changes(schedule.name.span, MAX_CHANGES, MAX_WINDOWS));
                return;
            }
        }
    }

    /// The number of a set of days, if the name is one.
    fn set_of_days(&self, name: &ast::Token) -> Option<usize> {
        let definition = self.names.get(&name.text)?;
        (definition.kind == DefinitionKind::Days).then_some(definition.number)
    }

    fn excepted_days(&mut self, name: &ast::Token, schedule: &str) -> Checked<Arc<DaySet>> {
        if let Some(definition) =
            self.names.get(&name.text).filter(|definition| definition.kind == DefinitionKind::Schedule)
        {
            let problem = name_problems::schedule_in_except(name, definition, schedule);
            self.names.find(&name.text);
            return self.refuse(problem);
        }
        let number = self.names.expect(name, DefinitionKind::Days, self.problems)?;
        self.day_set(number, name.span)
    }

    fn hours(&mut self, hours: &ast::Hours) -> Hours {
        match hours {
            ast::Hours::Closed => Hours::Closed,
            ast::Hours::AllDay => Hours::AllDay,
            ast::Hours::Windows(windows) => Hours::Windows(self.windows(windows)),
            ast::Hours::ClosedWindows(windows) => Hours::ClosedWindows(self.windows(windows)),
            ast::Hours::AlsoWindows(windows) => Hours::AlsoWindows(self.windows(windows)),
        }
    }

    fn windows(&mut self, windows: &[ast::Window]) -> Vec<Window> {
        let read = windows.iter().filter_map(|window| {
            let read = self.schedule_window(window).ok()?;
            Some((read, window.end.as_ref().map_or(window.span, |end| end.span)))
        });
        let read: Vec<_> = read.collect();
        self.warn_of_minutes_between(&read);
        read.into_iter().map(|(window, _)| window).collect()
    }

    fn closure(&mut self, closure: &ast::Closure) -> Checked<Closure> {
        if closure.from.time.is_none() && closure.to.time.is_none() {
            // Whole days were meant: one mistake.
            let (from, to) = (self.date(&closure.from.date), self.date(&closure.to.date));
            from?;
            to?;
            return self.refuse(problems::closure_without_time(closure.from.span.to(closure.to.span)));
        }
        let (from, to) = (self.moment_of_closure(&closure.from), self.moment_of_closure(&closure.to));
        let (from, to) = (from?, to?);
        if from >= to {
            return self.refuse(problems::closure_backwards(closure.from.span.to(closure.to.span)));
        }
        Ok(Closure { from, to })
    }

    fn moment_of_closure(&mut self, moment: &ast::Moment) -> Checked<Moment> {
        let date = self.date(&moment.date);
        let Some(time) = &moment.time else {
            date?;
            return self.refuse(problems::closure_without_time(moment.span));
        };
        let minute = self.time_of_day(time);
        Ok(Moment { date: date?, minute: minute? })
    }

    /// Warns of lines that take hours away or add them, and of closures, that change no hour from
    /// today on. Dates that have gone by have a warning of their own.
    fn warn_of_unchanged_hours(&mut self, written: &ast::Schedule, built: &Schedule, closures: &[(Closure, Span)]) {
        let Some(today) = self.options.today else { return };
        let until = Date::new(today.year().saturating_add(YEARS_AHEAD), 1, 1).unwrap_or(Date::MAX);
        let mut looks = MAX_LOOKS;
        for (line, (said, written)) in built.lines().iter().zip(written.day_lines()).enumerate() {
            let Some((windows, adds)) = said.hours.changed() else { continue };
            let span = &written.span;
            let is_read = said.days.len() + said.sets.len() == written.days.len()
                && written.hours.windows().len() == windows.len();
            if is_read && !said.is_past(today) && built.changes_an_hour(line, today..until, &mut looks) == Some(false) {
                let written = crate::syntax::on_one_line(self.source.slice(*span));
                self.problem(problems::changes_no_hour(*span, &written, adds));
            }
        }
        for (number, (closure, span)) in closures.iter().enumerate() {
            let is_ahead = closure.to.date >= today && closure.from.date < until;
            if is_ahead && built.closes_an_hour(number, &mut looks) == Some(false) {
                let written = crate::syntax::on_one_line(self.source.slice(*span));
                self.problem(problems::closes_no_hour(*span, &written));
            }
        }
    }
}

/// The day of the last minute of a closure.
fn last_day(closure: &Closure) -> Date {
    match closure.to.minute {
        0 => closure.to.date.yesterday().unwrap_or(closure.to.date),
        _ => closure.to.date,
    }
}

/// Stands for a schedule whose lines could not be taken; its plan is refused.
fn nothing_open(zone: Zone) -> Schedule {
    Schedule::new(zone, Vec::new(), Vec::new(), None)
        .unwrap_or_else(|_| unreachable!("a schedule without lines has no conflict"))
}
