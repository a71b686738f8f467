//! `/core/inbound-routing-config`: what the walk in `docs/api.md` does not show, and concurrent
//! writes.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, header};
use callplan_server::api::Settings;
use serde_json::{Value, json};

use crate::service::{Answer, Service, pairs, text};

const CONFIG: &str = "/core/inbound-routing-config";

/// Makes an agent with a published version, and gives its id.
async fn agent(service: &Service) -> String {
    let id = text(&service.post("/core/agents", json!({"name": "Desk"})).await.expect(201), "id");
    service.post(&format!("/core/agents/{id}/versions"), json!({})).await.expect(201);
    service.post(&format!("/core/agents/{id}/versions/1/publish"), json!({})).await.expect(200);
    id
}

async fn put_if(service: &Service, tag: &str, body: Value) -> Answer {
    let request = service.tenant.request(Method::PUT, CONFIG).header(header::CONTENT_TYPE, "application/json");
    let request = request.header(header::IF_MATCH, tag).body(Body::from(body.to_string()));
    service.send(request.expect("a request")).await
}

#[tokio::test]
async fn a_definition_is_kept_byte_for_byte() {
    let service = Service::start().await;
    let definition = "# Café ☎\r\nrule \"é\" {\r\n\tfallback\r\n}   \r\n\r\n";
    let made = service.post(CONFIG, json!({"workflow_definition": definition})).await.expect(201);
    assert_eq!(made["workflow_definition"], definition);
    assert_eq!(service.get(CONFIG).await.expect(200)["workflow_definition"], definition);
}

#[tokio::test]
async fn a_byte_order_mark_is_kept_and_counts_in_offsets_alone() {
    let service = Service::start().await;
    let plan = "rule \"first\" when caller in +* or caller not in +* { reject }\nrule \"never\" { reject }\n";
    let marked = format!("\u{feff}{plan}");
    let plain = service.post(CONFIG, json!({"workflow_definition": plan})).await.expect(201);
    let made = service.put(CONFIG, json!({"workflow_definition": marked})).await.expect(200);
    assert_eq!(made["workflow_definition"], marked);
    assert_eq!(service.get(CONFIG).await.expect(200)["workflow_definition"], marked);
    let kept = service.get(&format!("{CONFIG}/revisions/2")).await.expect(200);
    assert_eq!(kept["workflow_definition"], marked);
    assert!(plain["diagnostics"].as_array().is_some_and(|problems| problems.len() == 2), "{plain:#}");
    // Only lines and columns: byte offsets are for fixes.
    assert_eq!(plain["diagnostics"], made["diagnostics"]);
    let body = json!({"workflow_definition": format!("{marked}when caller == anonymous {{ reject }}\n")});
    let refused = service.put(CONFIG, body).await.expect(422);
    let edit = &refused["diagnostics"][0]["fixes"][0]["edits"][0];
    let at = marked.len() + "when caller ".len();
    assert_eq!((&edit["start"], &edit["end"]), (&json!(at), &json!(at + 2)), "{refused:#}");
}

#[tokio::test]
async fn an_empty_plan_is_refused_with_the_field_errors_beside_it() {
    let service = Service::start().await;
    let body = json!({"workflow_definition": "  \n", "fallback_agent_id": "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11"});
    let answer = service.post(CONFIG, body).await.expect(422);
    assert_eq!(answer["diagnostics"][0]["code"], "empty-plan");
    assert_eq!(answer["errors"][0]["field"], "fallback_agent_id");
}

