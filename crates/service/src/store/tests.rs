//! Tests that need the inside of the store: a full disk, and which index a query uses.

use jiff::Timestamp;
use rusqlite::types::Value;

use super::*;

fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().expect("a folder");
    let options = StoreOptions { create: true, ..StoreOptions::default() };
    let store = Store::open(&folder.path().join("callplan.db"), options).expect("it opens");
    (folder, store)
}

/// Lets the file grow by this number of pages.
fn room(store: &Store, pages: i64) {
    let set = store.write(move |transaction| {
        let used: i64 = transaction.one("PRAGMA page_count", [], |row| row.get(0))?.unwrap_or_default();
        transaction.one(&format!("PRAGMA max_page_count = {}", used + pages), [], |_| Ok(()))
    });
    set.wait().expect("it is set");
}

#[test]
fn a_full_disk_is_told_harms_nothing_and_is_got_over() {
    let (_folder, store) = store();
    let now = Timestamp::UNIX_EPOCH;
    let names = |store: &Store| {
        let listed = store.read(|snapshot| snapshot.organizations(&Page::first(1000))).wait().expect("a page");
        listed.items.into_iter().map(|organization| organization.name.len()).collect::<Vec<_>>()
    };
    store.write(move |transaction| transaction.create_organization("a", now)).wait().expect("there is room");
    room(&store, 2);
    let (go, gate) = std::sync::mpsc::channel::<()>();
    let (holds, begun) = std::sync::mpsc::channel::<()>();
    // While the writer waits, all that follows gathers in its queue.
    let held = store.write(move |_| holds.send(()).ok().and_then(|()| gate.recv().ok()).ok_or(StoreError::Closed));
    begun.recv().expect("the writer has begun");
    // One group: one that writes nothing, one that fits, one that does not, one that fits.
    let first = store.write(move |_| Ok::<(), StoreError>(()));
    let pending: Vec<_> = [2, 1_000_000, 3]
        .map(|length| {
            store.write(move |transaction| transaction.create_organization(&"x".repeat(length), now).map(drop))
        })
        .into_iter()
        .collect();
    go.send(()).expect("it waits");
    assert_eq!(held.wait(), Ok(()));
    assert_eq!(first.wait(), Err(StoreError::Full), "the database rolls back all that is written together");
    let answers: Vec<_> = pending.into_iter().map(Pending::wait).collect();
    assert_eq!(answers[1], Err(StoreError::Full));
    assert_eq!(answers[2], Ok(()), "what came after it begins anew");
    // Each of the others is stored, or its answer says that it is not.
    let kept: Vec<_> = [(2, &answers[0]), (3, &answers[2])]
        .into_iter()
        .filter_map(|(length, answer)| answer.is_ok().then_some(length))
        .collect();
    assert_eq!(names(&store), [&[1][..], &kept[..]].concat());

    room(&store, 1_000_000);
    store
        .write(move |transaction| transaction.create_organization(&"x".repeat(1_000_000), now))
        .wait()
        .expect("there is room again");
    assert_eq!(names(&store).last(), Some(&1_000_000));
}

/// The newest calls of a kind are read from the index, in its order.
#[test]
fn no_page_of_calls_is_sorted_or_searched_for() {
    let (_folder, store) = store();
    let plan = store.read(|snapshot| {
        let sql = "EXPLAIN QUERY PLAN SELECT id FROM calls
                   WHERE kind = ?1 AND id >= ?2 AND id < ?3 ORDER BY id DESC LIMIT ?4";
        snapshot.all(sql, rusqlite::params_from_iter(vec![Value::Null; 4]), |row| row.get::<_, String>(3))
    });
    let plan: Vec<String> = plan.wait().expect("a plan");
    assert_eq!(plan, ["SEARCH calls USING PRIMARY KEY (kind=? AND id>? AND id<?)"]);
}
