//! Opens a database file. It checks the file first, and writes only to a sound file of callplan.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, MAIN_DB, OpenFlags, OptionalExtension};

use super::executor::LONGEST_WAIT;
use super::problems::{OpenError, OpenReason, StoreError};

/// The application id that marks a database of callplan: `cpln`, in SQLite's header.
const APPLICATION_ID: i32 = 0x6370_6c6e;

/// Bytes of the header up to the end of the application id.
const HEADER: usize = 72;

/// The steps from an empty file to the newest schema. Never change a released one: add the next.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_start.sql"),
    include_str!("migrations/0002_kinds_of_calls.sql"),
    include_str!("migrations/0003_columns_of_calls.sql"),
    include_str!("migrations/0004_local_numbers.sql"),
    include_str!("migrations/0005_lives_of_keys.sql"),
    include_str!("migrations/0006_audit_trail.sql"),
    include_str!("migrations/0007_erasing.sql"),
    include_str!("migrations/0008_limits.sql"),
    include_str!("migrations/0009_retention.sql"),
    include_str!("migrations/0010_further_fields_of_calls.sql"),
];

/// Maximum time of the search for damage. The call log, which may be large, comes last.
const LOOK: Duration = Duration::from_millis(200);

/// Pages of the write-ahead log (16 MiB) that are copied into the file together. When many calls
/// are logged, most pages are written again before they are copied.
const LOG_PAGES: u32 = 2048;

/// Page size of a new file, in bytes. Writing a page takes two system calls, and most pages belong
/// to the call log.
const PAGE: u32 = 8192;

/// Maximum number of statements that a connection keeps prepared: more than there are in this
/// module.
const STATEMENTS: usize = 128;

/// What the file is, before anything is written to it.
enum Found {
    Nothing,
    Ours,
}

/// The connection that writes, to a database with the newest schema. A refused file stays
/// unchanged.
pub fn open(path: &Path, create: bool) -> Result<Connection, OpenError> {
    let open = || {
        let file = std::path::absolute(path)?;
        match look(&file)? {
            Found::Nothing if !create => Err(OpenReason::Missing),
            Found::Nothing | Found::Ours => writer(&file, create),
        }
    };
    open().map_err(|reason| OpenError::new(path, reason))
}

