//! Lists come in pages. A page names the position of its last row, so what is added or deleted
//! between two pages neither hides a row nor shows one twice.

use std::fmt;
use std::str::FromStr;

/// Which part of a list to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Maximum number of rows.
    pub limit: usize,
    /// The position after which to begin: [`Listed::next`] of the page before; `None` for the first
    /// page.
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

/// A position in a list. It stays valid as long as the database, but only for the same list,
/// filters and organization, which the caller must check. Written as 32 digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListPosition(pub(super) u128);

impl Page {
    /// The first page, with at most `limit` rows.
    pub fn first(limit: usize) -> Self {
        Self { limit, after: None }
    }

    /// The number of rows to read: one more than the page has shows whether there is a next page.
    pub(super) fn asked(&self) -> i64 {
        i64::try_from(self.limit).unwrap_or(i64::MAX).saturating_add(1)
    }

    /// The number after which the page begins, in a list in ascending order from 1.
    pub(super) fn after_number(&self) -> i64 {
        self.after.map_or(0, |place| i64::try_from(place.0).unwrap_or(i64::MAX))
    }

    /// The number before which the page begins, in a list in descending order.
    pub(super) fn before_number(&self) -> i64 {
        self.after.map_or(i64::MAX, |place| i64::try_from(place.0).unwrap_or(i64::MAX))
    }
}

/// Maximum size of the texts in a page, in bytes. A larger item has a page of its own.
const MAXIMUM_BYTES: usize = 1 << 20;

/// The rows of a page whose items may be large, up to those that do not fit.
#[derive(Debug)]
pub(super) struct BoundedRows<T> {
    rows: Vec<(ListPosition, T)>,
    bytes: usize,
    is_full: bool,
}

impl<T> BoundedRows<T> {
    pub(super) fn new() -> Self {
        Self { rows: Vec::new(), bytes: 0, is_full: false }
    }

    /// Adds a row with texts of this size, and says whether there may be more. The first row always
    /// fits.
    pub(super) fn add(&mut self, row: (ListPosition, T), bytes: usize) -> bool {
        self.bytes = self.bytes.saturating_add(bytes);
        self.is_full = self.bytes > MAXIMUM_BYTES && !self.rows.is_empty();
        if !self.is_full {
            self.rows.push(row);
        }
        !self.is_full
    }

    /// The page. There is a next one if a row did not fit, or if there are more than were asked for.
    pub(super) fn page(self, page: &Page) -> Listed<T> {
        let last = self.rows.last().filter(|_| self.is_full).map(|(place, _)| *place);
        let listed = Listed::new(page, self.rows);
        Listed { next: listed.next.or(last), ..listed }
    }
}

impl<T> Listed<T> {
    /// A page of the rows read, each with its position. There is a next page if there are
    /// [`Page::asked`] rows.
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

/// The text is not a position in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAPlace;

impl FromStr for ListPosition {
    type Err = NotAPlace;

    fn from_str(text: &str) -> Result<Self, NotAPlace> {
        let is_canonical = text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        is_canonical.then(|| u128::from_str_radix(text, 16).map(Self).map_err(|_| NotAPlace)).ok_or(NotAPlace)?
    }
}
