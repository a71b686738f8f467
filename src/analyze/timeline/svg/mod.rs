//! A timeline as a drawing: a row a day, the hours of the clock from left to right, a color an
//! outcome.
//!
//! Text in, text out, for the command line, the service and a web page alike. The drawing stands
//! alone: no font, script or style from elsewhere. What the clock skips is left blank; where it
//! shows an hour twice, the row has two lanes, the first time above the second.

mod fill;
mod piece;
mod text;

use super::Timeline;
use super::days::{ClockJump, ZoneDay, days};
use super::words::{Words, words};
use crate::call::Call;
use crate::eval::{shown_time, weekday_word};
use crate::phone::Number;
use crate::plan::CheckedPlan;
use fill::Fill;
use piece::{SvgRectangle, SvgText, label, pieces, skipped};
use std::fmt::Write;
use text::{cut, width, xml};

/// Maximum number of days in a drawing: one month.
pub const MAX_DAYS: usize = 31;

const MARGIN: f64 = 24.0;
/// The x coordinate of the first hour, and the width of an hour, in pixels.
const LEFT: f64 = 148.0;
const HOUR: f64 = 36.0;
const TOP: f64 = 92.0;
const ROW: f64 = 38.0;
const GAP: f64 = 6.0;
const ENTRY: f64 = 26.0;
const GRAY: &str = "#5b6670";

/// Draws what a timeline says of a call.
pub fn draw(plan: &CheckedPlan, call: &Call, timeline: &Timeline) -> String {
    let drawing = Drawing::new(plan, call, timeline);
    let mut out = String::new();
    drawing.open(&mut out);
    drawing.head(&mut out);
    drawing.hours(&mut out);
    for (at, day) in drawing.days.iter().enumerate() {
        drawing.row(&mut out, day, TOP + at as f64 * (ROW + GAP));
    }
    drawing.legend(&mut out);
    out.push_str("</svg>\n");
    out
}

struct Drawing<'a> {
    plan: &'a CheckedPlan,
    call: &'a Call,
    timeline: &'a Timeline,
    days: Vec<ZoneDay>,
    words: Vec<Words>,
    /// The outcomes in the order of the legend, the one that takes most of the time first; and each
    /// one's place in it.
    ranked: Vec<usize>,
    places: Vec<usize>,
}

/// Adds a line. Writing to a text cannot fail.
macro_rules! line {
    ($out:expr, $($piece:tt)*) => {{ let _ = writeln!($out, $($piece)*); }};
}

impl<'a> Drawing<'a> {
    fn new(plan: &'a CheckedPlan, call: &'a Call, timeline: &'a Timeline) -> Self {
        let mut seconds = vec![0_i64; timeline.outcomes.len()];
        for stretch in &timeline.stretches {
            seconds[stretch.outcome] += stretch.until.as_second() - stretch.from.as_second();
        }
        let mut ranked: Vec<usize> = (0..seconds.len()).collect();
        ranked.sort_by_key(|outcome| {
            (std::cmp::Reverse(seconds[*outcome]), &timeline.outcomes[*outcome].chances[0].ending)
        });
        let mut places = vec![0; ranked.len()];
        ranked.iter().enumerate().for_each(|(place, outcome)| places[*outcome] = place);
        let days = days(plan.zone(), timeline.from, timeline.until);
        Self { plan, call, timeline, days, words: words(plan, timeline), ranked, places }
    }

    fn width(&self) -> f64 {
        let jumping = self.days.iter().filter(|day| !day.jumps().is_empty());
        let aside = jumping.map(|day| width(&day.shown_length(), 12.0)).fold(0.0, f64::max);
        (LEFT + 24.0 * HOUR + MARGIN + aside).ceil()
    }

    fn bottom_of_rows(&self) -> f64 {
        TOP + self.days.len() as f64 * (ROW + GAP) - GAP
    }