/// Another connection, which only reads.
pub fn reader(path: &Path) -> Result<Connection, OpenError> {
    let open = || {
        let connection = connect(&std::path::absolute(path)?, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection.pragma_update(None, "query_only", true)?;
        // The files beside the database are the writer's to remove.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        Ok(connection)
    };
    open().map_err(|reason: OpenReason| OpenError::new(path, reason))
}

/// A connection to a database, if there is one. Its schema may be older. It could write: a
/// connection that cannot would leave the files of a log behind.
pub fn existing(path: &Path) -> Result<Connection, OpenReason> {
    let file = std::path::absolute(path)?;
    match look(&file)? {
        Found::Nothing => Err(OpenReason::Missing),
        Found::Ours => writable(&file),
    }
}

/// A connection that writes a database, whatever its schema is.
pub fn writable(path: &Path) -> Result<Connection, OpenReason> {
    connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
}

/// A connection that reads a database, of which all has been checked. Nobody may write to it
/// meanwhile.
pub fn sound(path: &Path) -> Result<Connection, OpenReason> {
    let file = std::path::absolute(path)?;
    if let Found::Nothing = look(&file)? {
        return Err(OpenReason::Missing);
    }
    let connection = match has_journal(&file) {
        true => connect(&file, OpenFlags::SQLITE_OPEN_READ_ONLY)?,
        false => whole(&file)?,
    };
    let outcome: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if outcome != "ok" {
        return Err(OpenReason::Corrupt(outcome.lines().last().unwrap_or_default().to_owned()));
    }
    let table: Option<String> = connection.query_row("PRAGMA foreign_key_check", [], |row| row.get(0)).optional()?;
    match table {
        Some(table) => Err(OpenReason::Corrupt(format!("a row of `{table}` refers to one that is not there"))),
        None => Ok(connection),
    }
}

/// A connection to a file without a log, if it has all its pages: SQLite reads what is missing of
/// the last one as zeros.
fn whole(file: &Path) -> Result<Connection, OpenReason> {
    let connection = connect_unchanging(file)?;
    let sql = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
    let length: u64 = connection.query_row(sql, [], |row| row.get(0))?;
    match fs::metadata(file)?.len() < length {
        true => Err(OpenReason::Corrupt("its end is missing".to_owned())),
        false => Ok(connection),
    }
}

/// A connection that reads a file as if nobody could change it.
fn connect_unchanging(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(unchanging(file), flags)
}

/// Checks what the file is, and whether it can be used.
fn look(file: &Path) -> Result<Found, OpenReason> {
    match fs::metadata(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(error) => return Err(error.into()),
        Ok(metadata) if metadata.is_dir() => return Err(io::Error::from(io::ErrorKind::IsADirectory).into()),
        // An interrupted first start leaves an empty file.
        Ok(metadata) if metadata.len() == 0 => return Ok(Found::Nothing),
        Ok(_) => {}
    }
    // What another process writes meanwhile may look like damage, so damage must be found twice.
    match judge(file) {
        Err(OpenReason::Corrupt(_)) => judge(file),
        judged => judged,
    }
}

/// Checks a file as if nobody could change it, so that SQLite makes no file beside it. If a file of
/// callplan has a journal, which may hold newer pages, it is checked as SQLite opens it.
fn judge(file: &Path) -> Result<Found, OpenReason> {
    let unchanging = connect_unchanging(file)?;
    if !has_journal(file) {
        return inspect(unchanging);
    }
    match whose(&unchanging) {
        // The journal may complete the file.
        Ok(()) | Err(OpenReason::Corrupt(_)) => {}
        // A first start that was interrupted before it wrote the header.
        Err(OpenReason::Foreign) if header(file)? == [0; HEADER] => return Ok(Found::Nothing),
        Err(reason) => return Err(reason),
    }
    drop(unchanging);
    match connect(file, OpenFlags::SQLITE_OPEN_READ_ONLY) {
        Ok(connection) => inspect(connection),
        // A first start that was interrupted after it wrote the header: the journal rolls it back
        // once somebody may write.
        Err(OpenReason::Store(StoreError::ReadOnly)) if header(file)?.ends_with(&APPLICATION_ID.to_be_bytes()) => {
            Ok(Found::Ours)
        }
        Err(reason) => Err(reason),
    }
}

fn has_journal(file: &Path) -> bool {
    ["-wal", "-journal"].iter().any(|suffix| beside(file, suffix).exists())
}

/// The path of a file that SQLite makes beside the database.
pub fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// The file's header up to the application id, read without SQLite. Only for a file that this
/// process has not open: closing it would release SQLite's locks.
fn header(file: &Path) -> io::Result<[u8; HEADER]> {
    let mut header = [0; HEADER];
    fs::File::open(file)?.read_exact(&mut header)?;
    Ok(header)
}

fn inspect(mut connection: Connection) -> Result<Found, OpenReason> {
    whose(&connection)?;
    let schema = schema(&connection)?;
    if schema > MIGRATIONS.len() {
        return Err(OpenReason::Newer { schema: schema as u32, known: MIGRATIONS.len() as u32 });
    }
    find_damage(&mut connection)?;
    Ok(Found::Ours)
}

fn whose(connection: &Connection) -> Result<(), OpenReason> {
    match connection.pragma_query_value(None, "application_id", |row| row.get::<_, i32>(0)) {
        Ok(APPLICATION_ID) => Ok(()),
        Ok(_) => Err(OpenReason::Foreign),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => Err(OpenReason::Foreign),
        Err(error) => Err(error.into()),
    }
}

/// The file's URI, for a connection that takes no lock and looks for no files beside it.
fn unchanging(file: &Path) -> PathBuf {
    let mut uri = String::from("file://");
    for byte in file.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => uri.push(char::from(*byte)),
            _ => uri += &format!("%{byte:02X}"),
        }
    }
    PathBuf::from(OsString::from(uri + "?immutable=1"))
}

