//! Values, days and metadata.

use super::layout::BreakStyle;
use super::printer::{BRACES, Printer, SQUARE, Separator};
use crate::syntax::ast::{
    Day, DayKind, DayOffset, Json, List, Moment, Object, Range, RangeMark, Token, Value, Weekdays, Window,
};

impl Printer<'_> {
    pub(super) fn value(&mut self, value: &Value) {
        match value {
            Value::Number(token) => self.at(token.span),
            Value::Text(text) => self.at(text.span),
            Value::Figure(token) => self.figure(token),
            Value::Path(path) => self.at(path.span),
            Value::Range(range) => self.range(range),
            Value::Moment { date, time, .. } => {
                self.at(date.span);
                self.separate(Separator::Space);
                self.figure(time);
            }
            Value::List(list) => self.value_list(list),
            Value::Unreadable(..) => self.unsound(),
        }
    }

    pub(super) fn value_list(&mut self, list: &List) {
        self.list(SQUARE, BreakStyle::Fill, &list.entries, |printer, entry| printer.value(entry));
    }

    /// `9:00` is written `09:00`; every other figure stays as it is.
    pub(super) fn figure(&mut self, figure: &Token) {
        if matches!(figure.text.as_bytes(), [hour, b':', ten, one] if [hour, ten, one].iter().all(|byte| byte.is_ascii_digit()))
        {
            self.insert("0");
        }
        self.at(figure.span);
    }

    fn range(&mut self, range: &Range) {
        self.value(&range.low);
        let apart = range.mark == RangeMark::Dash && !dash_may_join(&range.low, &range.high);
        self.range_mark(range.mark, apart);
        self.value(&range.high);
    }

    fn range_mark(&mut self, mark: RangeMark, apart: bool) {
        if apart {
            self.layout.space();
        }
        match mark {
            RangeMark::Dash => self.attach("-"),
            RangeMark::Dots => self.attach(".."),
        }
        self.separate(if apart { Separator::Space } else { Separator::Nothing });
    }

    pub(super) fn window(&mut self, window: &Window) {
        self.figure(&window.start);
        let Some(end) = &window.end else { return };
        let dashes = window.start.text.contains('-') || end.text.contains('-');
        // The tree does not keep which of the two was written.
        let mark = if self.next_is("..") { RangeMark::Dots } else { RangeMark::Dash };
        self.range_mark(mark, mark == RangeMark::Dash && dashes);
        self.figure(end);
    }

    /// A date and a time.
    pub(super) fn moment(&mut self, moment: &Moment) {
        self.at(moment.date.span);
        if let Some(time) = &moment.time {
            self.separate(Separator::Space);
            self.figure(time);
        }
    }

    pub(super) fn day(&mut self, day: &Day) {
        self.day_kind(&day.kind);
        if let Some(name) = &day.name {
            self.then_at(name.span);
        }
    }

    fn day_kind(&mut self, kind: &DayKind) {
        match kind {
            DayKind::Plain { value, weekdays } => self.day_value(value, weekdays.as_ref()),
            DayKind::Every { value, weekdays } => {
                self.attach("every");
                self.separate(Separator::Space);
                self.day_value(value, weekdays.as_ref());
            }
            DayKind::EveryWeeks { count, from, weekdays } => {
                self.attach("every");
                self.then_at(count.span);
                self.then("weeks");
                self.then("from");
                self.then_at(from.span);
                if let Some(weekdays) = weekdays {
                    self.separate(Separator::Space);
                    self.weekdays(weekdays);
                }
            }
            DayKind::Easter { offset, orthodox, easter } => {
                self.offset(offset.as_ref());
                if *orthodox {
                    self.attach("orthodox");
                    self.separate(Separator::Space);
                }
                self.at(easter.span);
            }
            DayKind::Ordinal { offset, which, weekdays, month } => {
                self.offset(offset.as_ref());
                self.at(which.span);
                self.separate(Separator::Space);
                self.weekdays(weekdays);
                self.then("of");
                self.then_at(month.span);
            }
        }
    }

    /// `2 days before`, with the space after it.
    fn offset(&mut self, offset: Option<&DayOffset>) {
        let Some(offset) = offset else { return };
        if let Some(count) = &offset.count {
            self.at(count.span);
            self.separate(Separator::Space);
        }
        self.at(offset.unit.span);
        self.then(if offset.before { "before" } else { "after" });
        self.separate(Separator::Space);
    }

    fn day_value(&mut self, value: &Value, weekdays: Option<&Weekdays>) {
        self.value(value);
        if let Some(weekdays) = weekdays {
            self.separate(Separator::Space);
            self.weekdays(weekdays);
        }
    }

    fn weekdays(&mut self, weekdays: &Weekdays) {
        self.at(weekdays.first.span);
        if let Some(last) = &weekdays.last {
            self.range_mark(RangeMark::Dash, false);
            self.at(last.span);
        }
    }

    pub(super) fn object(&mut self, object: &Object) {
        self.list(BRACES, BreakStyle::OneEach, &object.members, |printer, (key, value)| {
            printer.at(key.span);
            printer.attach(":");
            printer.separate(Separator::Space);
            printer.json(value);
        });
    }

    fn json(&mut self, json: &Json) {
        match json {
            Json::Object(object) => self.object(object),
            Json::Array(entries, _) => {
                let nested = entries.iter().any(|entry| matches!(entry, Json::Object(_) | Json::Array(..)));
                let style = if nested { BreakStyle::OneEach } else { BreakStyle::Fill };
                self.list(SQUARE, style, entries, |printer, entry| printer.json(entry));
            }
            Json::Text(text) => self.at(text.span),
            Json::Figure(token) => self.at(token.span),
            Json::Path(path) => self.at(path.span),
        }
    }
}

/// Whether a `-` between two values, without spaces, still reads as a range:
/// `2026-12-24-2026-12-26` is one figure, and `+1415-5` is one number.
fn dash_may_join(low: &Value, high: &Value) -> bool {
    let begins_apart = match high {
        Value::Figure(high) => high.text.starts_with('-'),
        Value::Path(_) => false,
        Value::Number(_) | Value::Text(_) => true,
        Value::Range(_) | Value::Moment { .. } | Value::List(_) | Value::Unreadable(..) => return false,
    };
    match (low, high) {
        (Value::Number(_), _) => begins_apart,
        (Value::Figure(low), Value::Figure(high)) if !low.text.starts_with('-') && !begins_apart => {
            let is_time = |figure: &Token| figure.text.contains(|c: char| !c.is_ascii_digit());
            let dashes = low.text.contains('-') || high.text.contains('-');
            !dashes && (is_time(low) || is_time(high))
        }
        (Value::Figure(_) | Value::Path(_) | Value::Text(_), _) => true,
        (Value::Range(_) | Value::Moment { .. } | Value::List(_) | Value::Unreadable(..), _) => false,
    }
}
