use insta::assert_snapshot;

use super::database::CommandDatabase;

const ID: &str = "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11";

/// The part of a token that is not secret.
fn key(token: &str) -> &str {
    token.split('.').next().expect("an id")
}

#[test]
fn a_key_is_shown_once_listed_and_revoked() {
    let (database, organization) = CommandDatabase::with_organization();
    let user = database.id(&["users", "create", "Ada"]);
    let scopes = ["--scope", "inbound_calls:route", "--scope", "agents:manage", "--scope", "agents:manage"];
    let create = |owner: &[&str]| database.id(&[&["keys", "create"], owner, &scopes[..]].concat());
    let ours = create(&["--organization", &organization]);
    let users = create(&["--user", &user, "--expires-at", "2999-01-01T00:00:00+01:00", "--name", "Ada's laptop"]);
    assert!(ours.starts_with("ak_") && users.starts_with("pat_"));
    for token in [&ours, &users] {
        let (id, secret) = token.split_once('.').expect("a dot");
        assert_eq!((id.split_once('_').expect("a prefix").1.len(), secret.len()), (36, 43), "{token}");
    }
    let lines = database.list("keys");
    assert_eq!(
        lines,
        [
            format!(
                "{}  holds  organization {organization}  inbound_calls:route,agents:manage  command line",
                key(&ours)
            ),
            format!(
                "{}  until 2998-12-31T23:00:00Z  user {user}  inbound_calls:route,agents:manage  Ada's laptop",
                key(&users)
            ),
        ]
    );
    // A complete token, as it may have leaked, works, too.
    assert_eq!(database.run(&["keys", "revoke", key(&ours)]).fine().stdout, "");
    assert_eq!(database.run(&["keys", "revoke", &users]).fine().stdout, "");
    assert!(database.list("keys").iter().all(|line| line.contains("  revoked 2")));
}

#[test]
fn a_rotated_key_has_a_new_token_and_is_the_same_key() {
    let (database, organization) = CommandDatabase::with_organization();
    let arguments = ["keys", "create", "--organization", &organization, "--scope", "agents:read"];
    let old = database.id(&[&arguments[..], &["--address-range", "203.0.113.7"]].concat());
    let new = database.id(&["keys", "rotate", key(&old), "--overlap", "1h"]);
    assert_eq!(key(&old), key(&new));
    assert_ne!(old, new);
    assert_eq!(database.list("keys").len(), 1);
    assert!(database.run(&["keys", "rotate", key(&old), "--overlap", "31d"]).message(2).contains("with its unit"));
    database.run(&["keys", "revoke", key(&old)]).fine();
    assert!(database.run(&["keys", "rotate", key(&old)]).message(2).contains("there is no key `ak_"));
    let wrong = database.run(&[&arguments[..], &["--address-range", "203.0.113.0/33"]].concat()).message(2);
    assert!(wrong.contains("must be an address or a range in CIDR notation"), "{wrong}");
}

#[test]
fn no_secret_is_in_the_database() {
    let (database, organization) = CommandDatabase::with_organization();
    let token = database.id(&["keys", "create", "--organization", &organization, "--scope", "agents:read"]);
    let secret = token.split_once('.').expect("a dot").1.as_bytes();
    for entry in std::fs::read_dir(database.folder()).expect("a folder") {
        let bytes = std::fs::read(entry.expect("an entry").path()).expect("a file");
        assert!(!bytes.windows(secret.len()).any(|part| part == secret));
    }
}

#[test]
fn a_scope_that_does_not_exist_is_answered_with_the_list() {
    let run = CommandDatabase::missing().run(&["keys", "create", "--organization", ID, "--scope", "agents:write"]);
    assert_eq!(run.exit, Some(2));
    assert_snapshot!(run.stderr);
}

#[test]
fn wrong_use_is_told_before_anything_is_made() {
    let (database, organization) = CommandDatabase::with_organization();
    let with = |arguments: &[&str]| {
        let message = database.run(arguments).message(2);
        assert!(database.list("keys").is_empty());
        message
    };
    let create = |rest: &[&str]| with(&[&["keys", "create", "--scope", "agents:read"], rest].concat());
    assert!(create(&[]).contains("<--organization <ID>|--user <ID>>"));
    assert!(create(&["--organization", &organization, "--user", ID]).contains("cannot be used with '--user"));
    assert!(create(&["--organization", ID]).contains("there is no such organization"));
    assert!(create(&["--user", ID]).contains("there is no such user"));
    assert!(create(&["--organization", "acme"]).contains("an id is a UUID in lower case"));
    let expires = |at| create(&["--organization", &organization, "--expires-at", at]);
    assert!(expires("2001-01-01T00:00:00Z").contains("is in the past"));
    assert!(expires("tomorrow").contains("write a time with an offset, such as"));
    assert!(with(&["keys", "create", "--organization", &organization]).contains("--scope <SCOPE>"));
    assert!(with(&["keys", "revoke", ID]).contains("write a key as `ak_` or `pat_` and its id"));
    assert!(with(&["keys", "revoke", &format!("ak_{ID}")]).contains(&format!("there is no key `ak_{ID}`")));
}

#[test]
fn a_key_of_a_user_is_none_of_an_organization() {
    let (database, _) = CommandDatabase::with_organization();
    let user = database.id(&["users", "create", "Ada"]);
    let token = database.id(&["keys", "create", "--user", &user, "--scope", "agents:read"]);
    let other = key(&token).replace("pat_", "ak_");
    assert!(database.run(&["keys", "revoke", &other]).message(2).contains("there is no key"));
    assert!(database.list("keys")[0].contains("  holds  "));
}