#[tokio::test]
async fn absent_null_and_a_value_are_told_apart() {
    let service = Service::start().await;
    let (one, other) = (agent(&service).await, agent(&service).await);
    let body = json!({"workflow_definition": "fallback", "fallback_agent_id": one, "fallback_agent_version": 1});
    service.post(CONFIG, body).await.expect(201);
    let kept = service.put(CONFIG, json!({"enabled": false})).await.expect(200);
    assert_eq!((&kept["fallback_agent_id"], &kept["fallback_agent_version"]), (&json!(one), &json!(1)));
    let moved = service.put(CONFIG, json!({"fallback_agent_id": other})).await.expect(200);
    assert_eq!((&moved["fallback_agent_id"], &moved["fallback_agent_version"]), (&json!(other), &json!(1)));
    let newest = service.put(CONFIG, json!({"fallback_agent_version": null})).await.expect(200);
    assert_eq!((&newest["fallback_agent_id"], &newest["fallback_agent_version"]), (&json!(other), &Value::Null));
    service.put(CONFIG, json!({"fallback_agent_version": 1})).await.expect(200);
    let cleared = service.put(CONFIG, json!({"fallback_agent_id": null})).await.expect(200);
    assert_eq!((&cleared["fallback_agent_id"], &cleared["fallback_agent_version"]), (&Value::Null, &Value::Null));
    assert_eq!(cleared["enabled"], false);
    assert_eq!(
        service.put(CONFIG, json!({"workflow_definition": null, "enabled": null})).await.expect_errors(),
        pairs(&[("workflow_definition", "must not be null"), ("enabled", "must not be null")])
    );
}

#[tokio::test]
async fn a_new_fallback_agent_without_the_kept_version_is_refused() {
    let service = Service::start().await;
    let one = agent(&service).await;
    service.post(&format!("/core/agents/{one}/versions"), json!({})).await.expect(201);
    service.post(&format!("/core/agents/{one}/versions/2/publish"), json!({})).await.expect(200);
    let other = agent(&service).await;
    let body = json!({"workflow_definition": "fallback", "fallback_agent_id": one, "fallback_agent_version": 2});
    service.post(CONFIG, body).await.expect(201);
    assert_eq!(
        service.put(CONFIG, json!({"fallback_agent_id": other})).await.expect_errors(),
        pairs(&[("fallback_agent_version", "the agent has no published version 2")])
    );
}

#[tokio::test]
async fn switching_off_works_whatever_has_become_of_the_agents() {
    let service = Service::start().await;
    let desk = agent(&service).await;
    let plan = format!("agent desk = \"{desk}\"\nroute to desk");
    service.post(CONFIG, json!({"workflow_definition": plan, "fallback_agent_id": desk})).await.expect(201);
    service.put(&format!("/core/agents/{desk}"), json!({"active": false})).await.expect(200);
    let off = service.put(CONFIG, json!({"workflow_definition": plan, "enabled": false})).await.expect(200);
    assert_eq!((&off["enabled"], &off["revision"]), (&json!(false), &json!(2)));
    let warned: Vec<&Value> =
        off["diagnostics"].as_array().expect("a list").iter().map(|warning| &warning["code"]).collect();
    assert!(warned.contains(&&json!("fallback-not-resolvable")), "{warned:?}");
}

/// The codes of a config's or a check's diagnostics.
fn codes(answer: &Value) -> Vec<&str> {
    let diagnostics = answer["diagnostics"].as_array().expect("a list");
    diagnostics.iter().map(|problem| problem["code"].as_str().expect("a code")).collect()
}

