//! Many threads at once.

use std::sync::{Arc, Barrier};
use std::thread;

use callplan_service::store::{Conflict, Page, StoreError};

use super::database::{TestStore, at, revision};

/// Runs this in a number of threads at once.
fn at_once<T: Send + 'static>(
    database: &TestStore,
    count: usize,
    work: impl Fn(usize, &callplan_service::store::Store) -> T + Send + Sync + 'static,
) -> Vec<T> {
    let (work, barrier) = (Arc::new(work), Arc::new(Barrier::new(count)));
    let threads: Vec<_> = (0..count)
        .map(|number| {
            let (work, barrier) = (Arc::clone(&work), Arc::clone(&barrier));
            // Every fourth thread has its own connection, as another process has.
            let store = match number % 4 {
                3 => super::database::open(database.path()),
                _ => database.store.clone(),
            };
            thread::spawn(move || {
                barrier.wait();
                work(number, &store)
            })
        })
        .collect();
    threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
}

#[test]
fn sixty_four_creators_make_one_config() {
    let database = TestStore::new();
    for _ in 0..5 {
        let organization = database.organization();
        let answers = at_once(&database, 64, move |number, store| {
            let text = format!("# {number}\nreject\n");
            store.write(move |transaction| transaction.create_config(organization, revision(&text), at(0))).wait()
        });
        let made: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().ok()).collect();
        assert_eq!(made.len(), 1);
        let refused = StoreError::from(Conflict::ConfigExists);
        assert_eq!(answers.iter().filter(|answer| answer.as_ref().is_err_and(|error| *error == refused)).count(), 63);
        let config = database.store.read(move |snapshot| snapshot.config(organization)).wait().expect("it is read");
        assert_eq!(config.as_ref(), Some(made[0]));
        assert_eq!(made[0].revision, 1);
    }
}

#[test]
fn writers_of_different_fields_lose_none() {
    let database = TestStore::new();
    let organization = database.organization();
    let agent = database.agent(organization);
    database.write(move |transaction| transaction.create_config(organization, revision("reject"), at(0)));
    // Each changes one field, depending on what its own transaction reads.
    let answers = at_once(&database, 48, move |number, store| {
        store
            .write(move |transaction| {
                let mut new = revision("");
                new.fields = transaction.config(organization)?.ok_or(Conflict::NoConfig)?.fields;
                match number % 3 {
                    0 => new.fields.workflow_definition.push('\n'),
                    1 => {
                        new.fields.fallback_agent_id = Some(agent);
                        let version = new.fields.fallback_agent_version.unwrap_or(0);
                        new.fields.fallback_agent_version = Some(version + 1);
                    }
                    _ => new.fields.enabled = !new.fields.enabled,
                }
                transaction.save_config(organization, new, &[], at(1)).map(|transaction| transaction.revision)
            })
            .wait()
    });
    let mut revisions: Vec<_> = answers.into_iter().map(|answer| answer.expect("it is saved")).collect();
    revisions.sort();
    assert_eq!(revisions, (2..50).collect::<Vec<_>>());
    let config =
        database.store.read(move |snapshot| snapshot.config(organization)).wait().expect("it is read").expect("one");
    assert_eq!(config.fields.workflow_definition, "reject".to_owned() + &"\n".repeat(16));
    assert_eq!(config.fields.fallback_agent_version, Some(16));
    assert!(config.fields.enabled, "turned sixteen times");
    let listed = database
        .store
        .read(move |snapshot| snapshot.revisions(organization, &Page::first(100)))
        .wait()
        .expect("a page");
    assert_eq!(listed.items.len(), 49);
}

#[test]
fn one_number_has_one_owner() {
    let database = TestStore::new();
    let organizations: Vec<_> = (0..32).map(|_| database.organization()).collect();
    let answers = at_once(&database, 32, move |number, store| {
        let organization = organizations[number];
        store
            .write(move |transaction| transaction.register_number(organization, "+14155550100", None, at(0)).map(drop))
            .wait()
    });
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    let taken = Err(Conflict::NumberTaken.into());
    assert_eq!(answers.iter().filter(|answer| **answer == taken).count(), 31);
}

#[test]
fn versions_of_an_agent_are_numbered_without_a_gap() {
    let database = TestStore::new();
    let organization = database.organization();
    let agent = database.agent(organization);
    let answers = at_once(&database, 40, move |_, store| {
        store
            .write(move |transaction| {
                transaction.create_version(organization, agent, None, at(0)).map(|transaction| transaction.version)
            })
            .wait()
    });
    let mut numbers: Vec<_> = answers.into_iter().map(|answer| answer.expect("it is made")).collect();
    numbers.sort();
    assert_eq!(numbers, (1..=40).collect::<Vec<_>>());
}
