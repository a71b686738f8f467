//! Questions about a text before it is saved: `…/format`, `…/diff`, `…/timeline`, `…/replay`,
//! `…/example`, `…/complete`, `…/hover`.

use callplan::schedule::Zone;
use callplan_server::api::Settings;
use callplan_service::calls::CallLogMode;
use callplan_service::credentials::Scope;
use serde_json::{Value, json};

use crate::service::{Service, pairs, text};

const CONFIG: &str = "/core/inbound-routing-config";
const DESK: &str = "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11";

async fn ask(service: &Service, what: &str, body: Value) -> crate::service::Answer {
    service.post(&format!("{CONFIG}/{what}"), body).await
}

async fn save(service: &Service, plan: &str) {
    service.post(CONFIG, json!({"workflow_definition": plan})).await.expect(201);
}

/// Makes an agent with a published version, and gives its id.
async fn agent(service: &Service) -> String {
    let id = text(&service.post("/core/agents", json!({"name": "Desk"})).await.expect(201), "id");
    service.post(&format!("/core/agents/{id}/versions"), json!({})).await.expect(201);
    service.post(&format!("/core/agents/{id}/versions/1/publish"), json!({})).await.expect(200);
    id
}

#[tokio::test]
async fn all_of_them_need_the_scope_to_read_configs_and_say_what_is_wrong_with_a_text() {
    let service = Service::start().await;
    let key = service.key(&[Scope::ReadCalls, Scope::ReadAgents]).await;
    let reader = service.key(&[Scope::ReadConfigs, Scope::ReadCalls]).await;
    for (what, mut body) in [
        ("format", json!({})),
        ("diff", json!({})),
        ("timeline", json!({"called_number": "+18005550100"})),
        ("replay", json!({})),
        ("example", json!({"call": {"called_number": "+18005550100"}})),
    ] {
        save_if_none(&service).await;
        body["workflow_definition"] = json!("when caller in { reject }");
        let path = format!("{CONFIG}/{what}");
        let detail = key.post(&service, &path, body.clone()).await.expect_detail(403);
        assert_eq!(detail, "This needs the scope `inbound_routing_configs:read`.");
        let refused = reader.post(&service, &path, body.clone()).await.expect(422);
        assert_eq!(refused["diagnostics"][0]["code"], "syntax", "{what}: {refused:#}");
        assert!(refused["rendered"].as_str().is_some_and(|drawn| drawn.contains("when caller in {")), "{what}");
        body["plan"] = json!(1);
        let errors = reader.post(&service, &path, body).await.expect_errors();
        assert_eq!(errors, pairs(&[("plan", "is not a field of this")]), "{what}");
    }
}

async fn save_if_none(service: &Service) {
    if service.get(CONFIG).await.expect(200).is_null() {
        save(service, "reject").await;
    }
}

#[tokio::test]
async fn without_a_plan_there_is_nothing_to_ask_about() {
    let service = Service::start().await;
    for (what, body) in [
        ("diff", json!({"workflow_definition": "reject"})),
        ("timeline", json!({"called_number": "+18005550100"})),
        ("replay", json!({"workflow_definition": "reject"})),
        ("example", json!({"call": {"called_number": "+18005550100"}})),
    ] {
        let detail = ask(&service, what, body).await.expect_detail(404);
        assert_eq!(detail, "The organization has no inbound-routing config.", "{what}");
    }
}

#[tokio::test]
async fn format_lays_out_a_text_whose_names_need_not_be_right() {
    let service = Service::start().await;
    let body = json!({"workflow_definition": "rule \"Spam\"   when caller in spam {reject}\nroute to nobody # yet"});
    let laid_out = ask(&service, "format", body).await.expect(200);
    let expected = "rule \"Spam\" when caller in spam {\n  reject\n}\n\nroute to nobody  # yet\n";
    assert_eq!(laid_out, json!({"workflow_definition": expected}));
}

