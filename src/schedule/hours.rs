//! The hours of a line: windows of the local clock, in minutes.

/// Minutes in a day of the clock: what `24:00` is, and one more than the latest minute of a day.
pub const MINUTES_PER_DAY: u16 = 24 * 60;

/// A stretch of the local clock, from its start up to, not including, its end.
///
/// One whose end is not after its start crosses midnight; it belongs to the day it starts on and
/// runs into the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    start: u16,
    end: u16,
}

/// Why two minutes of the day make no window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BadWindow {
    /// Both ends are the same: `all day` was meant, or nothing.
    EqualEnds,
    /// The start is past 23:59, or the end past 24:00.
    OutOfRange,
}

impl Window {
    /// From minute `start` (0 to 1439) to minute `end` (0 to 1440) of the clock.
    pub fn new(start: u16, end: u16) -> Result<Self, BadWindow> {
        if start >= MINUTES_PER_DAY || end > MINUTES_PER_DAY {
            Err(BadWindow::OutOfRange)
        } else if start == end {
            Err(BadWindow::EqualEnds)
        } else {
            Ok(Self { start, end })
        }
    }

    /// The minute of the day at which it opens.
    pub fn start(self) -> u16 {
        self.start
    }

    /// The minute at which it closes, of the next day if it [crosses
    /// midnight](Self::crosses_midnight).
    pub fn end(self) -> u16 {
        self.end
    }

    /// Whether it runs into the day after the one it starts on.
    pub fn crosses_midnight(self) -> bool {
        self.end <= self.start
    }

    /// How many minutes of the clock it is open.
    pub fn minutes(self) -> u16 {
        if self.crosses_midnight() { MINUTES_PER_DAY - self.start + self.end } else { self.end - self.start }
    }

    /// Whether it is open at `minute` of the day it starts on.
    pub(super) fn is_open_on_its_day(self, minute: u16) -> bool {
        self.start <= minute && minute < self.end_on_its_day()
    }

    /// Whether it is still open at `minute` of the day after.
    pub(super) fn is_open_on_the_next(self, minute: u16) -> bool {
        minute < self.end_on_the_next()
    }

    /// Where it ends, or is cut by midnight, on the day it starts on.
    pub(super) fn end_on_its_day(self) -> u16 {
        if self.crosses_midnight() { MINUTES_PER_DAY } else { self.end }
    }

    /// Whether a clock that shows this minute is in the window, whatever the day.
    pub fn contains(self, minute: u16) -> bool {
        self.is_open_on_its_day(minute) || self.is_open_on_the_next(minute)
    }

    /// The minute at which the window ends on the next day; 0 if it ends on its own day.
    pub(super) fn end_on_the_next(self) -> u16 {
        if self.crosses_midnight() { self.end } else { 0 }
    }
}

/// What a line says of its days.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Hours {
    /// `closed`
    Closed,
    /// `all day`
    AllDay,
    /// `09:00-12:30, 13:30-17:30`. They may overlap; together they say when it is open.
    Windows(Vec<Window>),
    /// `closed 13:00-15:00`: taken away from the hours that the day has.
    ClosedWindows(Vec<Window>),
    /// `also 18:00-20:00`: added to the hours that the day has.
    AlsoWindows(Vec<Window>),
}

impl Hours {
    /// The windows that start on such a day: none when closed, the whole day for `all day`, and none
    /// of a line that only changes hours.
    pub fn windows(&self) -> &[Window] {
        const WHOLE_DAY: &[Window] = &[Window { start: 0, end: MINUTES_PER_DAY }];
        match self {
            Self::Closed | Self::ClosedWindows(_) | Self::AlsoWindows(_) => &[],
            Self::AllDay => WHOLE_DAY,
            Self::Windows(windows) => windows,
        }
    }

    /// The windows that it takes away from a day's hours, or adds to them, and whether it adds them;
    /// none where it decides the day instead.
    pub fn changed(&self) -> Option<(&[Window], bool)> {
        match self {
            Self::Closed | Self::AllDay | Self::Windows(_) => None,
            Self::ClosedWindows(windows) => Some((windows, false)),
            Self::AlsoWindows(windows) => Some((windows, true)),
        }
    }

    /// Whether it says `closed`, of the whole day.
    pub fn is_closed(&self) -> bool {
        matches!(self, Self::Closed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_leaves_out_its_end() {
        let window = Window::new(540, 750).unwrap();
        assert_eq!([539, 540, 749, 750].map(|minute| window.is_open_on_its_day(minute)), [false, true, true, false]);
        assert!(!window.is_open_on_the_next(0));
        assert_eq!(window.minutes(), 210);
    }

    #[test]
    fn a_window_whose_end_is_not_after_its_start_crosses_midnight() {
        let night = Window::new(22 * 60, 6 * 60).unwrap();
        assert!(night.crosses_midnight());
        assert!(night.is_open_on_its_day(1439) && !night.is_open_on_its_day(0));
        assert!(night.is_open_on_the_next(359) && !night.is_open_on_the_next(360));
        assert_eq!(night.minutes(), 480);
    }

    #[test]
    fn until_24_00_and_until_00_00_are_the_same_minutes() {
        let [to_24, to_0] = [1440, 0].map(|end| Window::new(1320, end).unwrap());
        for minute in 0..MINUTES_PER_DAY {
            assert_eq!(to_24.is_open_on_its_day(minute), to_0.is_open_on_its_day(minute));
            assert!(!to_24.is_open_on_the_next(minute) && !to_0.is_open_on_the_next(minute));
        }
        assert_eq!(to_24.minutes(), to_0.minutes());
    }

    #[test]
    fn equal_ends_and_a_start_at_24_00_are_refused() {
        assert_eq!(Window::new(540, 540), Err(BadWindow::EqualEnds));
        assert_eq!(Window::new(1440, 60), Err(BadWindow::OutOfRange));
        assert_eq!(Window::new(0, 1441), Err(BadWindow::OutOfRange));
        assert!(Window::new(0, 1440).is_ok());
    }
}
