//! Agents, their versions, and the numbers that they answer.

use callplan_service::store::{AgentId, Conflict, NumberFilter, Page, PhoneNumber, Uses, VersionId};

use super::database::{TestStore, agent, at, revision};

fn registered(database: &TestStore, number: &'static str, trunk: Option<&'static str>) -> PhoneNumber {
    let organization =
        database.store.read(|snapshot| snapshot.organizations(&Page::first(1))).wait().expect("a page").items[0].id;
    database.write(move |transaction| transaction.register_number(organization, number, trunk, at(0)))
}

#[test]
fn versions_count_up_and_are_published_once() {
    let database = TestStore::new();
    let organization = database.organization();
    let agent = database.agent(organization);
    for number in 1..=3 {
        let config = (number > 1).then(|| format!("{{\"n\":{number}}}"));
        let made =
            database.write(move |transaction| transaction.create_version(organization, agent, config, at(number)));
        assert_eq!((i64::from(made.version), made.published_at, made.agent_id), (number, None, agent));
        assert_eq!(
            database.store.read(move |snapshot| snapshot.latest_version(organization, agent)).wait(),
            Ok(Some(made))
        );
    }
    let publish = |second| database.write(move |transaction| transaction.publish(organization, agent, 2, at(second)));
    assert_eq!(publish(10).published_at, Some(at(10)));
    assert_eq!(publish(20).published_at, Some(at(10)), "again is fine");
    let missing = database.store.write(move |transaction| transaction.publish(organization, agent, 4, at(1))).wait();
    assert_eq!(missing, Err(Conflict::NoVersion.into()));

    let page = database
        .store
        .read(move |snapshot| snapshot.versions(organization, agent, &Page::first(2)))
        .wait()
        .expect("a page");
    let numbers: Vec<_> = page.items.iter().map(|version| (version.version, version.config.as_deref())).collect();
    assert_eq!(numbers, [(1, None), (2, Some("{\"n\":2}"))]);
    let rest = Page { limit: 2, after: page.next };
    let page =
        database.store.read(move |snapshot| snapshot.versions(organization, agent, &rest)).wait().expect("a page");
    assert_eq!((page.items.len(), page.items[0].version, page.next), (1, 3, None));
}

#[test]
fn a_local_number_is_each_organizations_own() {
    let database = TestStore::new();
    let (ours, theirs) = (database.organization(), database.organization());
    for organization in [ours, theirs] {
        database.write(move |transaction| transaction.register_number(organization, "201", None, at(0)));
        let again = database
            .store
            .write(move |transaction| transaction.register_number(organization, "201", None, at(1)).map(drop));
        assert_eq!(again.wait(), Err(Conflict::NumberTaken.into()));
    }
    database.write(move |transaction| transaction.delete_number(ours, "201"));
    let left = |organization| {
        database.store.read(move |snapshot| snapshot.phone_number(organization, "201")).wait().expect("it is read")
    };
    assert_eq!((left(ours), left(theirs).map(|number| number.phone_number)), (None, Some("201".to_owned())));
}

#[test]
fn nothing_of_another_organization_is_seen_or_written() {
    let database = TestStore::new();
    let (ours, theirs) = (database.organization(), database.organization());
    let theirs_agent = database.agent(theirs);
    database.write(move |transaction| transaction.create_version(theirs, theirs_agent, None, at(0)));
    database.write(move |transaction| transaction.register_number(theirs, "+14155550100", None, at(0)));
    let before = database.store.read(move |snapshot| snapshot.live(theirs)).wait().expect("it is read");

    let fields = agent("Mine now");
    let no_agent = Err(Conflict::NoAgent.into());
    let saved =
        database.store.write(move |transaction| transaction.save_agent(ours, theirs_agent, fields, at(1)).map(drop));
    assert_eq!(saved.wait(), no_agent);
    assert_eq!(database.store.write(move |transaction| transaction.delete_agent(ours, theirs_agent)).wait(), no_agent);
    let made =
        database.store.write(move |transaction| transaction.create_version(ours, theirs_agent, None, at(1)).map(drop));
    assert_eq!(made.wait(), no_agent);
    let published =
        database.store.write(move |transaction| transaction.publish(ours, theirs_agent, 1, at(1)).map(drop));
    assert_eq!(published.wait(), Err(Conflict::NoVersion.into()));
    let assigned = database
        .store
        .write(move |transaction| transaction.assign_number(ours, "+14155550100", theirs_agent, 1).map(drop));
    assert_eq!(assigned.wait(), Err(Conflict::NoVersion.into()));
    let no_number = Err(Conflict::NoNumber.into());
    assert_eq!(
        database.store.write(move |transaction| transaction.delete_number(ours, "+14155550100")).wait(),
        no_number
    );
    let unassigned = database
        .store
        .write(move |transaction| transaction.unassign_number(ours, "+14155550100", theirs_agent).map(drop));
    assert_eq!(unassigned.wait(), no_number);
    let taken = database
        .store
        .write(move |transaction| transaction.register_number(ours, "+14155550100", None, at(1)).map(drop));
    assert_eq!(taken.wait(), Err(Conflict::NumberTaken.into()));

    let seen = database.store.read(move |snapshot| {
        let first = Page::first(10);
        assert!(
            snapshot.agents(ours, &first)?.items.is_empty()
                && snapshot.versions(ours, theirs_agent, &first)?.items.is_empty()
        );
        assert!(snapshot.phone_numbers(ours, &NumberFilter::default(), &first)?.items.is_empty());
        Ok::<_, callplan_service::store::StoreError>((
            snapshot.agent(ours, theirs_agent)?,
            snapshot.version(ours, theirs_agent, 1)?,
            snapshot.latest_version(ours, theirs_agent)?,
            snapshot.phone_number(ours, "+14155550100")?,
        ))
    });
    assert_eq!(seen.wait(), Ok((None, None, None, None)));
    assert_eq!(
        database.store.read(move |snapshot| snapshot.live(theirs)).wait(),
        Ok(before),
        "not even its stamp has changed"
    );
}

