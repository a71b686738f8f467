use super::database::Database;

#[test]
fn a_user_joins_and_leaves_organizations() {
    let (database, organization) = Database::with_organization();
    let user = database.id(&["users", "create", "Ada Lovelace"]);
    let lines = database.list("users");
    assert!(lines.len() == 1 && lines[0].starts_with(&user) && lines[0].ends_with("  Ada Lovelace"), "{lines:?}");
    for _ in 0..2 {
        assert_eq!(database.run(&["users", "join", &user, &organization]).fine().stdout, "");
    }
    assert_eq!(database.run(&["users", "leave", &user, &organization]).fine().stdout, "");
    let told = database.run(&["users", "leave", &user, &organization]).told(2);
    assert!(told.contains(&format!("the user is not a member of the organization `{organization}`")), "{told}");
}

#[test]
fn both_have_to_be_there() {
    let (database, organization) = Database::with_organization();
    let user = database.id(&["users", "create", "Ada"]);
    let told = database.run(&["users", "join", &organization, &organization]).told(2);
    assert!(told.contains("there is no such user"), "{told}");
    let told = database.run(&["users", "join", &user, &user]).told(2);
    assert!(told.contains("there is no such organization"), "{told}");
    let told = database.run(&["users", "join", "Ada", &organization]).told(2);
    assert!(told.contains("an id is a UUID in lower case"), "{told}");
}
