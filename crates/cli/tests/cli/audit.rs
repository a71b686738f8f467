use serde_json::Value;

use super::database::CommandDatabase;

fn events(database: &CommandDatabase, options: &[&str]) -> Vec<Value> {
    let run = database.run(&[&["audit", "export"], options].concat()).fine();
    run.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["kind"].as_str().expect("text")).collect()
}

#[test]
fn every_write_of_the_command_line_leaves_an_event() {
    let (database, organization) = CommandDatabase::with_organization();
    let user = database.id(&["users", "create", "Ada"]);
    let scope = ["--scope", "agents:read"];
    database.run(&["users", "join", &user, &organization]).fine();
    database.run(&["users", "join", &user, &organization]).fine();
    let token = database.id(&[&["keys", "create", "--organization", &organization], &scope[..]].concat());
    let users = database.id(&[&["keys", "create", "--user", &user], &scope[..]].concat());
    let key = token.split('.').next().expect("an id");
    let rotated = database.id(&["keys", "rotate", key]);
    database.run(&["keys", "revoke", key]).fine();
    database.run(&["keys", "revoke", key]).fine();
    database.run(&["users", "leave", &user, &organization]).fine();
    database.run(&["users", "leave", &user, &organization]).message(2);
    database.run(&["users", "join", &user, &organization]).fine();
    database.run(&["users", "delete", &user, "--yes"]).fine();
    database.run(&["calls", "forget", "+14155550100"]).fine();
    database.run(&["organizations", "delete", &organization, "--yes"]).fine();
    let all = events(&database, &[]);
    let expected = [
        "organization.created",
        "user.created",
        "membership.begun",
        "api_key.created",
        "api_key.created",
        "api_key.rotated",
        "api_key.revoked",
        "membership.ended",
        "membership.begun",
        "user.deleted",
        "membership.ended",
        "organization.deleted",
    ];
    assert_eq!(kinds(&all), expected);
    let system_user = rustix::process::getuid().as_raw().to_string();
    for event in &all {
        assert_eq!(
            (&event["actor"]["kind"], &event["actor"]["id"]),
            (&"command_line".into(), &system_user.as_str().into())
        );
    }
    let text = format!("{all:?}");
    for secret in [&token, &users, &rotated].map(|token| token.split_once('.').expect("a secret").1) {
        assert!(!text.contains(secret));
    }
    // The user and their key belong to no organization.
    let ours = events(&database, &["--organization", &organization]);
    assert!(ours.iter().all(|event| event["organization_id"] == organization.as_str()));
    assert_eq!(all.len() - ours.len(), 3);
    assert_eq!(events(&database, &["--since", "2999-01-01T00:00:00Z"]), Vec::<Value>::new());
    assert_eq!(events(&database, &["--until", "2999-01-01T00:00:00Z"]), all);
    assert!(database.run(&["audit", "export", "--since", "monday"]).message(2).contains("write a time with an offset"));
}
