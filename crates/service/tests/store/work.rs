//! Units of work: what is kept, what is rolled back, in which order, and what waits for what.

use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use callplan_service::store::{LONGEST_WAIT, Page, Store, StoreError, StoreOptions};
use rusqlite::Connection;

use super::database::{TestStore, at, open};

fn names(store: &Store) -> Vec<String> {
    let listed = store.read(|snapshot| snapshot.organizations(&Page::first(100))).wait().expect("a page");
    listed.items.into_iter().map(|organization| organization.name).collect()
}

/// An error of the test's own.
#[derive(Debug, PartialEq)]
enum Refused {
    Mine,
    Store(StoreError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

#[test]
fn an_error_rolls_back_its_own_work_alone() {
    let database = TestStore::new();
    // All of these wait behind the first, so they are one group.
    let (go, gate) = mpsc::channel::<()>();
    let first = database.store.write(move |_| gate.recv().map_err(|_| StoreError::Closed));
    let kept = database.store.write(|transaction| transaction.create_organization("kept", at(0)).map(drop));
    let refused = database.store.write(|transaction| {
        transaction.create_organization("refused", at(0))?;
        Err::<(), _>(Refused::Mine)
    });
    let panicked = database.store.write(|transaction| {
        transaction.create_organization("panicked", at(0))?;
        if transaction.organizations(&Page::first(9))?.items.len() == 2 {
            panic!("as the test wants it")
        }
        Ok::<(), Refused>(())
    });
    let last = database.store.write(|transaction| transaction.create_organization("last", at(0)).map(drop));
    go.send(()).expect("somebody waits");
    assert_eq!(first.wait(), Ok(()));
    assert_eq!(kept.wait(), Ok(()));
    assert_eq!(refused.wait(), Err(Refused::Mine));
    assert_eq!(panicked.wait(), Err(Refused::Store(StoreError::Panicked)));
    assert_eq!(last.wait(), Ok(()));
    assert_eq!(names(&database.store), ["kept", "last"]);
}

#[test]
fn what_follows_a_write_comes_in_the_order_of_writes_and_before_the_answer() {
    let database = TestStore::new();
    let followed = Arc::new(Mutex::new(Vec::new()));
    let pending: Vec<_> = (0..200)
        .map(|number| {
            let followed = Arc::clone(&followed);
            let work = move |transaction: &callplan_service::store::Transaction<'_>| {
                let made = transaction.create_organization(&number.to_string(), at(0))?;
                if number % 10 == 3 { Err(StoreError::Busy) } else { Ok(made.name) }
            };
            database.store.write_then(work, move |name: &String| {
                followed.lock().expect("a list").push(name.clone());
                assert!(number != 7, "it is written, whatever comes after it");
            })
        })
        .collect();
    for (number, pending) in pending.into_iter().enumerate() {
        let answer = pending.wait();
        assert_eq!(answer.is_ok(), number % 10 != 3);
        if let Ok(name) = answer {
            assert!(followed.lock().expect("a list").contains(&name));
        }
    }
    assert_eq!(*followed.lock().expect("a list"), names_of(&database.store));
}

fn names_of(store: &Store) -> Vec<String> {
    let listed = store.read(|snapshot| snapshot.organizations(&Page::first(usize::MAX))).wait().expect("a page");
    listed.items.into_iter().map(|organization| organization.name).collect()
}

#[test]
fn a_read_waits_for_no_write_and_sees_one_state() {
    let database = TestStore::new();
    database.organization();
    let (go, gate) = mpsc::channel::<()>();
    let write = database.store.write(move |transaction| {
        transaction.create_organization("later", at(0))?;
        gate.recv().map_err(|_| StoreError::Closed)
    });
    assert_eq!(names(&database.store), ["Riverside Dental"]);

    let (tell, begun) = mpsc::channel();
    let (goes_on, wait) = mpsc::channel::<()>();
    let read = database.store.read(move |snapshot| {
        let before = snapshot.organizations(&Page::first(9))?;
        tell.send(()).map_err(|_| StoreError::Closed)?;
        wait.recv().map_err(|_| StoreError::Closed)?;
        Ok::<_, StoreError>((before, snapshot.organizations(&Page::first(9))?))
    });
    begun.recv().expect("it has begun");
    go.send(()).expect("it waits");
    write.wait().expect("it is written");
    goes_on.send(()).expect("it waits");
    let (before, after) = read.wait().expect("it is read");
    assert_eq!((before.items.len(), &before), (1, &after));
    assert_eq!(names(&database.store).len(), 2);
}

#[test]
fn a_read_cannot_write_and_a_panic_in_it_harms_nobody() {
    let database = TestStore::new();
    for _ in 0..20 {
        let panicked = database.store.read(|_| -> Result<(), StoreError> { panic!("as the test wants it") });
        assert_eq!(panicked.wait(), Err(StoreError::Panicked));
    }
    assert!(names(&database.store).is_empty());
}

#[test]
fn work_is_done_though_nobody_waits() {
    let database = TestStore::new();
    let store = open(database.path());
    for _ in 0..100 {
        drop(store.write(|transaction| transaction.create_organization("unseen", at(0))));
    }
    // Dropping the last clone of a store does the jobs in its queues first.
    drop(store);
    assert_eq!(names(&database.store).len(), 100);
}

#[test]
fn a_database_that_is_held_is_busy_after_five_seconds_and_then_goes_on() {
    let database = TestStore::new();
    let holder = Connection::open(database.path()).expect("it opens");
    holder.execute_batch("BEGIN IMMEDIATE").expect("it is held");
    let began = Instant::now();
    let pending: Vec<_> = (0..10)
        .map(|_| database.store.write(|transaction| transaction.create_organization("late", at(0)).map(drop)))
        .collect();
    assert!(names(&database.store).is_empty(), "reading goes on");
    for pending in pending {
        assert_eq!(pending.wait(), Err(StoreError::Busy));
    }
    let waited = began.elapsed();
    assert!(waited >= LONGEST_WAIT && waited < LONGEST_WAIT * 2, "all were answered after {waited:?}");

    let soon = database.store.write(|transaction| transaction.create_organization("in time", at(0)).map(drop));
    std::thread::sleep(Duration::from_millis(200));
    holder.execute_batch("ROLLBACK").expect("it is let go");
    assert_eq!(soon.wait(), Ok(()));
    assert_eq!(names(&database.store), ["in time"]);
}

#[test]
fn a_queue_that_is_full_refuses_at_once() {
    let database = TestStore::new();
    let (go, gate) = mpsc::channel::<()>();
    let first = database.store.write(move |_| gate.recv().map_err(|_| StoreError::Closed));
    let began = Instant::now();
    let pending: Vec<_> = (0..3000)
        .map(|_| database.store.write(|transaction| transaction.create_organization("one", at(0)).map(drop)))
        .collect();
    assert!(began.elapsed() < LONGEST_WAIT);
    go.send(()).expect("it waits");
    first.wait().expect("it is done");
    let answers: Vec<_> = pending.into_iter().map(|answer| answer.wait()).collect();
    let done = answers.iter().filter(|answer| answer.is_ok()).count();
    assert!((1000..1200).contains(&done), "{done} had a place");
    assert!(answers.iter().all(|answer| matches!(answer, Ok(()) | Err(StoreError::Busy))));
    assert_eq!(names_of(&database.store).len(), done);
}

#[test]
fn the_last_of_a_store_can_go_with_its_own_work() {
    let database = TestStore::new();
    let path = database.path();
    let store = Store::open(&path, StoreOptions::default()).expect("it opens");
    let held = store.clone();
    let (go, gate) = mpsc::channel::<()>();
    let pending = store.write(move |transaction| {
        gate.recv().map_err(|_| StoreError::Closed)?;
        let made = transaction.create_organization("last words", at(0)).map(drop);
        drop(held);
        made
    });
    drop(store);
    go.send(()).expect("it waits");
    assert_eq!(pending.wait(), Ok(()));
    assert_eq!(names(&database.store), ["last words"]);
}
