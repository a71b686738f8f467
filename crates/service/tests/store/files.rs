//! Which files are opened, and that refused files stay unchanged.

use std::fs;
use std::path::Path;

use callplan_service::store::{
    CallFilter, CallRecord, Kept, LockError, OpenReason, Page, ServerLock, Store, StoreError, StoreOptions,
};
use rusqlite::Connection;
use tempfile::TempDir;

use super::database::{TestStore, at, open, revision};

/// Page size of new files, in bytes.
const PAGE: usize = 8192;

const MAKE: StoreOptions = StoreOptions { create: true, readers: 2, log_lifetime: std::time::Duration::MAX };

/// Every file of a folder, with its content.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = entries
        .map(|path| (path.file_name().expect("a name").to_string_lossy().into_owned(), fs::read(path).expect("a file")))
        .collect();
    files.sort();
    files
}

/// Asserts that the file is refused for this reason, that the message names it, and that nothing in
/// the folder changes.
fn refused(folder: &TempDir, is_reason: impl Fn(&OpenReason) -> bool, says: &str) {
    let path = folder.path().join("callplan.db");
    let before = contents(folder.path());
    for options in [MAKE, StoreOptions::default()] {
        let error = Store::open(&path, options).map(drop).expect_err("it is refused");
        assert!(is_reason(&error.reason), "{error:?}");
        let message = error.to_string();
        assert!(message.contains(says) && message.contains(&*path.to_string_lossy()), "{message}");
    }
    assert!(before == contents(folder.path()), "it is as it was");
}

/// A folder with a `callplan.db` that `make` has made.
fn folder(make: impl FnOnce(&Path)) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    make(&folder.path().join("callplan.db"));
    folder
}

fn sql(path: &Path, sql: &str) {
    Connection::open(path).and_then(|connection| connection.execute_batch(sql)).expect("it is done");
}

#[test]
fn a_missing_file_is_made_only_if_wanted() {
    let folder = folder(|_| {});
    let path = folder.path().join("callplan.db");
    let error = Store::open(&path, StoreOptions::default()).map(drop).expect_err("it is not there");
    assert!(matches!(error.reason, OpenReason::Missing), "{error:?}");
    assert!(contents(folder.path()).is_empty());
    drop(Store::open(&path, MAKE).expect("it is made"));
    let left: Vec<_> = contents(folder.path()).into_iter().map(|(name, _)| name).collect();
    assert_eq!(left, ["callplan.db"], "a store that is closed leaves one file");
    drop(Store::open(&path, StoreOptions::default()).expect("it is there"));

    let nowhere = folder.path().join("no/such/folder.db");
    assert!(Store::open(&nowhere, MAKE).is_err());
}

#[test]
fn an_empty_file_is_one_that_is_not_made_yet() {
    let folder = folder(|path| fs::write(path, "").expect("a file"));
    let path = folder.path().join("callplan.db");
    assert!(matches!(
        Store::open(&path, StoreOptions::default()).map(drop).map_err(|error| error.reason),
        Err(OpenReason::Missing)
    ));
    drop(Store::open(&path, MAKE).expect("it is made"));
}

#[test]
fn what_is_written_is_there_when_it_is_opened_again() {
    let folder = folder(|_| {});
    let path = folder.path().join("a name with ? and # and %20.db");
    let made = open(path.clone())
        .write(|transaction| transaction.create_organization("Acme", at(0)))
        .wait()
        .expect("it is written");
    let organization = open(path).read(move |snapshot| snapshot.organization(made.id)).wait();
    assert_eq!(organization.map(|stored| stored.map(|organization| organization.name)), Ok(Some("Acme".to_owned())));
}

#[test]
fn others_files_are_refused() {
    let is_foreign = |reason: &OpenReason| matches!(reason, OpenReason::Foreign);
    let text = folder(|path| fs::write(path, "no database\n".repeat(1000)).expect("a file"));
    refused(&text, is_foreign, "is no database of callplan");
    let short = folder(|path| fs::write(path, "x").expect("a file"));
    refused(&short, is_foreign, "is no database of callplan");
    let other = folder(|path| sql(path, "CREATE TABLE organizations (id); PRAGMA user_version = 1;"));
    refused(&other, is_foreign, "is no database of callplan");
    let marked = folder(|path| sql(path, "PRAGMA application_id = 7; PRAGMA journal_mode = WAL; CREATE TABLE t (x);"));
    refused(&marked, is_foreign, "is no database of callplan");
    let is_io = |reason: &OpenReason| matches!(reason, OpenReason::Io(_));
    let folder_itself = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder_itself.path().join("callplan.db")).expect("a folder");
    let error = Store::open(&folder_itself.path().join("callplan.db"), MAKE).map(drop).expect_err("it is a folder");
    assert!(is_io(&error.reason), "{error:?}");
}