#[tokio::test]
async fn diff_tells_the_calls_that_change_and_simulate_takes_its_witness() {
    let service = Service::start().await;
    save(&service, "switch storm\nwhen storm is on { reject }\nfallback").await;
    let edited = "switch snow\nwhen snow is on and caller in [+1900*] { reject }\nfallback";
    let diff = ask(&service, "diff", json!({"workflow_definition": edited})).await.expect(200);
    assert_eq!((&diff["against"], &diff["revision"], &diff["same"]), (&json!(1), &Value::Null, &json!(false)));
    let changes = diff["changes"].as_array().expect("changes");
    assert_eq!(changes.len(), 2, "{diff:#}");
    for change in changes {
        let witness = &change["witness"];
        for (plan, side) in [(None, "was"), (Some(edited), "now")] {
            let body = match plan {
                Some(plan) => json!({"workflow_definition": plan, "call": witness["call"]}),
                None => json!({"call": witness["call"]}),
            };
            let decided = ask(&service, "simulate", body).await.expect(200);
            let is_rejected = decided["decision"]["reason"] == "rejected";
            assert_eq!(json!(is_rejected), witness[side]["reject"], "{side} of {change:#}: {decided:#}");
        }
    }
}

#[tokio::test]
async fn diff_compares_revisions_too_and_a_failing_example_does_not_matter() {
    let service = Service::start().await;
    save(&service, "reject").await;
    let second = "when caller is anonymous { reject }\nfallback";
    service.put(CONFIG, json!({"workflow_definition": second})).await.expect(200);
    let diff = ask(&service, "diff", json!({"revision": 1})).await.expect(200);
    assert_eq!((&diff["against"], &diff["revision"], &diff["same"]), (&json!(2), &json!(1), &json!(false)));
    let diff = ask(&service, "diff", json!({"revision": 2, "against": 2})).await.expect(200);
    assert_eq!((&diff["same"], &diff["changes"]), (&json!(true), &json!([])));
    let fails =
        "reject\nexample \"e\" {\n  call from +14155550100 to +18005550100 at 2026-03-01 12:00\n  expect fallback\n}";
    let diff = ask(&service, "diff", json!({"workflow_definition": fails, "against": 1})).await.expect(200);
    assert_eq!(diff["same"], true);
}

/// Today in a time zone, which is another day than in UTC at some hours.
fn today_in(zone: &str) -> String {
    Zone::find(zone).expect("a zone").read(jiff::Timestamp::now()).date.to_string()
}

#[tokio::test]
async fn diff_begins_with_today_on_the_clocks_of_the_plans() {
    let service = Service::start().await;
    // At every hour, one of the two has another day than UTC.
    let (east, west) = ("Pacific/Kiritimati", "Pacific/Pago_Pago");
    let in_zone = |zone: &str| format!("timezone {zone}\nwhen time in 08:00-09:00 {{ reject }}\nfallback");
    let from = async |text: String| {
        let diff = ask(&service, "diff", json!({"workflow_definition": text})).await.expect(200);
        assert_eq!(diff["same"], false, "{diff:#}");
        diff["from"].as_str().expect("a day").to_owned()
    };
    for zone in [east, west] {
        let saved = format!("timezone {zone}\nfallback");
        if service.get(CONFIG).await.expect(200).is_null() {
            save(&service, &saved).await;
        } else {
            service.put(CONFIG, json!({"workflow_definition": saved})).await.expect(200);
        }
        let before = today_in(zone);
        let found = from(in_zone(zone)).await;
        assert!(found == before || found == today_in(zone), "{found} in {zone}, where it is {before}");
    }
    // Two clocks: nothing of the earlier day is left out.
    let (before, found) = (today_in(west), from(in_zone(east)).await);
    assert!(found == before || found == today_in(west), "{found}, and {before} in the west");
}

#[tokio::test]
async fn diff_asks_for_one_plan_and_for_revisions_that_exist() {
    let service = Service::start().await;
    save(&service, "reject").await;
    for revision in [json!({"revision": 9}), json!({"revision": 1, "against": 9}), json!({"revision": u64::MAX})] {
        assert_eq!(ask(&service, "diff", revision).await.expect_detail(404), "There is no such revision.");
    }
    let wrong = [
        (json!({}), [("workflow_definition", "is required without a `revision`")].as_slice()),
        (
            json!({"workflow_definition": "reject", "revision": 1}),
            &[("revision", "must be left out with a `workflow_definition`")],
        ),
        (
            json!({"revision": 0, "against": -1}),
            &[
                ("revision", "must be a whole number of at least 1"),
                ("against", "must be a whole number of at least 1"),
            ],
        ),
        (json!({"workflow_definition": 1}), &[("workflow_definition", "must be a string")]),
    ];
    for (body, errors) in wrong {
        assert_eq!(ask(&service, "diff", body).await.expect_errors(), pairs(errors));
    }
}

