use callplan_service::store::{Conflict, Page, StoreError, Switch};

use super::database::{TestStore, actor, at, revision};

#[test]
fn a_config_is_read_as_it_was_made() {
    let database = TestStore::new();
    let organization = database.organization();
    let fallback = database.agent(organization);
    let mut new = revision("reject # é \u{0}\r\n");
    new.fields.fallback_agent_id = Some(fallback);
    new.fields.fallback_agent_version = Some(u32::MAX);
    new.fields.enabled = false;
    new.fields.diagnostics = r#"[{"code":"past-date"}]"#.to_owned();
    let fields = new.fields.clone();
    let made = database.write(move |transaction| transaction.create_config(organization, new, at(5)));
    assert_eq!((made.revision, &made.fields, made.created_at, made.updated_at), (1, &fields, at(5), at(5)));
    let read = database.store.read(move |snapshot| snapshot.config(organization)).wait();
    assert_eq!(read, Ok(Some(made)));
}

#[test]
fn an_organization_has_one_config() {
    let database = TestStore::new();
    let organization = database.organization();
    database.write(move |transaction| transaction.create_config(organization, revision("reject"), at(0)));
    let second = database.store.write(move |transaction| {
        let refused = transaction.create_config(organization, revision("fallback"), at(1));
        assert_eq!(refused, Err(Conflict::ConfigExists.into()));
        // A refused change has written nothing, so the rest of the work can be kept.
        transaction.save_config(organization, revision("fallback"), &[], at(1))
    });
    assert_eq!(second.wait().map(|config| config.revision), Ok(2));
}

#[test]
fn what_is_not_there_is_told() {
    let database = TestStore::new();
    let organization = database.organization();
    let none: StoreError = Conflict::NoConfig.into();
    let save =
        database.store.write(move |transaction| transaction.save_config(organization, revision("reject"), &[], at(1)));
    assert_eq!(save.wait().map(|_| ()), Err(none.clone()));
    assert_eq!(
        database.store.write(move |transaction| transaction.delete_config(organization)).wait(),
        Err(none.clone())
    );
    let set = database.store.write(move |transaction| transaction.set_switch(organization, switch("storm", true)));
    assert_eq!(set.wait().map(|_| ()), Err(none));
    let stranger = callplan_service::store::OrganizationId::random();
    let made = database.store.write(move |transaction| transaction.create_config(stranger, revision("reject"), at(1)));
    assert_eq!(made.wait().map(|_| ()), Err(Conflict::NoOrganization.into()));
}

#[test]
fn revisions_outlive_the_config_and_go_on_counting() {
    let database = TestStore::new();
    let organization = database.organization();
    let first = database.write(move |transaction| transaction.create_config(organization, revision("reject"), at(1)));
    database.write(move |transaction| transaction.save_config(organization, revision("fallback"), &[], at(2)));
    database.write(move |transaction| transaction.delete_config(organization));
    let mut again = revision("reject");
    again.restored_from = Some(1);
    let second = database.write(move |transaction| transaction.create_config(organization, again, at(3)));
    assert_eq!((second.revision, second.created_at), (3, at(3)));
    assert_ne!(second.id, first.id);

    let listed =
        database.store.read(move |snapshot| snapshot.revisions(organization, &Page::first(2))).wait().expect("a page");
    let numbers: Vec<_> = listed.items.iter().map(|revision| (revision.revision, revision.restored_from)).collect();
    assert_eq!(numbers, [(3, Some(1)), (2, None)]);
    assert!(
        listed
            .items
            .iter()
            .all(|revision| revision.fields.workflow_definition.is_empty() && revision.created_by == actor())
    );
    let rest = Page { limit: 2, after: listed.next };
    let listed = database.store.read(move |snapshot| snapshot.revisions(organization, &rest)).wait().expect("a page");
    assert_eq!((listed.items.len(), listed.items[0].revision, listed.next), (1, 1, None));

    let stored = |number| {
        database.store.read(move |snapshot| snapshot.revision(organization, number)).wait().expect("it is read")
    };
    assert_eq!(stored(2).map(|revision| revision.fields.workflow_definition), Some("fallback".to_owned()));
    assert_eq!((stored(4), stored(0), stored(u64::MAX)), (None, None, None));
}

#[test]
fn a_text_that_stays_is_kept_once() {
    let database = TestStore::new();
    let organization = database.organization();
    let text = "# ".to_owned() + &"long ".repeat(200_000);
    let new = revision(&text);
    database.write(move |transaction| transaction.create_config(organization, new, at(0)));
    for second in 1..20 {
        let mut new = revision(&text);
        new.fields.enabled = second % 2 == 0;
        database.write(move |transaction| transaction.save_config(organization, new, &[], at(second)));
    }
    let path = database.path();
    drop(database.store.clone());
    let size = std::fs::metadata(&path).expect("a file").len()
        + std::fs::metadata(path.with_extension("db-wal")).map_or(0, |metadata| metadata.len());
    assert!(size < 5_000_000, "twenty revisions of a megabyte take {size} bytes");
}

fn switch(name: &str, on: bool) -> Switch {
    Switch { name: name.to_owned(), on, until: Some(at(60)), set_at: at(1), set_by: actor() }
}

#[test]
fn switches_live_as_long_as_they_are_declared() {
    let database = TestStore::new();
    let organization = database.organization();
    let states = || database.store.read(move |snapshot| snapshot.switches(organization)).wait().expect("they are read");
    let names = || states().into_iter().map(|switch| switch.name).collect::<Vec<_>>();
    database.write(move |transaction| transaction.create_config(organization, revision("reject"), at(0)));
    for name in ["storm", "holiday", "strike"] {
        let set = database.write(move |transaction| transaction.set_switch(organization, switch(name, true)));
        assert_eq!(set, switch(name, true));
    }
    database.write(move |transaction| transaction.set_switch(organization, switch("storm", false)));
    assert_eq!(states(), [switch("holiday", true), switch("storm", false), switch("strike", true)]);

    let declared = ["storm".to_owned(), "strike".to_owned(), "new".to_owned()];
    database.write(move |transaction| transaction.save_config(organization, revision("reject"), &declared, at(2)));
    assert_eq!(names(), ["storm", "strike"]);
    database.write(move |transaction| transaction.delete_config(organization));
    database.write(move |transaction| transaction.create_config(organization, revision("reject"), at(3)));
    assert!(names().is_empty(), "a DELETE forgets all");
}

#[test]
fn a_switch_is_on_before_its_end() {
    let mut storm = switch("storm", true);
    assert!(storm.is_on(at(59)) && !storm.is_on(at(60)));
    storm.until = None;
    assert!(storm.is_on(at(1_000_000)));
    storm.on = false;
    assert!(!storm.is_on(at(0)));
}

#[test]
fn instants_are_answered_as_they_are_kept() {
    let database = TestStore::new();
    let now = "2026-03-01T17:00:00.123456789Z".parse().expect("an instant");
    let made = database.write(move |transaction| transaction.create_organization("Riverside Dental", now));
    assert_eq!(made.created_at.to_string(), "2026-03-01T17:00:00.123456Z");
    assert_eq!(database.store.read(move |snapshot| snapshot.organization(made.id)).wait(), Ok(Some(made)));
}
