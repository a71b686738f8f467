//! `callplan backup`, `callplan restore` and `callplan verify`: copies of a database.

use std::io::Write;
use std::path::PathBuf;

use super::{Exit, Stop, complain};
use callplan_service::store::{self, Contents, CopyError, OpenReason};

/// Copies a database into a new file, also while a server is running on it
#[derive(clap::Args)]
#[command(after_help = "\
Example:
  callplan backup monday.db --database callplan.db

The copy is the database at one moment. It holds phone numbers, as far as the call log does; only its owner can read
it. What was deleted from the database is not in it.")]
pub struct BackupCommand {
    /// The file to make, which must not be there
    #[arg(value_name = "BACKUP")]
    file: PathBuf,
    /// The database file; a server may be running on it
    #[arg(long, value_name = "FILE")]
    database: PathBuf,
}

/// Checks a backup, and puts a copy of it in the place of a database
#[derive(clap::Args)]
#[command(after_help = "\
Example:
  callplan restore monday.db --database callplan.db --replace

It refuses while a server is running on the database. What the database had is lost, also keys that were revoked and
calls that were erased after the backup was made.")]
pub struct RestoreCommand {
    /// The backup
    #[arg(value_name = "BACKUP")]
    file: PathBuf,
    /// The database file
    #[arg(long, value_name = "FILE")]
    database: PathBuf,
    /// Replaces a database that is there
    #[arg(long)]
    replace: bool,
}

/// Checks all of a database or a backup
#[derive(clap::Args)]
#[command(after_help = "\
Example:
  callplan verify monday.db

It refuses while a server is running on the file. Exit codes: 0 if the file is a sound database, 1 if it is not, 2 if it
cannot be read.")]
pub struct VerifyCommand {
    /// The database or the backup
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl BackupCommand {
    pub fn run(self) -> Result<Exit, Stop> {
        store::backup(&self.database, &self.file).map_err(|error| refused(&error))?;
        Ok(Exit::Fine)
    }
}

impl RestoreCommand {
    pub fn run(self) -> Result<Exit, Stop> {
        let restored = store::restore(&self.file, &self.database, self.replace);
        let contents = restored.map_err(|error| match error {
            exists @ CopyError::Exists(_) => Stop::WrongUse(format!("{exists}; `--replace` replaces it")),
            error @ (CopyError::Lock(_) | CopyError::Open(_)) => refused(&error),
        })?;
        say(&contents)
    }
}

impl VerifyCommand {
    pub fn run(self) -> Result<Exit, Stop> {
        match store::verify(&self.file) {
            Ok(contents) => say(&contents),
            Err(error) if is_verdict(&error) => {
                complain(&error.to_string());
                Ok(Exit::NotFine)
            }
            Err(error) => Err(refused(&error)),
        }
    }
}

/// Whether the file was read, and is not a sound database.
fn is_verdict(error: &CopyError) -> bool {
    match error {
        CopyError::Open(error) => match error.reason {
            OpenReason::Foreign | OpenReason::Newer { .. } | OpenReason::Corrupt(_) => true,
            OpenReason::Missing | OpenReason::Io(_) | OpenReason::Store(_) => false,
        },
        CopyError::Lock(_) | CopyError::Exists(_) => false,
    }
}

fn say(contents: &Contents) -> Result<Exit, Stop> {
    let Contents { schema, organizations, calls } = contents;
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "sound: schema {schema}, organizations {organizations}, calls {calls}")?;
    stdout.flush()?;
    Ok(Exit::Fine)
}

fn refused(error: &CopyError) -> Stop {
    Stop::WrongUse(error.to_string())
}