#[test]
fn a_newer_schema_is_refused() {
    let is_newer = |reason: &OpenReason| matches!(reason, OpenReason::Newer { schema: 1000, .. });
    let newer = folder(|path| {
        drop(open(path.to_owned()));
        sql(path, "PRAGMA user_version = 1000; PRAGMA wal_checkpoint(TRUNCATE);");
    });
    refused(&newer, is_newer, "was written by a newer callplan");
}

#[test]
fn a_newer_schema_that_is_only_in_the_log_is_refused_too() {
    let made = folder(|path| drop(open(path.to_owned())));
    let path = made.path().join("callplan.db");
    // A killed process leaves its log beside the file.
    let writer = Connection::open(&path).expect("it opens");
    writer.execute_batch("PRAGMA wal_autocheckpoint = 0; PRAGMA user_version = 1000").expect("it is written");
    let killed = folder(|copy| {
        fs::copy(&path, copy).expect("a copy");
        fs::copy(path.with_extension("db-wal"), copy.with_extension("db-wal")).expect("a copy");
    });
    let before = contents(killed.path());
    let error = Store::open(&killed.path().join("callplan.db"), MAKE).map(drop).expect_err("it is newer");
    assert!(matches!(error.reason, OpenReason::Newer { schema: 1000, .. }), "{error:?}");
    let after: Vec<_> = contents(killed.path()).into_iter().filter(|(name, _)| !name.ends_with("-shm")).collect();
    assert!(before == after, "nothing but an index of the log is made");
}

#[test]
fn a_first_start_that_was_cut_short_begins_anew() {
    // Cut off after the first page, which has the application id, and within it.
    let cut_short = |has_header: bool| {
        folder(|copy| {
            let making = folder(|_| {});
            let path = making.path().join("callplan.db");
            let connection = Connection::open(&path).expect("it opens");
            let steps = "PRAGMA cache_size = 1; BEGIN IMMEDIATE; PRAGMA application_id = 0x63706c6e;
                         CREATE TABLE t (x); INSERT INTO t VALUES (randomblob(200000)); INSERT INTO t SELECT x FROM t;";
            connection.execute_batch(steps).expect("it is written");
            let mut bytes = fs::read(&path).expect("a file");
            if has_header {
                bytes[..16].copy_from_slice(b"SQLite format 3\0");
                bytes[16..28].copy_from_slice(&[16, 0, 1, 1, 0, 64, 32, 32, 0, 0, 0, 1]);
                bytes[68..72].copy_from_slice(&0x6370_6c6e_u32.to_be_bytes());
            }
            fs::write(copy, bytes).expect("a copy");
            fs::copy(path.with_extension("db-journal"), copy.with_extension("db-journal")).expect("a copy");
        })
    };
    for has_header in [false, true] {
        let folder = cut_short(has_header);
        let path = folder.path().join("callplan.db");
        assert!(fs::metadata(&path).expect("a file").len() > 100_000, "it is half written");
        let error = Store::open(&path, StoreOptions::default()).map(drop).expect_err("there is nothing in it");
        assert!(matches!(error.reason, OpenReason::Missing), "{error:?}");
        let folder = cut_short(has_header);
        let store = open(folder.path().join("callplan.db"));
        assert!(store.write(|transaction| transaction.create_organization("Acme", at(0))).wait().is_ok());
    }
}

