use callplan_service::store::{Conflict, Key, KeyId, NewKey, OrganizationId, Owner, Page, UserId};

use super::database::{TestStore, agent, at, revision};

fn new(owner: Owner) -> NewKey {
    NewKey {
        id: KeyId::random(),
        owner,
        name: "the carrier".to_owned(),
        scopes: vec!["inbound_calls:route".to_owned(), "inbound_calls:read".to_owned()],
        hash: [9; 32],
        expires_at: Some(at(100)),
    }
}

#[test]
fn a_key_is_read_as_it_was_made_until_it_is_revoked() {
    let database = TestStore::new();
    let organization = database.organization();
    let user = database.write(|transaction| transaction.create_user("Ada", at(0))).id;
    for owner in [Owner::Organization(organization), Owner::User(user)] {
        let made = database.write(move |transaction| transaction.create_key(new(owner), at(1)));
        assert_eq!((made.owner, made.scopes.len(), made.hash, made.revoked_at), (owner, 2, [9; 32], None));
        let read = |id| database.store.read(move |snapshot| snapshot.key(id)).wait().expect("it is read");
        assert_eq!(read(made.id).as_ref(), Some(&made));
        let revoke = |second| database.write(move |transaction| transaction.revoke_key(made.id, at(second)));
        assert_eq!(revoke(5), Some(Key { revoked_at: Some(at(5)), ..made.clone() }));
        assert_eq!(revoke(6).and_then(|key| key.revoked_at), Some(at(5)), "it was revoked then, not now");
        assert_eq!(read(KeyId::random()), None);
    }
    assert_eq!(database.write(|transaction| transaction.revoke_key(KeyId::random(), at(1))), None);
}

#[test]
fn an_owner_exists() {
    let database = TestStore::new();
    for (owner, missing) in [
        (Owner::Organization(OrganizationId::random()), Conflict::NoOrganization),
        (Owner::User(UserId::random()), Conflict::NoUser),
    ] {
        let refused = database.store.write(move |transaction| transaction.create_key(new(owner), at(1)));
        assert_eq!(refused.wait(), Err(missing.into()));
    }
}

#[test]
fn an_organizations_keys_are_its_own() {
    let database = TestStore::new();
    let (ours, theirs) = (database.organization(), database.organization());
    let user = database.write(|transaction| transaction.create_user("Ada", at(0))).id;
    for owner in [Owner::Organization(ours), Owner::Organization(theirs), Owner::User(user)] {
        database.write(move |transaction| transaction.create_key(new(owner), at(1)));
    }
    let listed = database.store.read(move |snapshot| snapshot.keys_of(ours, &Page::first(5))).wait().expect("a page");
    assert_eq!(listed.items.iter().map(|key| key.owner).collect::<Vec<_>>(), [Owner::Organization(ours)]);
    assert_eq!(
        database.store.read(|snapshot| snapshot.keys(&Page::first(5))).wait().map(|page| page.items.len()),
        Ok(3)
    );
}

#[test]
fn members_join_and_leave() {
    let database = TestStore::new();
    let organization = database.organization();
    let user = database.write(|transaction| transaction.create_user("Ada", at(0))).id;
    let of = || database.store.read(move |snapshot| snapshot.organizations_of(user)).wait().expect("they are read");
    assert!(of().is_empty());
    assert!(database.write(move |transaction| transaction.join(user, organization)));
    assert!(!database.write(move |transaction| transaction.join(user, organization)), "a second time is fine");
    assert_eq!(of(), [organization]);
    assert!(database.write(move |transaction| transaction.leave(user, organization)));
    assert!(!database.write(move |transaction| transaction.leave(user, organization)));
    assert!(of().is_empty());
    let stranger = database.store.write(move |transaction| transaction.join(UserId::random(), organization));
    assert_eq!(stranger.wait(), Err(Conflict::NoUser.into()));
    let nowhere = database.store.write(move |transaction| transaction.join(user, OrganizationId::random()));
    assert_eq!(nowhere.wait(), Err(Conflict::NoOrganization.into()));
}

#[test]
fn who_may_do_what_is_followed_by_its_stamp() {
    let database = TestStore::new();
    // A second connection, as another process has it.
    let beside = super::database::open(database.path());
    let stamp = || database.store.read(|snapshot| snapshot.access_stamp()).wait().expect("it is read");
    let mut seen = vec![stamp()];
    let organization =
        beside.write(|transaction| transaction.create_organization("Acme", at(0))).wait().expect("it is written").id;
    seen.push(stamp());
    let user = beside.write(|transaction| transaction.create_user("Ada", at(0))).wait().expect("it is written").id;
    seen.push(stamp());
    beside.write(move |transaction| transaction.join(user, organization)).wait().expect("it is written");
    seen.push(stamp());
    let key = beside
        .write(move |transaction| transaction.create_key(new(Owner::User(user)), at(0)))
        .wait()
        .expect("it is written")
        .id;
    seen.push(stamp());
    let access = database.store.read(|snapshot| snapshot.access()).wait().expect("it is read");
    assert_eq!(access.stamp, stamp());
    assert_eq!(access.organizations.iter().map(|organization| organization.id).collect::<Vec<_>>(), [organization]);
    assert_eq!(access.memberships, [(user, organization)]);
    assert_eq!(access.keys.iter().map(|key| key.id).collect::<Vec<_>>(), [key]);
    assert_eq!(access.users.len(), 1);
    beside.write(move |transaction| transaction.revoke_key(key, at(0))).wait().expect("it is written");
    seen.push(stamp());
    beside.write(move |transaction| transaction.leave(user, organization)).wait().expect("it is written");
    seen.push(stamp());
    assert!(seen.is_sorted_by(|before, after| before < after), "{seen:?}");
    assert!(database.store.read(|snapshot| snapshot.access()).wait().expect("it is read").keys.is_empty());

    // Other writes do not change it.
    let agent =
        beside.write(move |transaction| transaction.create_agent(organization, agent("Front desk"), at(0))).wait();
    beside
        .write(move |transaction| transaction.create_config(organization, revision("reject"), at(0)))
        .wait()
        .expect("it is written");
    assert!(agent.is_ok() && stamp() == *seen.last().expect("a stamp"));
}