#[tokio::test]
async fn calls_that_are_cut_off_are_warned_of_as_the_fallback_agent_is() {
    let service = Service::start().await;
    let (desk, other) = (agent(&service).await, agent(&service).await);
    let plan = format!("when caller in [+44*] {{ route to \"{desk}\" }}");
    let check = json!({"workflow_definition": plan});
    let path = format!("{CONFIG}/check");
    let checked = || service.post(&path, check.clone());
    assert_eq!(codes(&checked().await.expect(200)), ["nobody-answers"]);
    assert_eq!(codes(&service.post(CONFIG, check.clone()).await.expect(201)), ["nobody-answers"]);

    let with = service.put(CONFIG, json!({"fallback_agent_id": other})).await.expect(200);
    assert_eq!(codes(&with), ["undecided-calls"]);
    assert_eq!(codes(&checked().await.expect(200)), ["undecided-calls"]);

    service.put(&format!("/core/agents/{other}"), json!({"active": false})).await.expect(200);
    let message = "some calls run off the end of this plan and are cut off, because the fallback agent is not active";
    assert_eq!(checked().await.expect(200)["diagnostics"][0]["message"], message);
    let without = service.put(CONFIG, json!({"fallback_agent_id": null})).await.expect(200);
    assert_eq!(codes(&without), ["nobody-answers"]);

    // Another organization's check is about its own fallback agent.
    let stranger = &service.stranger;
    let own = json!({"workflow_definition": "when caller in [+44*] { reject }"});
    let checked = stranger.post(&service, &format!("{CONFIG}/check"), own.clone()).await.expect(200);
    assert_eq!(codes(&checked), ["nobody-answers"]);
    service.put(CONFIG, json!({"fallback_agent_id": desk})).await.expect(200);
    let checked = stranger.post(&service, &format!("{CONFIG}/check"), own).await.expect(200);
    assert_eq!(codes(&checked), ["nobody-answers"]);
}

#[tokio::test]
async fn the_warnings_of_a_config_follow_the_state_of_its_agents() {
    let service = Service::start().await;
    let (desk, spare) = (agent(&service).await, agent(&service).await);
    let plan = format!("when caller in [+44*] {{ route to \"{desk}\" }}\nfallback");
    let stranger = &service.stranger;
    let theirs = json!({"workflow_definition": "fallback"});
    stranger.post(&service, CONFIG, theirs).await.expect(201);
    let config = json!({"workflow_definition": plan, "fallback_agent_id": spare});
    assert!(codes(&service.post(CONFIG, config).await.expect(201)).is_empty());
    let active = |id: &str, active: bool| {
        let (path, body) = (format!("/core/agents/{id}"), json!({"active": active}));
        let service = &service;
        async move { service.put(&path, body).await.expect(200) }
    };
    let revision = async || service.get(CONFIG).await.expect(200)["revision"].clone();

    active(&spare, false).await;
    let config = service.get(CONFIG).await.expect(200);
    assert_eq!(codes(&config), ["nobody-answers"]);
    let message = text(&config["diagnostics"][0], "message");
    assert!(message.contains("the fallback agent is not active"), "{message}");
    active(&desk, false).await;
    assert_eq!(codes(&service.get(CONFIG).await.expect(200)), ["inactive-agent", "nobody-answers"]);
    active(&spare, true).await;
    assert_eq!(codes(&service.get(CONFIG).await.expect(200)), ["inactive-agent"]);
    active(&desk, true).await;
    assert!(codes(&service.get(CONFIG).await.expect(200)).is_empty());

    // A version that is published makes an agent of a draft.
    let draft = text(&service.post("/core/agents", json!({"name": "New"})).await.expect(201), "id");
    service.post(&format!("/core/agents/{draft}/versions"), json!({})).await.expect(201);
    let with = service.put(CONFIG, json!({"fallback_agent_id": draft})).await.expect(200);
    assert_eq!(codes(&with), ["nobody-answers"]);
    assert_eq!(codes(&service.get(CONFIG).await.expect(200)), ["nobody-answers"]);
    service.post(&format!("/core/agents/{draft}/versions/1/publish"), json!({})).await.expect(200);
    assert!(codes(&service.get(CONFIG).await.expect(200)).is_empty());
    assert_eq!(revision().await, 2, "a warning is no revision");

    // A change of something else answers them, too.
    active(&draft, false).await;
    let off = service.put(CONFIG, json!({"enabled": false})).await.expect(200);
    assert_eq!(codes(&off), ["nobody-answers"]);
    let theirs = stranger.get(&service, CONFIG).await.expect(200);
    let message = text(&theirs["diagnostics"][0], "message");
    assert!(message.contains("there is no fallback agent"), "{message}");
}

