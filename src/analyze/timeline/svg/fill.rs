//! Colors and patterns. The colors can be told apart by people who see few, and each has a pattern
//! of its own, so that the drawing can be read in gray, too.

use std::fmt::Write;

/// Ground, lines upon it, and text: after the eight colors that Okabe and Ito chose, with a pale
/// one for what is usual.
const COLORS: [[&str; 3]; 8] = [
    ["#e9eef3", "#bcc7d1", "#2b3640"],
    ["#0072b2", "#4d9fd0", "#ffffff"],
    ["#f0ad2e", "#b97a00", "#241800"],
    ["#52c4a3", "#00694c", "#00231a"],
    ["#dfa3c6", "#94507a", "#2b0f20"],
    ["#8ccdf2", "#2f7fb0", "#06222f"],
    ["#ef8b4a", "#ffd0b0", "#2a1200"],
    ["#f3e84f", "#a89f1d", "#2b2900"],
];

/// What a pattern is made of, in a tile of 8 by 8.
const LINES: [&str; 8] = [
    "",
    "M-2 2L2 -2M0 8L8 0M6 10L10 6",
    "M-2 6L2 10M0 0L8 8M6 -2L10 2",
    "M2 2h.01M6 6h.01",
    "M0 4H8M4 0V8",
    "M0 2H8M0 6H8",
    "M2 0V8M6 0V8",
    "M0 2L4 6L8 2",
];

/// How an outcome is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fill {
    color: usize,
    lines: usize,
}

impl Fill {
    /// Number of different fills.
    pub const COUNT: usize = 56;

    /// The fill of this number. The first, which is pale, and the second, which is dark, are plain.
    pub fn new(number: usize) -> Self {
        let number = number % Self::COUNT;
        Self { color: number % 8, lines: if number < 2 { 0 } else { (number + number / 8) % 8 } }
    }

    /// For `fill="…"`.
    pub fn paint(self) -> String {
        match self.lines {
            0 => self.ground().to_owned(),
            lines => format!("url(#callplan-fill-{}-{lines})", self.color),
        }
    }

    /// The color without its pattern: text stands on it.
    pub fn ground(self) -> &'static str {
        COLORS[self.color][0]
    }

    /// The color of text.
    pub fn ink(self) -> &'static str {
        COLORS[self.color][2]
    }

    /// Whether text needs its ground around it.
    pub fn is_patterned(self) -> bool {
        self.lines > 0
    }

    /// What `paint` refers to. Its name says what it is, so several drawings on one page do not mix
    /// theirs up.
    pub fn define(self, out: &mut String) {
        let [ground, line, _] = COLORS[self.color];
        if self.is_patterned() {
            let (color, lines) = (self.color, self.lines);
            // Dots are lines without length, with round ends.
            let width = if lines == 3 { 3.2 } else { 1.6 };
            // Writing to a text cannot fail.
            let _ = writeln!(
                out,
                r#"<pattern id="callplan-fill-{color}-{lines}" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="{ground}"/><path d="{}" fill="none" stroke="{line}" stroke-width="{width}" stroke-linecap="round"/></pattern>"#,
                LINES[lines]
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Fill;

    #[test]
    fn all_fills_differ() {
        let fills: Vec<String> = (0..Fill::COUNT).map(|number| Fill::new(number).paint()).collect();
        assert!((0..Fill::COUNT).all(|at| !fills[..at].contains(&fills[at])));
        assert_eq!(Fill::new(Fill::COUNT), Fill::new(0));
    }
}