#[test]
fn damage_is_found() {
    let database = TestStore::new();
    let organization = database.organization();
    for number in 0..200 {
        database.write(move |transaction| {
            transaction.create_organization(&format!("organization {number} {}", "x".repeat(200)), at(0))
        });
    }
    database.write(move |transaction| transaction.create_config(organization, revision("reject"), at(0)));
    let path = database.path();
    sql(&path, "PRAGMA wal_checkpoint(TRUNCATE)");
    let sound = fs::read(&path).expect("a file");
    let pages = sound.len() / PAGE;
    let mut damaged_pages = 0;
    for page in 0..pages {
        let damaged = folder(|copy| {
            let mut bytes = sound.clone();
            // All bytes of the page, but not the file's header, which has the application id.
            let start = page * PAGE + if page == 0 { 100 } else { 0 };
            bytes[start..(page + 1) * PAGE].iter_mut().for_each(|byte| *byte ^= 0xa5);
            fs::write(copy, bytes).expect("a file");
        });
        let before = contents(damaged.path());
        if let Err(error) = Store::open(&damaged.path().join("callplan.db"), StoreOptions::default()).map(drop) {
            assert!(matches!(error.reason, OpenReason::Corrupt(_)), "page {page}: {error:?}");
            assert!(error.to_string().contains("is damaged, and is left as it is"), "{error}");
            assert!(before == contents(damaged.path()), "page {page} is as it was");
            damaged_pages += 1;
        }
    }
    assert_eq!(damaged_pages, pages, "of {pages} pages");
}

#[test]
fn a_cut_file_is_damaged() {
    let made = folder(|path| drop(open(path.to_owned())));
    let bytes = fs::read(made.path().join("callplan.db")).expect("a file");
    let is_corrupt = |reason: &OpenReason| matches!(reason, OpenReason::Corrupt(_));
    let cut = folder(|path| fs::write(path, &bytes[..bytes.len() / 2]).expect("a file"));
    refused(&cut, is_corrupt, "is damaged");
}

#[test]
fn a_locked_file_is_busy() {
    let made = folder(|path| drop(open(path.to_owned())));
    let path = made.path().join("callplan.db");
    let holder = Connection::open(&path).expect("it opens");
    holder
        .execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE access SET stamp = 0")
        .expect("held");
    let error = Store::open(&path, StoreOptions::default()).map(drop).expect_err("it is held");
    assert!(matches!(error.reason, OpenReason::Store(StoreError::Busy)), "{error:?}");
    assert!(error.to_string().contains("the database is busy"));
    drop(holder);
    drop(open(path));
}

#[test]
fn two_that_make_a_file_at_once_make_one() {
    for _ in 0..10 {
        let folder = folder(|_| {});
        let path = folder.path().join("callplan.db");
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let path = path.clone();
                std::thread::spawn(move || {
                    open(path).write(|transaction| transaction.create_organization("Acme", at(0)).map(drop)).wait()
                })
            })
            .collect();
        for thread in threads {
            assert_eq!(thread.join().expect("no panic"), Ok(()));
        }
        let listed = open(path).read(|snapshot| snapshot.organizations(&Page::first(9))).wait().expect("a page");
        assert_eq!(listed.items.len(), 8);
    }
}

#[test]
fn a_file_has_one_server() {
    let folder = folder(|path| drop(open(path.to_owned())));
    let path = folder.path().join("callplan.db");
    let first = ServerLock::take(&path).expect("it is free");
    let second = ServerLock::take(&path);
    assert!(matches!(second, Err(LockError::Taken(_))), "{second:?}");
    #[cfg(unix)]
    {
        let link = folder.path().join("link.db");
        std::os::unix::fs::symlink(&path, &link).expect("a link");
        assert!(matches!(ServerLock::take(&link), Err(LockError::Taken(_))), "another name, the same file");
    }
    drop(open(path.clone()));
    drop(first);
    drop(ServerLock::take(&path).expect("it is free again"));
    drop(ServerLock::take(&folder.path().join("other.db")).expect("another file is another server's"));
}