/// The switches that trying a call to a number, and its timeline, say it can reach; of the saved
/// plan, if no text is given.
async fn reachable(service: &Service, number: &str, text: Option<&str>) -> Value {
    let mut query = json!({"called_number": number});
    let mut call = json!({"call": {"called_number": number}});
    if let Some(text) = text {
        query["workflow_definition"] = json!(text);
        call["workflow_definition"] = json!(text);
    }
    let tried = ask(service, "simulate", call).await.expect(200)["reachable_switches"].clone();
    assert_eq!(ask(service, "timeline", query).await.expect(200)["reachable_switches"], tried);
    tried
}

#[tokio::test]
async fn the_switches_are_told_that_calls_to_a_number_can_reach_in_the_organizations_own_plan() {
    let service = Service::start().await;
    let plan = |names: [&str; 3]| {
        let [one, two, three] = names;
        format!(
            "timezone UTC\nswitch {one}\nswitch {two}\nswitch {three}\n\
             when dialed is +18005550100 {{ when {three} is on {{ reject }} }}\n\
             when dialed is +18005550101 and {two} is on {{ reject }}\nwhen {one} is on {{ reject }}\nfallback\n"
        )
    };
    save(&service, &plan(["storm", "flood", "fire"])).await;
    let theirs = json!({"workflow_definition": plan(["a", "b", "c"])});
    service.stranger.post(&service, CONFIG, theirs).await.expect(201);
    assert_eq!(reachable(&service, "+18005550100", None).await, json!(["storm", "fire"]));
    assert_eq!(reachable(&service, "+1 800 555 0101", None).await, json!(["storm", "flood"]));
    assert_eq!(reachable(&service, "+18005550102", None).await, json!(["storm"]));
    let sent = plan(["sent", "two", "three"]);
    assert_eq!(reachable(&service, "+18005550101", Some(&sent)).await, json!(["sent", "two"]));
    let theirs = json!({"call": {"called_number": "+18005550100"}});
    let theirs = service.stranger.post(&service, &format!("{CONFIG}/simulate"), theirs).await.expect(200);
    assert_eq!(theirs["reachable_switches"], json!(["a", "c"]));
}

#[tokio::test]
async fn timeline_tells_each_change_of_the_days() {
    let service = Service::start().await;
    let plan = "timezone America/New_York\nswitch storm\nschedule office { mon-fri 09:00-17:00 }\n\
        when storm is on { reject }\nwhen office is open { fallback }\nreject";
    save(&service, plan).await;
    let query = json!({"called_number": "+18005550100", "from": "2026-03-05", "days": 2});
    let timeline = ask(&service, "timeline", query.clone()).await.expect(200);
    assert_eq!((&timeline["plan"], &timeline["zone"]), (&json!("workflow_definition"), &json!("America/New_York")));
    assert_eq!(
        (&timeline["from"], &timeline["until"]),
        (&json!("2026-03-05T05:00:00Z"), &json!("2026-03-07T05:00:00Z"))
    );
    assert!(text(&timeline["call"], "caller_number").starts_with("+1"), "an ordinary caller: {timeline:#}");
    assert_eq!(timeline["call"]["organization_id"], service.tenant.organization.to_string());
    let stretches: Vec<_> =
        timeline["stretches"].as_array().expect("stretches").iter().map(|stretch| &stretch["decision"]).collect();
    assert_eq!(stretches, ["reject", "fallback", "reject", "fallback", "reject"]);
    // A switch has its current state, unless the request sets it; the caller is chosen, too.
    service.put(&format!("{CONFIG}/switches/storm"), json!({"on": true})).await.expect(200);
    let stretches = async |more: Value| {
        let mut query = query.clone();
        query.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
        let timeline = ask(&service, "timeline", query).await.expect(200);
        (timeline["stretches"].as_array().map(Vec::len), timeline["call"]["caller_number"].clone())
    };
    assert_eq!(stretches(json!({})).await.0, Some(1));
    let withheld = stretches(json!({"switches": {"storm": false}, "caller_number": ""})).await;
    assert_eq!(withheld, (Some(5), json!("anonymous")));
    let week = json!({"called_number": "+18005550100", "workflow_definition": "fallback"});
    let timeline = ask(&service, "timeline", week).await.expect(200);
    let instant = |field: &str| text(&timeline, field).parse::<jiff::Timestamp>().expect("an instant");
    assert_eq!(instant("until").duration_since(instant("from")).as_hours(), 7 * 24);
}