#[test]
fn numbers_are_found_by_a_part_of_them_literally() {
    let database = TestStore::new();
    let organization = database.organization();
    for (number, trunk) in
        [("+14155550100", Some("trunk-a")), ("+442071838750", Some("trunk-b")), ("100%", None), ("1_0", None)]
    {
        registered(&database, number, trunk);
    }
    let listed = |part: Option<&str>, trunk: Option<&str>| {
        let filter = NumberFilter { phone_number: part.map(str::to_owned), trunk_id: trunk.map(str::to_owned) };
        let page =
            database.store.read(move |snapshot| snapshot.phone_numbers(organization, &filter, &Page::first(50))).wait();
        page.expect("a page").items.into_iter().map(|number| number.phone_number).collect::<Vec<_>>()
    };
    assert_eq!(listed(Some("5550"), None), ["+14155550100"]);
    assert_eq!(listed(Some("100"), None), ["+14155550100", "100%"]);
    assert_eq!(listed(Some("%"), None), ["100%"]);
    assert_eq!(listed(Some("_"), None), ["1_0"]);
    assert_eq!(listed(Some("+"), Some("trunk-b")), ["+442071838750"]);
    assert_eq!(listed(None, Some("trunk")), [""; 0]);
    assert_eq!(listed(Some("é"), None), [""; 0]);
    assert_eq!(listed(None, None).len(), 4);
}

#[test]
fn what_is_added_or_deleted_while_pages_are_turned_shifts_nothing() {
    let database = TestStore::new();
    let organization = database.organization();
    for number in ["1", "2", "3", "4", "5"] {
        registered(&database, number, None);
    }
    let page = |page: Page| {
        let listed =
            database.store.read(move |snapshot| snapshot.phone_numbers(organization, &NumberFilter::default(), &page));
        let listed = listed.wait().expect("a page");
        (listed.items.into_iter().map(|number| number.phone_number).collect::<Vec<_>>(), listed.next)
    };
    let (numbers, next) = page(Page::first(2));
    assert_eq!(numbers, ["1", "2"]);
    database.write(move |transaction| transaction.delete_number(organization, "2"));
    database.write(move |transaction| transaction.delete_number(organization, "5"));
    registered(&database, "0", None);
    let (numbers, next) = page(Page { limit: 2, after: next });
    assert_eq!(numbers, ["3", "4"]);
    let next = next.map(|place| place.to_string().parse().expect("a place"));
    assert_eq!(page(Page { limit: 2, after: next }), (vec!["0".to_owned()], None));
    assert_eq!(page(Page::first(4)).1, None, "a page that holds the rest is the last");
}

#[test]
fn an_agent_in_use_stays() {
    let database = TestStore::new();
    let organization = database.organization();
    let agent = database.agent(organization);
    let delete = || database.store.write(move |transaction| transaction.delete_agent(organization, agent)).wait();
    let uses =
        || database.store.read(move |snapshot| snapshot.agent_uses(organization, agent)).wait().expect("it is read");
    database.write(move |transaction| transaction.create_version(organization, agent, None, at(0)));
    registered(&database, "+14155550100", None);
    let assigned = database.write(move |transaction| transaction.assign_number(organization, "+14155550100", agent, 1));
    assert!(assigned.inbound_agent_version_id.is_some());
    let numbers = vec!["+14155550100".to_owned()];
    assert_eq!(uses(), Uses { phone_numbers: numbers, ..Uses::default() });
    assert_eq!(delete(), Err(Conflict::AgentInUse.into()));

    let stranger = AgentId::random();
    let unassigned =
        database.write(move |transaction| transaction.unassign_number(organization, "+14155550100", stranger));
    assert_eq!(unassigned, assigned, "only the agent's own versions are taken away");
    let unassigned =
        database.write(move |transaction| transaction.unassign_number(organization, "+14155550100", agent));
    assert_eq!(unassigned.inbound_agent_version_id, None::<VersionId>);

    let mut new = revision("fallback");
    new.fields.fallback_agent_id = Some(agent);
    database.write(move |transaction| transaction.create_config(organization, new, at(0)));
    assert_eq!(uses(), Uses { is_fallback: true, ..Uses::default() });
    assert_eq!(delete(), Err(Conflict::AgentInUse.into()));
    database.write(move |transaction| transaction.save_config(organization, revision("fallback"), &[], at(1)));
    assert_eq!((uses(), delete()), (Uses::default(), Ok(())), "a revision of the past uses nobody");
    assert_eq!(delete(), Err(Conflict::NoAgent.into()));
}