    /// The frame, and what a screen reader says.
    fn open(&self, out: &mut String) {
        let (width, height) = (self.width(), self.bottom_of_rows() + 30.0 + self.ranked.len() as f64 * ENTRY);
        line!(
            out,
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" font-family="Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif" font-size="13">"#
        );
        line!(out, "<title>{}, {}</title>", xml(&self.title()), xml(&self.period()));
        let legend: Vec<String> = self.legend_entries().map(|(letter, _, words)| spoken(&letter, words)).collect();
        let about =
            format!("A row for each day, with the hours from left to right. {}: ", capital(&self.circumstances()));
        line!(out, "<desc>{}{}.</desc>", xml(&about), xml(&legend.join("; ")));
        out.push_str("<defs>\n");
        (0..self.ranked.len().min(Fill::COUNT)).for_each(|place| Fill::new(place).define(out));
        line!(
            out,
            r##"<pattern id="callplan-skipped" width="6" height="6" patternUnits="userSpaceOnUse"><path d="M-1 1L1 -1M0 6L6 0M5 7L7 5" stroke="#c9d0d6" stroke-width="0.8"/></pattern>"##
        );
        out.push_str("</defs>\n");
        line!(out, r##"<rect width="{width}" height="{height}" fill="#ffffff"/>"##);
    }

    /// `Calls to +15035550100`
    fn title(&self) -> String {
        format!("Calls to {}", self.call.called_number)
    }

    /// `mon 2026-12-07 to sun 2026-12-13 in America/Los_Angeles`
    fn period(&self) -> String {
        let shown = |day: &ZoneDay| format!("{} {}", weekday_word(day.date.weekday()), day.date);
        let days = match &self.days[..] {
            [] => String::new(),
            [only] => shown(only),
            [first, .., last] => format!("{} to {}", shown(first), shown(last)),
        };
        format!("{days} in {}", self.plan.zone().name())
    }

    /// `calls from +15035550142, on trunk "main", with snow_day on`
    fn circumstances(&self) -> String {
        let call = self.call;
        let caller = call.caller_number.as_deref().unwrap_or_default();
        let mut parts = vec![match Number::read(caller) {
            Number::Withheld => "calls from a withheld number".to_owned(),
            Number::E164(_) | Number::Local(_) => format!("calls from {caller}"),
        }];
        for (field, text) in call.texts() {
            let (preposition, noun) = field.in_words();
            parts.push(format!("{preposition} {noun} \"{text}\""));
        }
        parts.extend((!call.switches.is_empty()).then(|| format!("with {} on", call.switches.join(", "))));
        parts.join(", ")
    }

    fn head(&self, out: &mut String) {
        let room = self.width() - 2.0 * MARGIN;
        let title = xml(&cut(&self.title(), 20.0, room));
        line!(out, r##"<text x="{MARGIN}" y="36" font-size="20" font-weight="bold" fill="#1c2329">{title}</text>"##);
        let rest = xml(&cut(&format!("{}; {}", self.period(), self.circumstances()), 13.0, room));
        line!(out, r#"<text x="{MARGIN}" y="57" fill="{GRAY}">{rest}</text>"#);
    }

    fn hours(&self, out: &mut String) {
        let bottom = self.bottom_of_rows();
        for hour in 0..=24_u16 {
            let x = LEFT + f64::from(hour) * HOUR;
            let (color, from) = if hour.is_multiple_of(3) { ("#aab4bd", TOP - 6.0) } else { ("#dde2e7", TOP - 2.0) };
            line!(out, r#"<path d="M{x} {from}V{bottom}" stroke="{color}" stroke-width="1"/>"#);
            if hour.is_multiple_of(3) {
                let shown = shown_time(hour * 60);
                line!(
                    out,
                    r#"<text x="{x}" y="{}" font-size="12" text-anchor="middle" fill="{GRAY}">{shown}</text>"#,
                    TOP - 11.0
                );
            }
        }
    }

    fn row(&self, out: &mut String, day: &ZoneDay, top: f64) {
        let middle = top + ROW / 2.0 + 4.5;
        let (weekday, date) = (weekday_word(day.date.weekday()), day.date);
        line!(out, r##"<text x="{MARGIN}" y="{middle}" font-weight="bold" fill="#1c2329">{weekday}</text>"##);
        line!(out, r#"<text x="{}" y="{middle}" fill="{GRAY}">{date}</text>"#, MARGIN + 38.0);
        let jumps = day.jumps();
        for jump in &jumps {
            if let ClockJump::Skips(minutes) = jump {
                skipped(out, minutes, top);
            }
        }
        for stretch in day.stretches(self.timeline) {
            self.stretch(out, day, &jumps, stretch, top);
        }
        if !jumps.is_empty() {
            let x = LEFT + 24.0 * HOUR + 10.0;
            let length = day.shown_length();
            line!(out, r#"<text x="{x}" y="{middle}" font-size="12" fill="{GRAY}">{length}</text>"#);
        }
    }

    /// One stretch of a day: its pieces, and what it says when pointed at.
    fn stretch(&self, out: &mut String, day: &ZoneDay, jumps: &[ClockJump], stretch: super::OutcomePeriod, top: f64) {
        let words = &self.words[stretch.outcome];
        let shown = day.shown(stretch.from, stretch.until);
        let weekday = weekday_word(day.date.weekday());
        let hint = xml(&format!("{weekday} {} {shown}: {} by {}", day.date, words.what, words.by));
        line!(out, "<g><title>{hint}</title>");
        for piece in pieces(day, jumps, &stretch, top) {
            self.piece(out, &piece, self.places[stretch.outcome], words, &shown);
        }
        line!(out, "</g>");
    }

    fn piece(&self, out: &mut String, piece: &SvgRectangle, place: usize, words: &Words, shown: &str) {
        let fill = Fill::new(place);
        let SvgRectangle { x, y, width, height } = piece;
        let paint = fill.paint();
        line!(
            out,
            r##"<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{paint}" stroke="#ffffff" stroke-width="1.5"/>"##
        );
        label(out, piece, fill, &SvgText::that_fit(piece, &letter(place), &words.short, shown));
    }

    /// The letter, the fill and the words of each outcome.
    fn legend_entries(&self) -> impl Iterator<Item = (String, Fill, &Words)> {
        self.ranked.iter().enumerate().map(|(place, outcome)| (letter(place), Fill::new(place), &self.words[*outcome]))
    }

    fn legend(&self, out: &mut String) {
        let mut y = self.bottom_of_rows() + 22.0;
        for (letter, fill, words) in self.legend_entries() {
            let swatch = SvgRectangle { x: MARGIN, y, width: 34.0, height: 20.0 };
            let paint = fill.paint();
            line!(
                out,
                r##"<rect x="{MARGIN}" y="{y}" width="34" height="20" fill="{paint}" stroke="#aab4bd" stroke-width="1"/>"##
            );
            label(out, &swatch, fill, &[SvgText::bold(letter, 12.0)]);
            let x = MARGIN + 46.0;
            let room = self.width() - x - MARGIN;
            let what = cut(&words.what, 13.0, room);
            let by = cut(&format!("by {}", words.by), 13.0, room - width(&what, 13.0));
            line!(
                out,
                r##"<text x="{x}" y="{}" fill="#1c2329">{} <tspan dx="6" fill="{GRAY}">{}</tspan></text>"##,
                y + 14.5,
                xml(&what),
                xml(&by)
            );
            y += ENTRY;
        }
    }
}

/// `A`, `B`, … `Z`, `AA`, …
fn letter(place: usize) -> String {
    let last = char::from(b'A' + (place % 26) as u8);
    if place < 26 { last.to_string() } else { format!("{}{last}", letter(place / 26 - 1)) }
}

fn spoken(letter: &str, words: &Words) -> String {
    format!("{letter}, {} by {}", words.what, words.by)
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
