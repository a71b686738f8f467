use callplan_service::store::{LiveAgent, LiveNumber, OrganizationId, StoreError, Switch, Transaction};

use super::database::{TestStore, actor, agent, at, revision};

#[test]
fn it_is_all_that_calls_need() {
    let database = TestStore::new();
    let organization = database.organization();
    let (desk, idle) = (database.agent(organization), database.agent(organization));
    let config = database.write(move |transaction| {
        for _ in 0..3 {
            transaction.create_version(organization, desk, None, at(0))?;
        }
        transaction.publish(organization, desk, 3, at(1))?;
        transaction.publish(organization, desk, 1, at(1))?;
        let mut sleeping = agent("Asleep");
        sleeping.active = false;
        transaction.save_agent(organization, idle, sleeping, at(1))?;
        transaction.register_number(organization, "+18005550100", Some("trunk-a"), at(1))?;
        transaction.register_number(organization, "+14155550100", None, at(1))?;
        transaction.assign_number(organization, "+18005550100", desk, 2)?;
        transaction.create_config(organization, revision("reject"), at(2))
    });
    let live = database
        .store
        .read(move |snapshot| snapshot.live(organization))
        .wait()
        .expect("it is read")
        .expect("it is there");
    let mut agents = [
        LiveAgent { id: desk, active: true, published: vec![1, 3], drafts: vec![2] },
        LiveAgent { id: idle, active: false, published: vec![], drafts: vec![] },
    ];
    agents.sort_by_key(|agent| agent.id);
    assert_eq!(live.agents, agents);
    let number = |number: &str, assigned| LiveNumber { phone_number: number.to_owned(), assigned };
    assert_eq!(live.numbers, [number("+14155550100", None), number("+18005550100", Some((desk, 2)))]);
    assert_eq!((live.id, live.config, live.switches.len()), (organization, Some(config), 0));
    assert_eq!(database.store.read(|snapshot| snapshot.live(OrganizationId::random())).wait(), Ok(None));
}

/// A write that changes what routing reads.
type Write = fn(&Transaction<'_>, OrganizationId) -> Result<(), StoreError>;

#[test]
fn every_write_that_calls_see_changes_the_stamp() {
    let database = TestStore::new();
    let organization = database.organization();
    let id = database.agent(organization);
    let writes: &[(&str, Write)] = &[
        ("config made", |transaction, org| transaction.create_config(org, revision("reject"), at(0)).map(drop)),
        ("config saved", |transaction, org| transaction.save_config(org, revision("fallback"), &[], at(0)).map(drop)),
        ("switch set", |transaction, org| {
            let set_by = actor();
            transaction
                .set_switch(org, Switch { name: "storm".into(), on: true, until: None, set_at: at(1), set_by })
                .map(drop)
        }),
        ("config deleted", |transaction, org| transaction.delete_config(org)),
        ("agent made", |transaction, org| transaction.create_agent(org, agent("Night"), at(0)).map(drop)),
        ("number registered", |transaction, org| {
            transaction.register_number(org, "+14155550100", None, at(0)).map(drop)
        }),
    ];
    let stamp = || database.store.read(move |snapshot| snapshot.stamp(organization)).wait().expect("it is read");
    let mut before = stamp();
    let mut changes = |what: &str| {
        let after = stamp();
        assert!(after > before, "{what}");
        before = after;
    };
    for (what, write) in writes {
        let write = *write;
        database.write(move |transaction| write(transaction, organization));
        changes(what);
    }
    database.write(move |transaction| transaction.save_agent(organization, id, agent("Day"), at(0)));
    changes("agent saved");
    database.write(move |transaction| transaction.create_version(organization, id, None, at(0)));
    changes("version made");
    database.write(move |transaction| transaction.publish(organization, id, 1, at(0)));
    changes("version published");
    database.write(move |transaction| transaction.assign_number(organization, "+14155550100", id, 1));
    changes("number assigned");
    database.write(move |transaction| transaction.unassign_number(organization, "+14155550100", id));
    changes("number unassigned");
    database.write(move |transaction| transaction.delete_number(organization, "+14155550100"));
    changes("number deleted");
    database.write(move |transaction| transaction.delete_agent(organization, id));
    changes("agent deleted");
}

#[test]
fn all_organizations_are_visited_once() {
    let database = TestStore::new();
    let made: Vec<_> = (0..20).map(|_| database.organization()).collect();
    for organization in made.clone() {
        database.write(move |transaction| transaction.create_config(organization, revision("reject"), at(0)));
    }
    let visited = database.store.read(|snapshot| {
        let mut ids = Vec::new();
        snapshot.each_live(|live| {
            assert!(live.config.is_some());
            ids.push(live.id);
            Ok::<_, StoreError>(())
        })?;
        Ok::<_, StoreError>(ids)
    });
    assert_eq!(visited.wait(), Ok(made));
    let stopped = database.store.read(|snapshot| snapshot.each_live(|_| Err(StoreError::Panicked)));
    assert_eq!(stopped.wait(), Err(StoreError::Panicked));
}
