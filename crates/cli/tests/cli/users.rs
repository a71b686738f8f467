use super::database::CommandDatabase;

#[test]
fn a_user_joins_and_leaves_organizations() {
    let (database, organization) = CommandDatabase::with_organization();
    let user = database.id(&["users", "create", "Ada Lovelace"]);
    let lines = database.list("users");
    assert!(lines.len() == 1 && lines[0].starts_with(&user) && lines[0].ends_with("  Ada Lovelace"), "{lines:?}");
    for _ in 0..2 {
        assert_eq!(database.run(&["users", "join", &user, &organization]).fine().stdout, "");
    }
    assert_eq!(database.run(&["users", "leave", &user, &organization]).fine().stdout, "");
    let message = database.run(&["users", "leave", &user, &organization]).message(2);
    assert!(message.contains(&format!("the user is not a member of the organization `{organization}`")), "{message}");
}

#[test]
fn both_have_to_be_there() {
    let (database, organization) = CommandDatabase::with_organization();
    let user = database.id(&["users", "create", "Ada"]);
    let message = database.run(&["users", "join", &organization, &organization]).message(2);
    assert!(message.contains("there is no such user"), "{message}");
    let message = database.run(&["users", "join", &user, &user]).message(2);
    assert!(message.contains("there is no such organization"), "{message}");
    let message = database.run(&["users", "join", "Ada", &organization]).message(2);
    assert!(message.contains("an id is a UUID in lower case"), "{message}");
}
