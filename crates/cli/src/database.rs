//! The database that a command works on; a server may be running on it.

use std::path::PathBuf;

use jiff::Timestamp;

use super::{Stop, clock};
use callplan_service::store::{
    AuditSource, Audited, Listed, Page, Snapshot, Store, StoreError, StoreOptions, Transaction,
};

/// The option that names the database.
#[derive(clap::Args)]
pub struct Database {
    /// The database file; a server may be running on it
    #[arg(long = "database", value_name = "FILE")]
    file: PathBuf,
}

impl Database {
    /// Opens the database, which must exist.
    pub fn open(&self) -> Result<Opened, Stop> {
        self.with(false)
    }

    /// Opens the database, and creates it if it is missing.
    pub fn open_or_make(&self) -> Result<Opened, Stop> {
        self.with(true)
    }

    fn with(&self, create: bool) -> Result<Opened, Stop> {
        let opened = Store::open(&self.file, StoreOptions { create, readers: 1, ..StoreOptions::default() });
        opened.map(Opened).map_err(|error| Stop::WrongUse(error.to_string()))
    }
}

/// An open database. An error of it ends the command.
pub struct Opened(Store);

impl Opened {
    /// Writes, along with what the audit trail says of it.
    pub fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<Audited<T>, StoreError> + Send + 'static,
    ) -> Result<T, Stop> {
        let source = AuditSource::command_line(clock::now().timestamp);
        let written = self.0.write(move |transaction| transaction.audited(&source, work(transaction)?));
        written.wait().map_err(|error| self.refused(error))
    }

    /// Visits all rows of a list, with one page in memory at a time.
    pub fn each<T: Send + 'static>(
        &self,
        list: impl Fn(&Snapshot<'_>, &Page) -> Result<Listed<T>, StoreError> + Clone + Send + 'static,
        mut visit: impl FnMut(T) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let mut page = Page::first(1000);
        loop {
            let list = list.clone();
            let read = self.0.read(move |snapshot| list(snapshot, &page)).wait();
            let Listed { items, next } = read.map_err(|error| self.refused(error))?;
            items.into_iter().try_for_each(&mut visit)?;
            match next {
                Some(_) => page.after = next,
                None => return Ok(()),
            }
        }
    }

    /// Works on the store in several transactions.
    pub fn with_store<T>(&self, work: impl FnOnce(&Store) -> Result<T, StoreError>) -> Result<T, Stop> {
        work(&self.0).map_err(|error| self.refused(error))
    }

    /// All rows of a list, page by page.
    pub fn list<T: Send + 'static>(
        &self,
        list: impl Fn(&Snapshot<'_>, &Page) -> Result<Listed<T>, StoreError> + Send + 'static,
    ) -> Result<Vec<T>, Stop> {
        let all = self.0.read(move |snapshot| {
            let mut page = Page::first(1000);
            let mut all = Vec::new();
            loop {
                let Listed { items, next } = list(snapshot, &page)?;
                all.extend(items);
                match next {
                    Some(_) => page.after = next,
                    None => return Ok(all),
                }
            }
        });
        all.wait().map_err(|error| self.refused(error))
    }

    fn refused(&self, error: StoreError) -> Stop {
        Stop::WrongUse(match error {
            StoreError::Conflict(conflict) => conflict.to_string(),
            error => format!("`{}` cannot be used: {error}", self.0.path().display()),
        })
    }
}

/// Reads the name of an organization, a user or a key.
pub fn name(text: &str) -> Result<String, String> {
    callplan_service::name::check(text).map_err(|wrong| format!("a name {wrong}"))?;
    Ok(text.to_owned())
}

/// Reads an id of this kind.
pub fn id<I: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<I, String> {
    text.parse().map_err(|error: I::Err| error.to_string())
}

/// Reads a time with an offset.
pub fn instant(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| "write a time with an offset, such as `2027-01-01T00:00:00Z`".into())
}