#[tokio::test]
async fn timeline_says_all_that_is_wrong_with_what_is_asked() {
    let service = Service::start().await;
    save(&service, "fallback").await;
    let query = json!({"called_number": "anonymous", "caller_number": "+0", "from": "2026-02-30", "days": 32,
        "switches": {"storm": "on"}});
    assert_eq!(
        ask(&service, "timeline", query).await.expect_errors(),
        pairs(&[
            ("called_number", "is not a number that can be dialed"),
            ("caller_number", "is not a number: `+` must be followed by 1 to 15 digits, the first not 0"),
            ("switches.storm", "must be true or false"),
            ("from", "must be a day, such as 2026-12-24"),
            ("days", "must be a whole number from 1 to 31"),
        ])
    );
    let query = |more: Value| {
        let mut query = json!({"called_number": "+18005550100"});
        query.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
        query
    };
    let errors = ask(&service, "timeline", query(json!({"switches": {"storm": true}}))).await.expect_errors();
    assert_eq!(errors, pairs(&[("switches.storm", "is not a switch of this plan")]));
    let errors = ask(&service, "timeline", query(json!({"from": "9999-12-31"}))).await.expect_errors();
    assert_eq!(errors, pairs(&[("from", "is too near to the end of the calendar")]));
}

#[tokio::test]
async fn what_takes_too_long_to_work_out_is_told() {
    let service = Service::start().await;
    save(&service, "reject").await;
    let (switches, rules): (String, String) = (0..40)
        .map(|at| (format!("switch s{at}\n"), format!("when s{at} is on {{ metadata {{ k{at}: 1 }} }}\n")))
        .unzip();
    let body = json!({"workflow_definition": format!("{switches}{rules}fallback")});
    let detail = ask(&service, "diff", body).await.expect_detail(422);
    assert_eq!(detail, "These plans are too complex: their differences could not be worked out within the budget.");
    let arms: String = (0..40)
        .map(|at| {
            format!("split \"{at}\" by call {{ 50% {{ when weekday is sun {{ reject }} }} 50% {{ when weekday is sat {{ fallback }} }} }}\n")
        })
        .collect();
    let body = json!({"workflow_definition": arms, "called_number": "+18005550100"});
    let detail = ask(&service, "timeline", body).await.expect_detail(422);
    assert_eq!(detail, "The arms of this plan's splits by call combine in too many ways to show them all.");
}

