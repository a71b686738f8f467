//! `backup`, `restore` and `verify`. Beside a running server: `crates/cli/tests/serve/copies.rs`.

use std::fs;
use std::path::Path;

use super::command::{Run, callplan};
use super::database::CommandDatabase;

/// Runs a command with such arguments, where `FOLDER` is the database's folder.
fn run(database: &CommandDatabase, command: &str) -> Run {
    let folder = database.folder().to_str().expect("UTF-8");
    command.split(' ').fold(callplan(""), |run, word| run.arg(&word.replace("FOLDER", folder))).run()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("one").file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    names
}

#[test]
fn a_backup_is_verified_and_restored() {
    let (database, id) = CommandDatabase::with_organization();
    run(&database, "backup FOLDER/monday.db --database FOLDER/callplan.db").fine();
    assert_eq!(names(database.folder()), ["callplan.db", "monday.db"]);
    let verified = run(&database, "verify FOLDER/monday.db").fine();
    assert!(verified.stdout.starts_with("sound: schema ") && verified.stdout.contains("organizations 1"), "{verified}");
    database.id(&["organizations", "create", "Later"]);
    let message = run(&database, "restore FOLDER/monday.db --database FOLDER/callplan.db").message(2);
    assert!(message.contains("is there already") && message.contains("--replace"), "{message}");
    assert_eq!(database.list("organizations").len(), 2);
    run(&database, "restore FOLDER/monday.db --database FOLDER/callplan.db --replace").fine();
    let [line] = &database.list("organizations")[..] else { panic!("one organization") };
    assert!(line.starts_with(&id), "{line}");
    run(&database, "restore FOLDER/monday.db --database FOLDER/new.db").fine();
    run(&database, "verify FOLDER/new.db").fine();
    assert_eq!(names(database.folder()), ["callplan.db", "monday.db", "new.db"]);
}

#[test]
fn a_log_that_a_killed_server_left_is_not_read_as_the_restored_databases() {
    let (database, _) = CommandDatabase::with_organization();
    run(&database, "backup FOLDER/monday.db --database FOLDER/callplan.db").fine();
    let writer = rusqlite::Connection::open(database.path()).expect("it opens");
    writer
        .execute_batch("PRAGMA wal_autocheckpoint = 0; UPDATE organizations SET name = 'Left in the log'")
        .expect("it is written");
    let wal = database.folder().join("callplan.db-wal");
    let left = fs::read(&wal).expect("a log");
    drop(writer);
    fs::write(&wal, left).expect("as after a kill");
    run(&database, "restore FOLDER/monday.db --database FOLDER/callplan.db --replace").fine();
    assert!(database.list("organizations")[0].ends_with("Riverside Dental"));
}

#[test]
fn what_is_no_sound_database_is_neither_copied_nor_restored() {
    let (database, _) = CommandDatabase::with_organization();
    let folder = database.folder();
    fs::write(folder.join("letter.db"), "Dear Sir or Madam,").expect("a file");
    let bytes = fs::read(database.path()).expect("a file");
    fs::write(folder.join("cut.db"), &bytes[..bytes.len() / 2]).expect("a file");
    // SQLite itself reads what is missing of the last page as zeros.
    fs::write(folder.join("short.db"), &bytes[..bytes.len() - 100]).expect("a file");
    assert!(run(&database, "verify FOLDER/short.db").message(1).contains("is damaged"));
    fs::remove_file(folder.join("short.db")).expect("it is there");
    let before = fs::read(database.path()).expect("a file");
    for (name, reason, code) in [
        ("letter.db", "is no database of callplan", 1),
        ("cut.db", "is damaged", 1),
        ("missing.db", "there is no such file", 2),
    ] {
        let verified = run(&database, &format!("verify FOLDER/{name}"));
        let message = verified.message(code);
        assert!(message.contains(reason) && message.contains(name), "{message}");
        let restored = run(&database, &format!("restore FOLDER/{name} --database FOLDER/callplan.db --replace"));
        assert!(restored.message(2).contains(reason));
        let fresh = run(&database, &format!("restore FOLDER/{name} --database FOLDER/fresh.db"));
        assert!(fresh.message(2).contains(reason));
        let copied = run(&database, &format!("backup FOLDER/copy.db --database FOLDER/{name}"));
        assert!(copied.message(2).contains(reason));
    }
    assert!(before == fs::read(database.path()).expect("a file"), "it is as it was");
    assert_eq!(names(folder), ["callplan.db", "cut.db", "letter.db"]);
}

#[test]
fn damage_that_only_a_whole_check_finds_is_found() {
    let (database, _) = CommandDatabase::with_organization();
    let writer = rusqlite::Connection::open(database.path()).expect("it opens");
    writer
        .execute_batch(
            "PRAGMA foreign_keys = OFF;
             INSERT INTO memberships (user, organization) VALUES (randomblob(16), randomblob(16));",
        )
        .expect("it is written");
    drop(writer);
    let message = run(&database, "verify FOLDER/callplan.db").message(1);
    assert!(message.contains("a row of `memberships` refers to one that is not there"), "{message}");
}

#[test]
fn no_file_is_overwritten_by_a_backup() {
    let (database, _) = CommandDatabase::with_organization();
    fs::write(database.folder().join("monday.db"), "mine").expect("a file");
    let refused = run(&database, "backup FOLDER/monday.db --database FOLDER/callplan.db");
    assert!(refused.message(2).contains("is there already"));
    assert_eq!(fs::read_to_string(database.folder().join("monday.db")).expect("a file"), "mine");
    let nowhere = run(&database, "backup FOLDER/no/such/monday.db --database FOLDER/callplan.db");
    assert!(nowhere.message(2).contains("cannot be"));
    assert_eq!(names(database.folder()), ["callplan.db", "monday.db"]);
}
