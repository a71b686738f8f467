//! What other processes write to the database of a running server, and which processes must not.

use callplan_service::store::{Actor, Fields, KeyId, NewRevision};

use super::server::{PATIENCE, ServedDatabase, Server, callplan, new_key};

#[test]
fn keys_that_are_made_and_revoked_beside_it_are_followed() {
    let database = ServedDatabase::new();
    let server = Server::start(&database, &[]);
    let store = database.store();
    let token = new_key(&store, database.organization, 2);
    server.call_until(&token.reveal(), 200);
    let id = token.id().parse().expect("an id");
    store
        .write(move |transaction| transaction.revoke_key(id, jiff::Timestamp::now()).map(drop))
        .wait()
        .expect("it is revoked");
    server.call_until(&token.reveal(), 401);
    assert_eq!(server.call(&database.token).status, 200);
}

#[test]
fn an_organization_that_is_made_beside_it_is_followed() {
    let database = ServedDatabase::new();
    let server = Server::start(&database, &[]);
    let store = database.store();
    let made = store.write(|transaction| transaction.create_organization("Newcomer", jiff::Timestamp::now())).wait();
    let token = new_key(&store, made.expect("an organization").id, 3).reveal();
    server.call_until(&token, 200);
}

#[test]
fn a_second_server_on_the_file_is_refused() {
    let database = ServedDatabase::new();
    let server = Server::start(&database, &[]);
    let mut second = callplan();
    second.args(["serve", "--listen", "127.0.0.1:0", "--database"]).arg(database.path());
    let refused = second.output().expect("it runs");
    assert_eq!((refused.status.code(), refused.stdout.len()), (Some(1), 0));
    let message = String::from_utf8_lossy(&refused.stderr);
    assert!(message.contains("another server is running on") && message.contains("callplan.db"), "{message}");
    assert_eq!(server.call(&database.token).status, 200);
    assert!(server.end().0.success());
    assert_eq!(Server::start(&database, &[]).call(&database.token).status, 200);
}

#[test]
fn what_cannot_be_used_is_told_and_is_wrong_use() {
    let folder = tempfile::tempdir().expect("a folder");
    let foreign = folder.path().join("letter.txt");
    std::fs::write(&foreign, "Dear Sir or Madam,").expect("a file");
    let database = ServedDatabase::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("its address").to_string();
    let own = database.path();
    for (file, address, reason) in [
        (&foreign, "127.0.0.1:0", "no database of callplan"),
        (&own, "nowhere", "is not an address with a port"),
        (&own, &*address, "cannot listen on"),
    ] {
        let refused = callplan().args(["serve", "--listen", address, "--database"]).arg(file).output();
        let refused = refused.expect("it runs");
        let stderr = String::from_utf8_lossy(&refused.stderr);
        assert_eq!((refused.status.code(), refused.stdout.len()), (Some(2), 0), "{stderr}");
        assert!(stderr.contains(reason), "{stderr}");
    }
    assert_eq!(std::fs::read_to_string(&foreign).expect("the file"), "Dear Sir or Madam,");
}

