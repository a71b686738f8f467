//! What the operator allows, and how much of it is kept.

use callplan_service::store::{
    AgentFields, Kept, KeyId, Limited, Maker, NewKey, NewRevision, OrganizationId, OwnLimit, Owner,
};

use super::database::{TestStore, actor, agent, at, revision};

fn kept(database: &TestStore, organization: OrganizationId) -> Kept {
    database.store.read(move |snapshot| snapshot.kept(organization)).wait().expect("it is read")
}

fn key(database: &TestStore, organization: OrganizationId, made_with: Option<KeyId>) -> KeyId {
    let created_by = match made_with {
        None => Maker::CommandLine,
        Some(key) => Maker::Request { actor: actor(), key },
    };
    let new = NewKey {
        id: KeyId::random(),
        owner: Owner::Organization(organization),
        name: "Key".to_owned(),
        scopes: Vec::new(),
        hash: [0; 32],
        expires_at: None,
        created_by,
        address_ranges: Vec::new(),
    };
    database.write(move |transaction| transaction.create_key(new, at(0))).id
}

#[test]
fn what_is_kept_is_counted_for_each_organization() {
    let database = TestStore::new();
    let (ours, theirs) = (database.organization(), database.organization());
    assert_eq!((kept(&database, ours), kept(&database, theirs)), (Kept::default(), Kept::default()));

    // Revisions that share a text count once.
    database.write(move |transaction| transaction.create_config(ours, revision("reject"), at(0)));
    database.write(move |transaction| transaction.save_config(ours, revision("fallback # ü"), &[], at(1)));
    database.write(move |transaction| transaction.save_config(ours, revision("fallback # ü"), &[], at(2)));
    database.write(move |transaction| {
        let restored = NewRevision { restored_from: Some(1), ..revision("reject") };
        transaction.save_config(ours, restored, &[], at(3))
    });
    database.write(move |transaction| transaction.create_config(theirs, revision("reject"), at(0)));
    database.write(move |transaction| transaction.delete_config(ours));
    assert_eq!(kept(&database, ours).text_bytes, 6 + 13);
    assert_eq!(kept(&database, theirs).text_bytes, 6);

    let texts = |description: Option<&str>, metadata: Option<&str>| AgentFields {
        description: description.map(str::to_owned),
        metadata: metadata.map(str::to_owned),
        ..agent("Desk")
    };
    let (fields, longer) = (texts(Some("Desk"), None), texts(Some("Front desk"), Some("{}")));
    let desk = database.write(move |transaction| transaction.create_agent(ours, fields, at(0))).id;
    database.write(move |transaction| transaction.save_agent(ours, desk, longer, at(1)).map(drop));
    for config in [Some("{\"a\":1}".to_owned()), None] {
        database.write(move |transaction| transaction.create_version(ours, desk, config, at(2)));
    }
    assert_eq!(kept(&database, ours), Kept { text_bytes: 19 + 10 + 2 + 7, keys: 0, agents: 1, numbers: 0 });
    database.write(move |transaction| transaction.delete_agent(ours, desk));
    assert_eq!(kept(&database, ours), Kept { text_bytes: 19, keys: 0, agents: 0, numbers: 0 });

    for number in ["+14155550100", "201"] {
        database.write(move |transaction| transaction.register_number(ours, number, None, at(0)));
    }
    database.write(move |transaction| transaction.move_number("+14155550100", (ours, theirs)));
    assert_eq!((kept(&database, ours).numbers, kept(&database, theirs).numbers), (1, 1));
    database.write(move |transaction| transaction.delete_number(ours, "201"));
    assert_eq!((kept(&database, ours).numbers, kept(&database, theirs).numbers), (0, 1));

    // A key is revoked along with those that were made with it, and only once.
    let maker = key(&database, ours, None);
    key(&database, ours, Some(maker));
    key(&database, theirs, None);
    assert_eq!((kept(&database, ours).keys, kept(&database, theirs).keys), (2, 1));
    for second in [1, 2] {
        database.write(move |transaction| transaction.revoke_key(maker, at(second)).map(drop));
        assert_eq!((kept(&database, ours).keys, kept(&database, theirs).keys), (0, 1));
    }
}

#[test]
fn a_limit_is_an_organizations_own_and_goes_with_it() {
    let database = TestStore::new();
    let (ours, theirs) = (database.organization(), database.organization());
    let limits = || database.store.read(|snapshot| snapshot.own_limits()).wait().expect("they are read");
    let set = |organization, own| {
        database.write(move |transaction| transaction.set_limit(organization, Limited::Keys, own));
    };
    set(ours, Some(Some(3)));
    set(theirs, Some(None));
    let own = |organization, limit| OwnLimit { organization, limited: Limited::Keys, limit };
    let mut both = vec![own(ours, Some(3)), own(theirs, None)];
    both.sort_by_key(|own| own.organization.to_string());
    assert_eq!(limits(), both);
    set(theirs, None);
    assert_eq!(limits(), [own(ours, Some(3))]);
    database.write(move |transaction| transaction.delete_organization(ours));
    assert_eq!(limits(), []);
}