/// Searches the tables for damage, at most for [`LOOK`].
fn find_damage(connection: &mut Connection) -> Result<(), OpenReason> {
    let end = Instant::now() + LOOK;
    connection.progress_handler(10_000, Some(move || Instant::now() > end))?;
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name = 'calls', rootpage";
    let tables: rusqlite::Result<Vec<String>> =
        connection.prepare(sql)?.query_map([], |row| row.get(0)).and_then(Iterator::collect);
    for table in tables? {
        let outcome =
            connection.query_row(&format!("PRAGMA quick_check('{table}')"), [], |row| row.get::<_, String>(0));
        match outcome {
            Ok(outcome) if outcome == "ok" => {}
            Ok(outcome) => return Err(OpenReason::Corrupt(outcome.lines().last().unwrap_or_default().to_owned())),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

fn writer(file: &Path, create: bool) -> Result<Connection, OpenReason> {
    let flags = if create { OpenFlags::SQLITE_OPEN_CREATE } else { OpenFlags::empty() };
    let mut connection = connect(file, OpenFlags::SQLITE_OPEN_READ_WRITE | flags)?;
    if connection.is_readonly(MAIN_DB)? {
        return Err(StoreError::ReadOnly.into());
    }
    // It has an effect only on an empty file.
    connection.pragma_update(None, "page_size", PAGE)?;
    // What is deleted is overwritten. The statement gives a row.
    connection.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update_and_check(None, "wal_autocheckpoint", LOG_PAGES, |_| Ok(()))?;
    migrate(&mut connection, create)?;
    // After the migration: until then, the rollback journal makes sure that a first start is
    // complete or leaves nothing.
    log_ahead(&connection)?;
    // Lets the log shrink after a time with many writes.
    connection.pragma_update_and_check(None, "journal_size_limit", 64 << 20, |_| Ok(()))?;
    // Reports a folder that does not allow the log now, not at the first write.
    connection.execute_batch("BEGIN IMMEDIATE; ROLLBACK").map_err(StoreError::from).map_err(not_beside)?;
    Ok(connection)
}

/// Switches the file to a write-ahead log. Processes that open a new file at the same time get in
/// each other's way here, and SQLite does not wait by itself.
fn log_ahead(connection: &Connection) -> Result<(), OpenReason> {
    let end = Instant::now() + LONGEST_WAIT;
    loop {
        let mode = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0));
        match mode.map_err(StoreError::from) {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(mode) => return Err(StoreError::Failed(format!("its journal is `{mode}`, not a log ahead")).into()),
            Err(StoreError::Busy) if Instant::now() < end => std::thread::sleep(Duration::from_millis(5)),
            Err(error) => return Err(error.into()),
        }
    }
}

/// Migrates the file to the newest schema, in one transaction. If two processes migrate at once,
/// the second finds it done.
fn migrate(connection: &mut Connection, create: bool) -> Result<(), OpenReason> {
    if schema(connection)? == MIGRATIONS.len() {
        return Ok(());
    }
    let transaction = begin_migration(connection)?;
    let done = schema(&transaction)?;
    if done == 0 && !create {
        return Err(OpenReason::Missing);
    }
    if done == 0 {
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    }
    for migration in MIGRATIONS.iter().skip(done) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", MIGRATIONS.len())?;
    Ok(transaction.commit()?)
}

/// Begins to write. A new file can give free pages back to the disk: that must be set before its
/// first page is written, and within the transaction that completes it.
fn begin_migration(connection: &mut Connection) -> Result<rusqlite::Transaction<'_>, OpenReason> {
    if schema(connection)? > 0 {
        return Ok(connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?);
    }
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Deferred)?;
    // It writes, and so locks out others.
    transaction.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    Ok(transaction)
}

fn schema(connection: &Connection) -> Result<usize, OpenReason> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0))? as usize)
}

/// Opens a connection. It is used by one thread alone, and the file is named by its path, whatever
/// characters that has.
fn connect(file: &Path, flags: OpenFlags) -> Result<Connection, OpenReason> {
    let open = || {
        let connection = Connection::open_with_flags(file, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(LONGEST_WAIT)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        // A statement is planned once, not again for the values of each query.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        // The first access to the file and the files beside it.
        connection.pragma_query_value(None, "user_version", |_| Ok(()))?;
        Ok(connection)
    };
    open().map_err(|error: rusqlite::Error| not_beside(error.into()))
}

/// The file exists, or its folder would not allow it to be made. So if SQLite cannot open
/// something, it is a file beside it.
fn not_beside(error: StoreError) -> OpenReason {
    match error {
        StoreError::Disk => StoreError::ReadOnly.into(),
        error => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_migration_is_listed_under_its_number() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/migrations");
        let mut files: Vec<_> =
            fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
        files.sort();
        assert_eq!(files.len(), MIGRATIONS.len());
        for ((file, listed), number) in files.iter().zip(MIGRATIONS).zip(1..) {
            let name = file.file_name().expect("a name").to_string_lossy();
            assert!(name.starts_with(&format!("{number:04}_")), "{name}");
            assert_eq!(&fs::read_to_string(file).expect("a migration"), listed, "{name}");
        }
    }

    #[test]
    fn any_path_is_a_path() {
        let uri = unchanging(Path::new("//tmp/a b?mode=memory#é%20"));
        assert_eq!(uri.to_str(), Some("file:////tmp/a%20b%3Fmode%3Dmemory%23%C3%A9%2520?immutable=1"));
    }
}