#[test]
fn a_stored_plan_that_is_none_any_more_stops_nothing_and_is_told() {
    let database = ServedDatabase::new();
    let (organization, now) = (database.organization, jiff::Timestamp::now());
    let fields = Fields {
        workflow_definition: "words of a release that is long gone".into(),
        fallback_agent_id: None,
        fallback_agent_version: None,
        enabled: true,
        diagnostics: "[]".into(),
    };
    let new = NewRevision { fields, created_by: Actor::Key(KeyId::random()), restored_from: None };
    let store = database.store();
    store
        .write(move |transaction| transaction.create_config(organization, new, now).map(drop))
        .wait()
        .expect("it is stored");
    let server = Server::start(&database, &[]);
    assert_eq!(server.call(&database.token).json()["reason"], "workflow_failed");
    let begun = std::time::Instant::now();
    while !server.log().contains("a stored plan no longer compiles") {
        assert!(begun.elapsed() < PATIENCE, "it is never told");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let warning = server.log();
    let warning = warning.lines().find(|line| line.contains("no longer compiles")).expect("a line").to_owned();
    let warning: serde_json::Value = serde_json::from_str(&warning).expect("JSON");
    assert_eq!((&warning["level"], &warning["organization"]), (&"warn".into(), &organization.to_string().into()));
    assert!(server.get("/metrics").body.contains("\ncallplan_broken_plans 1\n"));
}

#[test]
fn the_end_of_a_list_of_dates_is_known_after_a_start() {
    let database = ServedDatabase::new();
    let metric = |server: &Server| {
        let page = server.get("/metrics").body;
        page.lines().find_map(|line| Some(line.strip_prefix("callplan_dates_end_timestamp_seconds ")?.to_owned()))
    };
    let server = Server::start(&database, &[]);
    assert_eq!(metric(&server), None);
    let plan = "timezone Europe/Berlin\ndays h = [2089-04-01, 2090-04-01]\nwhen date in h { reject }\nfallback\n";
    let body = serde_json::json!({"workflow_definition": plan}).to_string();
    let made = server.connect().ask(&database.token, "POST", "/core/inbound-routing-config", &body);
    assert_eq!(made.expect("an answer").status, 201);
    // Midnight in Berlin, on 2 April 2090.
    let end = Some("3794767200".to_owned());
    assert_eq!(metric(&server), end);
    server.end();
    let server = Server::start(&database, &[]);
    let begun = std::time::Instant::now();
    while metric(&server) != end {
        assert!(begun.elapsed() < PATIENCE, "it is never known");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

#[test]
fn a_number_that_is_moved_and_a_limit_that_is_set_are_followed() {
    let database = ServedDatabase::new();
    let path = database.path();
    let run = |arguments: &[&str]| {
        let done = callplan().args(arguments).arg("--database").arg(&path).output().expect("it runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).expect("text").trim().to_owned()
    };
    let other = run(&["organizations", "create", "Lakeside"]);
    let token = run(&["keys", "create", "--organization", &other, "--scope", "phone_numbers:read"]);
    let server = Server::start(&database, &["--reserve-numbers"]);
    let organization = database.organization.to_string();
    run(&["numbers", "register", "+1 415 555 0142", "--organization", &organization, "--trunk", "main"]);
    run(&["numbers", "move", "+14155550142", "--to", &other]);
    assert_eq!(run(&["numbers", "list", "--organization", &other]), "+14155550142  main");
    assert_eq!(run(&["numbers", "list", "--organization", &organization]), "");
    let authorization = format!("Bearer {token}");
    let headers = [("authorization", &*authorization)];
    let number = server.ask("GET", "/core/phone-numbers/%2B14155550142", &headers, "");
    assert_eq!((number.status, number.json()["trunk_id"].as_str()), (200, Some("main")));
    let printed = run(&["organizations", "limits", &organization, "--calls", "0", "--keys", "none"]);
    assert_eq!(
        printed,
        "calls  0\nwrites  default\ntext-bytes  default\nkeys  none\nagents  default\nnumbers  default"
    );
    server.call_until(&database.token, 429);
    run(&["organizations", "limits", &organization, "--calls", "default", "--text-bytes", "5000000000"]);
    server.call_until(&database.token, 200);
    run(&["numbers", "delete", "+14155550142"]);
    assert_eq!(run(&["numbers", "list", "--organization", &other]), "");
    let events = run(&["audit", "export"]);
    let of = |line: &str| {
        let event: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(event["actor"]["kind"], "command_line", "{event}");
        (event["kind"].as_str() != Some("api_key.created")).then(|| {
            let kind = event["kind"].as_str().expect("text").to_owned();
            (kind, event["organization_id"] == *organization)
        })
    };
    let events: Vec<_> = events.lines().filter_map(of).collect();
    let expected = [
        ("organization.created", false),
        ("phone_number.registered", true),
        ("phone_number.moved", true),
        ("phone_number.moved", false),
        ("organization.limited", true),
        ("organization.limited", true),
        ("phone_number.deleted", false),
    ];
    assert_eq!(events, expected.map(|(kind, is_ours)| (kind.to_owned(), is_ours)));
}