#[tokio::test]
async fn a_config_made_again_goes_on_counting() {
    let service = Service::start().await;
    let first = service.post(CONFIG, json!({"workflow_definition": "reject"})).await.expect(201);
    service.delete(CONFIG).await.expect(204);
    assert_eq!(service.get(CONFIG).await.expect(200), Value::Null);
    let second = service.post(CONFIG, json!({"workflow_definition": "fallback"})).await.expect(201);
    assert_eq!((&first["revision"], &second["revision"]), (&json!(1), &json!(2)));
    assert_ne!(first["id"], second["id"]);
    let old = service.get(&format!("{CONFIG}/revisions/1")).await.expect(200);
    assert_eq!(old["workflow_definition"], "reject");
}

#[tokio::test]
async fn a_revision_that_no_longer_declares_a_switch_forgets_it() {
    let service = Service::start().await;
    let with = json!({"workflow_definition": "switch storm\nwhen storm is on { reject }\nfallback"});
    service.post(CONFIG, with.clone()).await.expect(201);
    service.put(&format!("{CONFIG}/switches/storm"), json!({"on": true})).await.expect(200);
    let call = json!({"called_number": "+15035550100"});
    assert_eq!(service.post("/core/inbound-calls", call.clone()).await.expect(200)["reason"], "rejected");
    service.put(CONFIG, json!({"workflow_definition": "fallback"})).await.expect(200);
    service.put(CONFIG, with).await.expect(200);
    assert_eq!(service.get(&format!("{CONFIG}/switches")).await.expect(200)["items"][0]["on"], false);
    assert_eq!(service.post("/core/inbound-calls", call).await.expect(200)["reason"], "no_decision");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_who_create_at_once_one_does() {
    let service = Arc::new(Service::start().await);
    let create = |at: usize| {
        let service = Arc::clone(&service);
        tokio::spawn(async move {
            loop {
                let plan = format!("# {at}\nreject");
                let answer = service.post(CONFIG, json!({"workflow_definition": plan})).await;
                // There are permits for as many checks as processors.
                if answer.status != 429 {
                    return answer.status.as_u16();
                }
                tokio::task::yield_now().await;
            }
        })
    };
    let all: Vec<_> = (0..64).map(create).collect();
    let mut statuses = Vec::new();
    for one in all {
        statuses.push(one.await.expect("an answer"));
    }
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 63, "{statuses:?}");
    assert_eq!(service.get(CONFIG).await.expect(200)["revision"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn those_who_change_different_fields_lose_none() {
    let service = Arc::new(Service::start().await);
    let desk = agent(&service).await;
    service.post(CONFIG, json!({"workflow_definition": "reject"})).await.expect(201);
    for round in 0..8 {
        let is_on = round % 2 == 1;
        let changes = [
            json!({"workflow_definition": format!("# {round}\nreject")}),
            json!({"enabled": is_on}),
            json!({"fallback_agent_id": if is_on { json!(desk) } else { Value::Null }}),
        ];
        let all = changes.map(|change| {
            let service = Arc::clone(&service);
            tokio::spawn(async move { service.put(CONFIG, change).await.expect(200) })
        });
        for one in all {
            one.await.expect("an answer");
        }
        let now = service.get(CONFIG).await.expect(200);
        assert_eq!(now["workflow_definition"], format!("# {round}\nreject"));
        assert_eq!((&now["enabled"], now["fallback_agent_id"].is_null()), (&json!(is_on), !is_on));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn if_match_has_one_winner() {
    let service = Arc::new(Service::start().await);
    service.post(CONFIG, json!({"workflow_definition": "reject", "enabled": true})).await.expect(201);
    let all: Vec<_> = (0..16)
        .map(|_| {
            let service = Arc::clone(&service);
            tokio::spawn(async move { put_if(&service, "\"1\"", json!({"enabled": false})).await.status.as_u16() })
        })
        .collect();
    let mut won = 0;
    for one in all {
        match one.await.expect("an answer") {
            200 => won += 1,
            status => assert_eq!(status, 412),
        }
    }
    assert_eq!(won, 1);
    put_if(&service, "\"7\", \"2\"", json!({"enabled": true})).await.expect(200);
    put_if(&service, "W/\"3\"", json!({"enabled": false})).await.expect(412);
    put_if(&service, "*", json!({"enabled": false})).await.expect(200);
}

#[tokio::test]
async fn a_restore_brings_back_the_parts_that_are_asked_for() {
    let service = Service::start().await;
    let desk = agent(&service).await;
    let first = json!({"workflow_definition": "fallback", "fallback_agent_id": desk, "fallback_agent_version": 1});
    service.post(CONFIG, first).await.expect(201);
    let second = json!({"workflow_definition": "reject", "fallback_agent_id": null, "enabled": false});
    service.put(CONFIG, second).await.expect(200);
    let restore = format!("{CONFIG}/revisions/1/restore");
    let fields = |config: &Value| {
        ["workflow_definition", "fallback_agent_id", "fallback_agent_version", "enabled"]
            .map(|name| config[name].clone())
    };
    let text = service.post(&restore, json!({"fallback_agent": false, "enabled": false})).await.expect(200);
    assert_eq!(fields(&text), [json!("fallback"), Value::Null, Value::Null, json!(false)]);
    let from = service.get(&format!("{CONFIG}/revisions/3")).await.expect(200);
    assert_eq!(from["restored_from"], 1);
    let enabled =
        service.post(&restore, json!({"workflow_definition": false, "fallback_agent": false})).await.expect(200);
    assert_eq!(fields(&enabled), [json!("fallback"), Value::Null, Value::Null, json!(true)]);
    let all = service.post(&restore, json!({})).await.expect(200);
    assert_eq!(fields(&all), [json!("fallback"), json!(desk), json!(1), json!(true)]);
}

#[tokio::test]
async fn a_restore_of_nothing_is_refused() {
    let service = Service::start().await;
    service.post(CONFIG, json!({"workflow_definition": "fallback"})).await.expect(201);
    let restore = format!("{CONFIG}/revisions/1/restore");
    let none = json!({"workflow_definition": false, "fallback_agent": false, "enabled": false});
    let refused = service.post(&restore, none).await.expect(422);
    assert_eq!(refused["errors"][0]["field"], "workflow_definition");
    let wrong = service.post(&restore, json!({"fallback_agent_id": true})).await.expect(422);
    assert_eq!(wrong["errors"][0]["field"], "fallback_agent_id");
    assert_eq!(service.get(CONFIG).await.expect(200)["revision"], 1);
}

#[tokio::test]
async fn a_stored_plan_above_the_maximum_stays_in_force_and_can_be_restored() {
    let service = Service::start().await;
    let large = json!({"workflow_definition": format!("reject\n{}", "# a comment\n".repeat(500))});
    service.post(CONFIG, large.clone()).await.expect(201);
    let most = 2_000;
    let service = service.restarted_with(Settings { max_text_bytes: most, ..Settings::default() }).await;

    // What is sent may not be so large, wherever it is sent.
    let refused = service.post(&format!("{CONFIG}/check"), large.clone()).await.expect(200);
    assert_eq!((&refused["ok"], codes(&refused)), (&json!(false), vec!["too-large"]));
    let message = refused["diagnostics"][0]["message"].as_str().expect("a message");
    assert!(message.contains("at most 2000 bytes"), "{message}");
    let other = json!({"workflow_definition": format!("fallback\n{}", "# a comment\n".repeat(500))});
    assert_eq!(codes(&service.put(CONFIG, other.clone()).await.expect(422)), ["too-large"]);
    for question in ["format", "diff", "replay"] {
        let refused = service.post(&format!("{CONFIG}/{question}"), other.clone()).await.expect(422);
        assert_eq!(codes(&refused), ["too-large"], "{question}");
    }
    for question in ["timeline", "simulate", "example"] {
        let call = json!({"called_number": "+15035550100"});
        let mut body = json!({"workflow_definition": other["workflow_definition"]});
        match question {
            "timeline" => body["called_number"] = call["called_number"].clone(),
            _ => body["call"] = call,
        }
        let refused = service.post(&format!("{CONFIG}/{question}"), body).await.expect(422);
        assert_eq!(codes(&refused), ["too-large"], "{question}");
    }
    let change = json!({"config": {"workflow_definition": other["workflow_definition"]}});
    assert_eq!(codes(&service.post("/core/effects", change).await.expect(422)), ["too-large"]);

    // What is stored decides, changes its settings, and comes back.
    let call = json!({"called_number": "+15035550100"});
    let decided = service.post("/core/inbound-calls", call.clone()).await.expect(200);
    assert_eq!(decided["action"], "disconnect");
    service.put(CONFIG, json!({"enabled": false})).await.expect(200);
    service
        .put(CONFIG, json!({"enabled": true, "workflow_definition": large["workflow_definition"]}))
        .await
        .expect(200);
    service.put(CONFIG, json!({"workflow_definition": "fallback"})).await.expect(200);
    let restored = service.post(&format!("{CONFIG}/revisions/1/restore"), json!({})).await.expect(200);
    assert_eq!(restored["workflow_definition"], large["workflow_definition"]);
    let explained = service.post(&format!("{CONFIG}/simulate"), json!({"call": call})).await.expect(200);
    assert_eq!(explained["trace"][0]["line"], 1);
}

#[tokio::test]
async fn a_plan_that_can_give_too_much_is_not_saved_and_a_stored_one_stays_in_force() {
    let service = Service::start().await;
    let desk = text(&service.post("/core/agents", json!({"name": "Desk"})).await.expect(201), "id");
    let version = format!("/core/agents/{desk}/versions");
    service.post(&version, json!({})).await.expect(201);
    service.post(&format!("{version}/1/publish"), json!({})).await.expect(200);
    let long = "x".repeat(70_000);
    let large = format!("context \"{long}\"\nroute to \"{desk}\"\n");
    service.store_plan(large.clone(), desk.parse().expect("an id")).await;
    let service = service.restart().await;

    // What is sent may not give so much, neither at once nor in several steps.
    let half = &long[..40_000];
    for plan in [
        format!("context \"{long}\"\n# Otherwise.\nreject\n"),
        format!("metadata {{ note: \"{long}\" }}\nreject\n"),
        format!("context \"{half}\"\nwhen caller is anonymous {{ context \"{half}\" }}\nreject\n"),
    ] {
        let body = json!({"workflow_definition": plan});
        assert_eq!(codes(&service.put(CONFIG, body.clone()).await.expect(422)), ["output-too-large"]);
        assert_eq!(
            codes(&service.stranger.post(&service, CONFIG, body.clone()).await.expect(422)),
            ["output-too-large"]
        );
        let checked = service.post(&format!("{CONFIG}/check"), body).await.expect(200);
        assert_eq!((&checked["ok"], codes(&checked)), (&json!(false), vec!["output-too-large"]));
    }
    let just = json!({"workflow_definition": format!("context \"{}\"\nreject\n", &long[..65_536])});
    service.stranger.post(&service, CONFIG, just).await.expect(201);

    // What is stored decides, changes its settings, and comes back.
    let call = json!({"called_number": "+15035550100"});
    let decided = service.post("/core/inbound-calls", call).await.expect(200);
    assert_eq!((decided["action"].as_str(), text(&decided, "initial_context").len()), (Some("answer"), 70_000));
    service.put(CONFIG, json!({"enabled": false, "fallback_agent_id": null})).await.expect(200);
    service.put(CONFIG, json!({"enabled": true, "workflow_definition": large})).await.expect(200);
    service.put(CONFIG, json!({"workflow_definition": "fallback"})).await.expect(200);
    let restored = service.post(&format!("{CONFIG}/revisions/1/restore"), json!({})).await.expect(200);
    assert_eq!(restored["workflow_definition"], large);
}
