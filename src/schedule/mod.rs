//! Opening hours: windows, dates, zones; is this open at that instant?
mod calendar;
mod days;
mod hours;
mod rank;
mod zone;
mod zone_names;

pub use days::{Days, MonthDay, Ordinal, OrdinalDay, Weekdays};
pub use hours::{BadWindow, Hours, MINUTES_PER_DAY, Window};
pub use rank::Narrowness;
pub use zone::{Moment, Skipped, Zone};
pub use zone_names::ZoneProblem;