#[test]
fn a_database_of_the_first_schema_is_taken_to_the_newest_with_its_calls() {
    let old = folder(|path| {
        sql(path, include_str!("../../src/store/migrations/0001_start.sql"));
        sql(
            path,
            r#"PRAGMA application_id = 0x63706c6e; PRAGMA user_version = 1;
             INSERT INTO organizations (id, name, created_at, stamp) VALUES (x'0b5f6a0e5a0c4a519d6e0c8f5a2b7e11', 'Acme', 0, 0);
             INSERT INTO calls (organization, id, action, source, rule, call, decision, switches, release, masked)
             VALUES (x'0b5f6a0e5a0c4a519d6e0c8f5a2b7e11', x'01890000000070008000000000000001', 'answer', 'workflow', 'Night',
                     '{"caller_number":null,"called_number":"+18005550100","trunk_id":"a","timestamp":"2026-03-01T17:00:00.0123456Z"}',
                     '{"action":"answer","version":4,"config_revision":12}', '[]', '0.1.0', 0),
                    (x'0b5f6a0e5a0c4a519d6e0c8f5a2b7e11', x'01880000000070008000000000000001', 'disconnect', 'none', NULL,
                     '{"caller_number":"+14155550100","called_number":"","trunk_id":null,"timestamp":"1969-12-31T23:59:59Z"}', '{}', '[]', '0.1.0', 0);
             INSERT INTO definitions (text) VALUES ('reject'), ('fallback'), ('# another organization');
             INSERT INTO revisions VALUES
               (x'0b5f6a0e5a0c4a519d6e0c8f5a2b7e11', 1, 1, NULL, NULL, 1, '[]', 0, 'key', x'00', NULL),
               (x'0b5f6a0e5a0c4a519d6e0c8f5a2b7e11', 2, 2, NULL, NULL, 1, '[]', 0, 'key', x'00', NULL),
               (x'0b5f6a0e5a0c4a519d6e0c8f5a2b7e11', 3, 1, NULL, NULL, 1, '[]', 0, 'key', x'00', 1);
             INSERT INTO agents (id, organization, name, description, active, metadata, created_at, updated_at)
             VALUES (x'01890000000070008000000000000002', x'0b5f6a0e5a0c4a519d6e0c8f5a2b7e11', 'Desk', 'ü', 1, '{}', 0, 0);
             INSERT INTO agent_versions (id, agent, version, config, created_at)
             VALUES (x'01890000000070008000000000000003', x'01890000000070008000000000000002', 1, '{"a":1}', 0),
                    (x'01890000000070008000000000000004', x'01890000000070008000000000000002', 2, NULL, 0);
             INSERT INTO phone_numbers (phone_number, organization, created_at)
             VALUES ('+18005550100', x'0b5f6a0e5a0c4a519d6e0c8f5a2b7e11', 0);
             INSERT INTO keys (id, organization, name, scopes, hash, created_at, revoked_at)
             VALUES (x'01890000000070008000000000000005', x'0b5f6a0e5a0c4a519d6e0c8f5a2b7e11', 'A', '', zeroblob(32), 0, NULL),
                    (x'01890000000070008000000000000006', x'0b5f6a0e5a0c4a519d6e0c8f5a2b7e11', 'B', '', zeroblob(32), 0, 0);"#,
        );
    });
    let store = open(old.path().join("callplan.db"));
    let organization = "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11".parse().expect("an id");
    let kept = store.read(move |snapshot| snapshot.kept(organization)).wait();
    assert_eq!(kept, Ok(Kept { text_bytes: 6 + 8 + 2 + 2 + 7, keys: 1, agents: 1, numbers: 1 }));
    let calls_of = |filter: CallFilter| {
        store
            .read(move |snapshot| snapshot.calls(organization, &filter, &Page::first(10)))
            .wait()
            .expect("a page")
            .items
    };
    let rules = |filter| calls_of(filter).into_iter().map(|call| call.kind.rule.clone()).collect::<Vec<_>>();
    let night = Some("Night".to_owned());
    assert_eq!(rules(CallFilter::default()), [night.clone(), None], "the newest first");
    assert_eq!(rules(CallFilter { rule: night.clone(), ..CallFilter::default() }), [night]);
    let [call, before] = &calls_of(CallFilter::default())[..] else { panic!("two calls") };
    assert_eq!((call.revision, call.version), (Some(12), Some(4)));
    assert_eq!(call.decision(), r#"{"action":"answer"}"#);
    let came = |call: &CallRecord| {
        let CallRecord { caller_number, called_number, trunk_id, timestamp, .. } = call.clone();
        (caller_number, called_number, trunk_id, timestamp.to_string())
    };
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(came(call), (None, "+18005550100".into(), text("a"), "2026-03-01T17:00:00.012345Z".into()));
    assert_eq!(came(before), (text("+14155550100"), String::new(), None, "1969-12-31T23:59:59Z".into()));
}
