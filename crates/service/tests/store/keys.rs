use callplan_service::store::{
    Actor, ClientAddress, Conflict, Key, KeyId, LastUse, Maker, NewKey, OrganizationId, Owner, Page, Rotation, UserId,
};

use super::database::{TestStore, actor, agent, at, revision};

fn new(owner: Owner) -> NewKey {
    NewKey {
        id: KeyId::random(),
        owner,
        name: "the carrier".to_owned(),
        scopes: vec!["inbound_calls:route".to_owned(), "inbound_calls:read".to_owned()],
        hash: [9; 32],
        expires_at: Some(at(100)),
        created_by: Maker::CommandLine,
        address_ranges: vec!["203.0.113.0/24".parse().expect("a range"), "2001:db8::/32".parse().expect("a range")],
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
        let revoke = |second| {
            database.write(move |transaction| transaction.revoke_key(made.id, at(second))).map(|revoked| revoked.key)
        };
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
    let leave = || database.write(move |transaction| transaction.leave(user, organization, at(1)));
    assert_eq!(leave(), Some(Vec::new()));
    assert_eq!(leave(), None);
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
    beside.write(move |transaction| transaction.leave(user, organization, at(0))).wait().expect("it is written");
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

/// A key that is made with another key.
fn made_with(database: &TestStore, owner: Owner, actor: Actor, key: KeyId) -> KeyId {
    let new = NewKey { created_by: Maker::Request { actor, key }, ..new(owner) };
    database.write(move |transaction| transaction.create_key(new, at(1))).id
}

fn revoked(database: &TestStore, id: KeyId) -> bool {
    let key = database.store.read(move |snapshot| snapshot.key(id)).wait().expect("it is read");
    key.expect("a key").revoked_at.is_some()
}

#[test]
fn descendants_are_revoked_along_with_a_key_and_no_others() {
    let database = TestStore::new();
    let owner = Owner::Organization(database.organization());
    let root = database.write(move |transaction| transaction.create_key(new(owner), at(1))).id;
    let child = made_with(&database, owner, Actor::Key(root), root);
    let grandchild = made_with(&database, owner, Actor::Key(child), child);
    let sibling = made_with(&database, owner, actor(), KeyId::random());
    let family = |id, limit| database.store.read(move |snapshot| snapshot.family(id, limit)).wait().expect("a family");
    assert_eq!(family(root, 9).descendants, [child, grandchild]);
    assert_eq!((family(root, 1).descendants, family(root, 1).has_more), (vec![child], true));
    assert_eq!((family(root, 2).has_more, family(sibling, 9).descendants), (false, Vec::new()));
    let gone = database.write(move |transaction| transaction.revoke_key(root, at(5))).expect("a key");
    assert_eq!(gone.descendants.iter().map(|key| key.id).collect::<Vec<_>>(), [child, grandchild]);
    assert_eq!([root, child, grandchild, sibling].map(|id| revoked(&database, id)), [true, true, true, false]);
    assert_eq!(family(root, 9).descendants, [], "those in force");
}

#[test]
fn who_rotates_a_key_is_its_maker_also_in_a_circle() {
    let database = TestStore::new();
    let owner = Owner::Organization(database.organization());
    let mother = database.write(move |transaction| transaction.create_key(new(owner), at(1))).id;
    let child = made_with(&database, owner, Actor::Key(mother), mother);
    let maker = Maker::Request { actor: Actor::Key(child), key: child };
    let rotation = Rotation { hash: [4; 32], previous_until: at(7), rotated_by: Some(maker) };
    let rotated = database.write(move |transaction| transaction.rotate_key(mother, rotation)).expect("a key");
    assert_eq!((rotated.hash, rotated.previous), ([4; 32], Some(([9; 32], at(7)))));
    assert_eq!(rotated.created_by, Some(maker));
    let family = |id| database.store.read(move |snapshot| snapshot.family(id, 9)).wait().expect("it ends").descendants;
    assert_eq!((family(mother), family(child)), (vec![child], vec![mother]));
    database.write(move |transaction| transaction.revoke_key(child, at(8)));
    assert!(revoked(&database, mother), "its token is known to the holder of the revoked key");
    let again = Rotation { hash: [5; 32], previous_until: at(9), rotated_by: None };
    let rotated = database.write(move |transaction| transaction.rotate_key(mother, again)).expect("a key");
    assert_eq!((rotated.previous, rotated.created_by), (Some(([4; 32], at(9))), Some(maker)));
}

#[test]
fn the_keys_that_a_member_has_made_end_with_the_membership() {
    let database = TestStore::new();
    let (left, kept) = (database.organization(), database.organization());
    let user = database.write(|transaction| transaction.create_user("Ada", at(0))).id;
    for organization in [left, kept] {
        database.write(move |transaction| transaction.join(user, organization));
    }
    let own = database.write(move |transaction| transaction.create_key(new(Owner::User(user)), at(1))).id;
    let of = |organization, actor, key| made_with(&database, Owner::Organization(organization), actor, key);
    let (here, there) = (of(left, Actor::User(user), own), of(kept, Actor::User(user), own));
    let (below, other) = (of(left, Actor::Key(here), here), of(left, actor(), KeyId::random()));
    let ended = database.write(move |transaction| transaction.leave(user, left, at(5))).expect("a membership");
    assert_eq!(ended.iter().map(|key| key.id).collect::<Vec<_>>(), [here, below]);
    let expected = [(own, false), (here, true), (below, true), (there, false), (other, false)];
    assert!(expected.iter().all(|(id, is_revoked)| revoked(&database, *id) == *is_revoked));
    database.write(move |transaction| transaction.join(user, left));
    assert!(revoked(&database, here), "a second membership revives no key");
}

#[test]
fn a_use_is_kept_and_is_no_change_of_access() {
    let database = TestStore::new();
    let owner = Owner::Organization(database.organization());
    let key = database.write(move |transaction| transaction.create_key(new(owner), at(1))).id;
    let stamp = || database.store.read(|snapshot| snapshot.access_stamp()).wait().expect("it is read");
    let before = stamp();
    let address: std::net::IpAddr = "2001:db8::7".parse().expect("an address");
    for from in [Some(ClientAddress::from(address)), None] {
        let last = LastUse { at: at(9), from };
        database.write(move |transaction| transaction.note_uses(&[(key, last), (KeyId::random(), last)]));
        let access = database.store.read(|snapshot| snapshot.access()).wait().expect("it is read");
        assert_eq!(access.keys[0].last_use, Some(last));
    }
    assert_eq!(stamp(), before);
}