/// Has calls decided, and waits until they are in the log.
async fn call(service: &Service, calls: &[Value]) {
    for call in calls {
        service.post("/core/inbound-calls", call.clone()).await.expect(200);
    }
    for _ in 0..100 {
        let logged = service.get("/core/inbound-calls?limit=100").await.expect(200);
        if logged["items"].as_array().map(Vec::len) == Some(calls.len()) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the calls are not in the log");
}

#[tokio::test]
async fn replay_shows_the_calls_that_an_edit_would_have_decided_differently() {
    let service = Service::start().await;
    let agent = agent(&service).await;
    let plan = format!("switch storm\nrule \"Storm\" when storm is on {{ reject }}\nroute to \"{agent}\"");
    save(&service, &plan).await;
    service.put(&format!("{CONFIG}/switches/storm"), json!({"on": true})).await.expect(200);
    let withheld = json!({"called_number": "+18005550100"});
    let spam = json!({"caller_number": "+19005550100", "called_number": "+18005550100", "trunk_id": "a",
        "timestamp": "2020-02-03T04:05:06Z"});
    call(&service, &[spam.clone(), withheld]).await;
    service.put(&format!("{CONFIG}/switches/storm"), json!({"on": false})).await.expect(200);
    let edited = plan.replace("reject", "fallback").replace("Storm\"", "Snow\"");
    let replayed = ask(&service, "replay", json!({"workflow_definition": edited})).await.expect(200);
    assert_eq!(
        (&replayed["calls"], &replayed["same"], &replayed["not_comparable"], &replayed["left_out"]),
        (&json!(2), &json!(0), &json!(0), &json!(0))
    );
    let changed = replayed["changed"].as_array().expect("calls");
    assert_eq!(
        changed.iter().map(|change| &change["call"]["caller_number"]).collect::<Vec<_>>(),
        [&Value::Null, &spam["caller_number"]]
    );
    let expected = json!({"caller_number": "+19005550100", "called_number": "+18005550100", "trunk_id": "a",
        "caller_name": null, "caller_asserted": null, "diverted_from": null, "attestation": null, "attributes": {},
        "timestamp": "2020-02-03T04:05:06Z", "switches": ["storm"]});
    assert_eq!(changed[1]["call"], expected);
    for (side, plan) in [("before", &plan), ("after", &edited)] {
        let body = json!({"workflow_definition": plan, "call": changed[1]["call"]});
        let mut decision = ask(&service, "simulate", body).await.expect(200)["decision"].clone();
        decision["config_revision"] = if side == "before" { json!(1) } else { Value::Null };
        assert_eq!(changed[1][side], decision, "{side}");
    }
    // Another name of a rule is not a change, and both sides use today's agents.
    service.put(&format!("/core/agents/{agent}"), json!({"active": false})).await.expect(200);
    let renamed = plan.replace("Storm\"", "Snow\"");
    let body = json!({"workflow_definition": renamed, "limit": 1});
    let replayed = ask(&service, "replay", body).await.expect(200);
    assert_eq!(replayed, json!({"calls": 1, "same": 1, "not_comparable": 0, "changed": [], "left_out": 0}));
}

#[tokio::test]
async fn replay_needs_both_scopes_and_a_limit_within_bounds() {
    let service = Service::start().await;
    save(&service, "reject").await;
    let path = format!("{CONFIG}/replay");
    for (has, lacks) in [(Scope::ReadConfigs, "inbound_calls:read"), (Scope::ReadCalls, "inbound_routing_configs:read")]
    {
        let key = service.key(&[has]).await;
        let detail = key.post(&service, &path, json!({"workflow_definition": "reject"})).await.expect_detail(403);
        assert_eq!(detail, format!("This needs the scope `{lacks}`."));
    }
    let key = service.key(&[Scope::ReadConfigs, Scope::ReadCalls]).await;
    let empty = key.post(&service, &path, json!({"workflow_definition": "fallback"})).await.expect(200);
    assert_eq!(empty, json!({"calls": 0, "same": 0, "not_comparable": 0, "changed": [], "left_out": 0}));
    for limit in [json!(0), json!(1001), json!("1"), json!(1.5)] {
        let errors = key.post(&service, &path, json!({"limit": limit})).await.expect_errors();
        let expected = [("workflow_definition", "is required"), ("limit", "must be a whole number from 1 to 1000")];
        assert_eq!(errors, pairs(&expected));
    }
    let refused = key.post(&service, &path, json!({"workflow_definition": "route to nobody"})).await.expect(422);
    assert_eq!(refused["diagnostics"][0]["code"], "unknown-name");
}

#[tokio::test]
async fn replay_goes_through_the_log_a_page_after_the_other_and_leaves_out_what_is_too_large() {
    let service = Service::start().await;
    save(&service, "reject").await;
    let calls: Vec<Value> = (0..100).map(|at| json!({"called_number": format!("+1800555{at:04}")})).collect();
    call(&service, &calls).await;
    let more = json!({"called_number": "+18005559999", "caller_number": "+14155550100"});
    service.post("/core/inbound-calls", more).await.expect(200);
    let (agent, long) = (agent(&service).await, "x".repeat(1 << 18));
    let edited = format!("when caller is +14155550100 {{ reject }}\ncontext \"{long}\" route to \"{agent}\"");
    let mut replayed = Value::Null;
    for _ in 0..100 {
        replayed = ask(&service, "replay", json!({"workflow_definition": edited})).await.expect(200);
        if replayed["calls"] == 101 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!((&replayed["calls"], &replayed["same"]), (&json!(101), &json!(1)));
    let (changed, left_out) = (replayed["changed"].as_array().expect("calls").len(), &replayed["left_out"]);
    assert_eq!(json!(100 - changed), *left_out);
    assert!((20..40).contains(&changed), "{changed}");
    assert_eq!(replayed["changed"][0]["call"]["called_number"], "+18005550099");
}

#[tokio::test]
async fn replay_compares_no_masked_calls() {
    let service = Service::start_with(Settings { call_log: CallLogMode::Masked, ..Settings::default() }).await;
    save(&service, "reject").await;
    call(&service, &[json!({"called_number": "+18005550100"})]).await;
    let replayed = ask(&service, "replay", json!({"workflow_definition": "fallback"})).await.expect(200);
    assert_eq!(replayed, json!({"calls": 1, "same": 0, "not_comparable": 1, "changed": [], "left_out": 0}));
}

/// An example of a call passes in the plan that it is added to, whatever the outcome.
#[tokio::test]
async fn example_writes_a_call_with_all_that_comes_of_it() {
    let service = Service::start().await;
    let plan = format!(
        "timezone America/New_York\r\nswitch storm\r\nrule \"Night\" when time in 22:00-06:00 {{\r\n  \
         context \"Say \\\"hello\\\" to {{caller}}.\"\r\n  metadata {{ tier: \"gold\", n: [1, 2.5] }}\r\n  \
         skip pre_conversation_workflow\r\n  route to \"{DESK}\" version 3\r\n}}\r\nwhen storm is on {{ reject }}\r\n"
    );
    let agent = agent(&service).await;
    for version in 2..=3 {
        service.post(&format!("/core/agents/{agent}/versions"), json!({})).await.expect(201);
        service.post(&format!("/core/agents/{agent}/versions/{version}/publish"), json!({})).await.expect(200);
    }
    let plan = plan.replace(DESK, &agent);
    let call = json!({"caller_number": "(415) 555", "called_number": "tel:+18005550100", "trunk_id": "a \"b\"",
        "timestamp": "2026-03-07T03:10:59.5Z", "switches": {"storm": true}});
    let body = json!({"workflow_definition": plan, "call": call});
    let written = ask(&service, "example", body).await.expect(200);
    let expected = format!(
        "example \"Night: (415) 555 on fri 2026-03-06 at 22:10\" {{\n  call from \"(415) 555\" to +18005550100 on trunk \
         \"a \\\"b\\\"\" at 2026-03-06 22:10 with storm on\n  expect route to \"{agent}\" version 3\n  expect context \
         \"Say \\\"hello\\\" to unknown.\"\n  expect metadata {{ tier: \"gold\", n: [1, 2.5] }}\n  expect skip \
         pre_conversation_workflow\n}}\n"
    );
    assert_eq!(text(&written, "example"), expected);
    let whole = text(&written, "workflow_definition");
    assert_eq!(whole, format!("{plan}\r\n{}", expected.replace('\n', "\r\n")));
    let checked = ask(&service, "check", json!({"workflow_definition": whole})).await.expect(200);
    assert_eq!(
        (&checked["ok"], checked["rendered"].as_str().map(|text| text.contains("error"))),
        (&json!(true), Some(false))
    );
    // A second time: the name is taken, so the new example is below it with another name.
    let again = ask(&service, "example", json!({"workflow_definition": whole, "call": call})).await.expect(200);
    assert!(text(&again, "example").starts_with("example \"Night: (415) 555 on fri 2026-03-06 at 22:10 (2)\" {"));
    let checked = ask(&service, "check", json!({"workflow_definition": again["workflow_definition"]})).await;
    assert_eq!(checked.expect(200)["ok"], true);
}

#[tokio::test]
async fn example_is_of_the_saved_plan_where_no_text_is_sent_and_takes_a_name() {
    let service = Service::start().await;
    save(&service, "timezone America/New_York\nwhen caller is anonymous and organization is not \"x\" { reject }")
        .await;
    // The clock shows 01:30 twice on that day; this is the second time.
    let call = json!({"called_number": "1001", "timestamp": "2026-11-01T06:30:00Z"});
    let body = json!({"call": call, "name": "withheld \"and\" {late}"});
    let written = ask(&service, "example", body).await.expect(200);
    let expected = "example \"withheld \\\"and\\\" \\{late\\}\" {\n  call from anonymous to \"1001\" at 2026-11-01 \
                    06:30 in UTC\n  expect reject\n}\n";
    assert_eq!(text(&written, "example"), expected);
    let checked = ask(&service, "check", json!({"workflow_definition": written["workflow_definition"]})).await;
    assert_eq!(checked.expect(200)["ok"], true);
    let errors = ask(&service, "example", json!({"call": {}, "name": ""})).await.expect_errors();
    assert_eq!(errors, pairs(&[("name", "must not be empty"), ("call.called_number", "is required")]));
    let errors = ask(&service, "example", json!({"call": 1})).await.expect_errors();
    assert_eq!(errors, pairs(&[("call", "must be an object")]));
}

#[tokio::test]
async fn complete_offers_what_could_stand_at_a_place_with_the_organizations_agents() {
    let service = Service::start().await;
    let agent = agent(&service).await;
    let body = json!({"workflow_definition": "# é\nroute to De", "line": 2, "column": 12});
    let offered = ask(&service, "complete", body).await.expect(200);
    let item = json!({"label": "Desk", "kind": "agent", "detail": "active, newest published version 1",
        "insert": format!("\"{agent}\"")});
    let expected = json!({"line": 2, "column": 10, "end_line": 2, "end_column": 12, "items": [item]});
    assert_eq!(offered, expected);
    // A place beyond the text counts as its end; agents of others are not offered.
    let body = json!({"workflow_definition": "route to ", "line": 900, "column": 1_000_000});
    let theirs = service.stranger.post(&service, &format!("{CONFIG}/complete"), body).await.expect(200);
    assert_eq!(theirs, json!({"line": 1, "column": 10, "end_line": 1, "end_column": 10, "items": []}));
}

#[tokio::test]
async fn hover_says_what_stands_at_a_place_or_null() {
    let service = Service::start().await;
    let agent = agent(&service).await;
    save(&service, "switch storm\nwhen storm is on { reject }\nfallback").await;
    service.put(&format!("{CONFIG}/switches/storm"), json!({"on": true})).await.expect(200);
    let text = format!("agent desk = \"{agent}\" switch storm\nroute to desk when");
    let hover = async |line: u32, column: u32| {
        let body = json!({"workflow_definition": text, "line": line, "column": column});
        ask(&service, "hover", body).await.expect(200)
    };
    let desk = hover(2, 10).await;
    assert_eq!(
        (&desk["line"], &desk["column"], &desk["end_line"], &desk["end_column"]),
        (&json!(2), &json!(10), &json!(2), &json!(14))
    );
    assert_eq!(desk["title"], "agent `desk`");
    assert_eq!(desk["text"], format!("Desk, active, newest published version 1\n\"{agent}\""));
    assert_eq!(hover(1, 64).await["text"], "on now\nan operator turns it on and off");
    assert_eq!(hover(1, 13).await, Value::Null);
}

#[tokio::test]
async fn complete_and_hover_ask_for_a_text_and_a_place() {
    let service = Service::start().await;
    let key = service.key(&[Scope::ReadAgents, Scope::ReadCalls]).await;
    for what in ["complete", "hover"] {
        let path = format!("{CONFIG}/{what}");
        let detail = key.post(&service, &path, json!({})).await.expect_detail(403);
        assert_eq!(detail, "This needs the scope `inbound_routing_configs:read`.");
        let errors = ask(&service, what, json!({"line": 0, "column": "1", "place": 1})).await.expect_errors();
        let expected = [
            ("workflow_definition", "is required"),
            ("line", "must be a whole number from 1 to 2147483647"),
            ("column", "must be a whole number from 1 to 2147483647"),
            ("place", "is not a field of this"),
        ];
        assert_eq!(errors, pairs(&expected));
    }
}
