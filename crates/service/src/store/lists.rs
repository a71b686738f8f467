//! Lists come in pages. A page names its successor by the last row's place, so that what is added or deleted while
//! somebody turns pages neither hides a row nor shows one twice.

use std::fmt;
use std::str::FromStr;

/// Which part of a list is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// The most rows to give.
    pub limit: usize,
    /// The place after which to begin: [`Listed::next`] of the page before; `None` for the first page.
    pub after: Option<ListPosition>,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    /// Its rows, in the list's order.
    pub items: Vec<T>,
    /// Where the next page begins; `None` on the last page.
    pub next: Option<ListPosition>,
}

/// A place in a list, which lasts as long as the database. It means something in the list it comes from alone: whoever
/// hands one out sees to it that it comes back to the same list, filters and organization. Written as 32 digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListPosition(pub(super) u128);

impl Page {
    /// The first rows, so many at most.
    pub fn first(limit: usize) -> Self {
        Self { limit, after: None }
    }

    /// One row more than is given, so that it is known whether there is a next page.
    pub(super) fn asked(&self) -> i64 {
        i64::try_from(self.limit).unwrap_or(i64::MAX).saturating_add(1)
    }

    /// The number after which the page begins, in a list that counts up from 1.
    pub(super) fn after_number(&self) -> i64 {
        self.after.map_or(0, |place| i64::try_from(place.0).unwrap_or(i64::MAX))
    }

    /// The number before which the page begins, in a list that counts down.
    pub(super) fn before_number(&self) -> i64 {
        self.after.map_or(i64::MAX, |place| i64::try_from(place.0).unwrap_or(i64::MAX))
    }
}

impl<T> Listed<T> {
    /// A page of the rows read, each with its place; they are [`Page::asked`] if there are more.
    pub(super) fn new(page: &Page, mut rows: Vec<(ListPosition, T)>) -> Self {
        let has_more = rows.len() > page.limit;
        rows.truncate(page.limit);
        let next = rows.last().filter(|_| has_more).map(|(place, _)| *place);
        Self { items: rows.into_iter().map(|(_, item)| item).collect(), next }
    }
}

impl From<i64> for ListPosition {
    fn from(number: i64) -> Self {
        Self(u128::try_from(number).unwrap_or(0))
    }
}

impl fmt::Display for ListPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// Text that is no place in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAPlace;

impl FromStr for ListPosition {
    type Err = NotAPlace;

    fn from_str(text: &str) -> Result<Self, NotAPlace> {
        let is_written_so = text.len() == 32 && text.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
        is_written_so.then(|| u128::from_str_radix(text, 16).map(Self).map_err(|_| NotAPlace)).ok_or(NotAPlace)?
    }
}
