//! Where a stretch of a day lies in the drawing, and what is written there.

use super::super::OutcomePeriod;
use super::super::days::{ClockJump, ZoneDay};
use super::fill::Fill;
use super::text::{cut, width, xml};
use super::{HOUR, LEFT, ROW};
use crate::eval::shown_time;
use std::fmt::Write;
use std::ops::Range;

/// A rectangle of the drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SvgRectangle {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// Where a stretch of a day lies. It is cut where the clock jumps, and where it shows an hour twice
/// it takes one lane.
pub fn pieces(day: &ZoneDay, jumps: &[ClockJump], stretch: &OutcomePeriod, top: f64) -> Vec<SvgRectangle> {
    let twice: Vec<&Range<i64>> = jumps
        .iter()
        .filter_map(|jump| match jump {
            ClockJump::Repeats(minutes) => Some(minutes),
            ClockJump::Skips(_) => None,
        })
        .collect();
    let mut pieces = Vec::new();
    for (at, run) in day.runs.iter().enumerate() {
        let Some(minutes) = run.minutes_of(stretch.from, stretch.until) else { continue };
        let edges = twice.iter().flat_map(|twice| [twice.start, twice.end]).filter(|edge| minutes.contains(edge));
        let mut cuts: Vec<i64> = edges.chain([minutes.start, minutes.end]).collect();
        cuts.sort_unstable();
        cuts.dedup();
        for part in cuts.windows(2) {
            let is_twice = twice.iter().any(|twice| twice.contains(&part[0]));
            let again = day.runs[..at].iter().any(|before| before.minutes.contains(&part[0]));
            let height = if is_twice { ROW / 2.0 } else { ROW };
            let y = if is_twice && again { top + ROW / 2.0 } else { top };
            pieces.push(SvgRectangle { x: x_of(part[0]), y, width: x_of(part[1]) - x_of(part[0]), height });
        }
    }
    pieces
}

/// Rounded to a tenth, so that no digits are drawn that nobody sees.
fn x_of(minute: i64) -> f64 {
    (LEFT * 10.0 + minute.clamp(0, 1440) as f64 * HOUR / 6.0).round() / 10.0
}

/// Minutes that the clock never shows.
pub fn skipped(out: &mut String, minutes: &Range<i64>, top: f64) {
    let (x, width) = (x_of(minutes.start), x_of(minutes.end) - x_of(minutes.start));
    let time = |minute: i64| shown_time(minute as u16);
    // Writing to a text cannot fail.
    let _ = writeln!(
        out,
        r#"<g><title>the clock skips {}-{}</title><rect x="{x}" y="{top}" width="{width}" height="{ROW}" fill="url(#callplan-skipped)"/></g>"#,
        time(minutes.start),
        time(minutes.end)
    );
}

/// A line of text.
pub struct SvgText {
    text: String,
    size: f64,
    is_bold: bool,
}

impl SvgText {
    pub fn bold(text: String, size: f64) -> Self {
        Self { text, size, is_bold: true }
    }

    /// What a piece has room for: the outcome and under it the time; or a letter, which the legend
    /// explains.
    pub fn that_fit(piece: &SvgRectangle, letter: &str, outcome: &str, time: &str) -> Vec<Self> {
        const SMALLEST: f64 = 11.0;
        const WORTH_CUTTING: f64 = 84.0;
        let room = piece.width - 14.0;
        let fits = |text: &str, size: f64| width(text, size) <= room;
        let size = [13.0, 12.0].into_iter().find(|size| fits(outcome, *size)).unwrap_or(SMALLEST);
        if fits(outcome, size) || room > WORTH_CUTTING {
            let time = (fits(time, SMALLEST) && piece.height >= ROW).then(|| Self {
                text: time.to_owned(),
                size: SMALLEST,
                is_bold: false,
            });
            return [Self::bold(cut(outcome, size, room), size)].into_iter().chain(time).collect();
        }
        let letter = (piece.width >= 16.0).then(|| Self::bold(letter.to_owned(), 12.0));
        letter.into_iter().collect()
    }
}

/// Writes lines into the middle of a rectangle. On a pattern they get a plain ground.
pub fn label(out: &mut String, piece: &SvgRectangle, fill: Fill, lines: &[SvgText]) {
    let height: f64 = lines.iter().map(|line| line.size + 3.0).sum();
    let (x, top) = (piece.x + piece.width / 2.0, piece.y + (piece.height - height) / 2.0);
    if fill.is_patterned() && !lines.is_empty() {
        let widest = lines.iter().map(|line| width(&line.text, line.size)).fold(0.0, f64::max);
        let (width, height) = ((widest + 6.0).min(piece.width - 3.0), (height + 2.0).min(piece.height - 3.0));
        let (left, top) = (x - width / 2.0, piece.y + (piece.height - height) / 2.0);
        let ground = fill.ground();
        let _ = writeln!(
            out,
            r#"<rect x="{left:.1}" y="{top:.1}" width="{width:.1}" height="{height:.1}" rx="3" fill="{ground}"/>"#
        );
    }
    let mut baseline = top - 4.0;
    for SvgText { text, size, is_bold } in lines {
        baseline += size + 3.0;
        let weight = if *is_bold { r#" font-weight="bold""# } else { "" };
        let (ink, text) = (fill.ink(), xml(text));
        let _ = writeln!(
            out,
            r#"<text x="{x:.1}" y="{baseline:.1}" font-size="{size}"{weight} text-anchor="middle" fill="{ink}">{text}</text>"#
        );
    }
}
