//! The log of calls.

use std::time::Duration;

use callplan::fields::{Field, TextField};
use callplan_service::credentials::Scope;
use serde_json::{Value, json};

use crate::service::{Service, pairs, text};

const CALLS: &str = "/core/inbound-calls";
const CONFIG: &str = "/core/inbound-routing-config";

/// Decides a call. Gives the answer without its id, and the id.
async fn decided(service: &Service, caller: Option<&str>, dialed: &str) -> (String, Value) {
    let call = json!({"caller_number": caller, "called_number": dialed});
    let mut answer = service.post(CALLS, call).await.expect(200);
    let id = text(&answer, "id");
    answer.as_object_mut().expect("an object").shift_remove("id");
    (id, answer)
}

/// Waits for the record of a call.
async fn kept(service: &Service, id: &str) -> Value {
    for _ in 0..100 {
        let answer = service.get(&format!("{CALLS}/{id}")).await;
        if answer.status == 200 {
            return answer.body;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("call {id} is not kept")
}

/// Makes the next version of an agent, whose number this must be, and publishes it.
async fn publish(service: &Service, agent: &str, number: u64) {
    let versions = format!("/core/agents/{agent}/versions");
    assert_eq!(service.post(&versions, json!({})).await.expect(201)["version"], number);
    service.post(&format!("{versions}/{number}/publish"), json!({})).await.expect(200);
}

#[tokio::test]
async fn a_record_has_the_decision_as_it_was_answered() {
    let service = Service::start().await;
    let agent = text(&service.post("/core/agents", json!({"name": "Desk"})).await.expect(201), "id");
    publish(&service, &agent, 1).await;
    let plan = "rule \"Tell\" when dialed is +18005550101 { context \"a call from {caller}\" fallback }\n\
                rule \"One, and \\\",\\\"config_revision\\\":7\" when dialed is +18005550102 { metadata { to: dialed } fallback }\n\
                rule \"No\" when dialed is +18005550103 { metadata { level: 1.1 } reject }\n\
                rule \"Go\" when dialed is +18005550104 { context \"for, \\\"version\\\":1,\" route to \"AGENT\" }\n";
    let plan = plan.replace("AGENT", &agent);
    let mut all = vec![decided(&service, None, "+18005550100").await];
    service.post(CONFIG, json!({"workflow_definition": plan})).await.expect(201);
    for revision in 1..4 {
        for dialed in ["+18005550100", "+18005550101", "+18005550102", "+18005550103", "+18005550104", "201"] {
            for caller in [None, Some("+14155550100"), Some("+14155550101")] {
                let (id, answer) = decided(&service, caller, dialed).await;
                assert_eq!(answer["config_revision"], revision);
                all.push((id, answer));
            }
        }
        // The same plan with another text decides alike at the next revision, and so does the
        // agent's next version.
        publish(&service, &agent, revision + 1).await;
        let other = json!({"workflow_definition": format!("# {revision}\n{plan}")});
        service.put(CONFIG, other).await.expect(200);
    }
    service.put(CONFIG, json!({"enabled": false})).await.expect(200);
    all.push(decided(&service, None, "+18005550100").await);
    for (id, answer) in all {
        let record = kept(&service, &id).await;
        assert_eq!(record["decision"].to_string(), answer.to_string());
        let is_run = !matches!(answer["reason"].as_str(), Some("no_config" | "number_unassigned"));
        assert_eq!(record["trace"].is_array(), is_run, "{record}");
    }
}

/// If a config is disabled and the number's own agent cannot answer, the reason is the same as for
/// a plan's agent that cannot answer, but no plan was run.
#[tokio::test]
async fn a_plan_that_was_not_run_has_no_trace() {
    let service = Service::start().await;
    let agent = text(&service.post("/core/agents", json!({"name": "Desk"})).await.expect(201), "id");
    publish(&service, &agent, 1).await;
    let dialed = "+18005550100";
    service.post("/core/phone-numbers", json!({"phone_number": dialed, "trunk_id": "a"})).await.expect(201);
    let assign = json!({"phone_numbers": [dialed]});
    service.post(&format!("/core/agents/{agent}/versions/1/publish"), assign).await.expect(200);
    let plan = format!("route to \"{agent}\"");
    service.post(CONFIG, json!({"workflow_definition": plan, "enabled": false})).await.expect(201);
    service.put(&format!("/core/agents/{agent}"), json!({"active": false})).await.expect(200);
    let (not_run, answer) = decided(&service, None, dialed).await;
    assert_eq!((&answer["reason"], &answer["config_revision"]), (&json!("agent_not_resolvable"), &json!(1)));
    service.put(CONFIG, json!({"enabled": true})).await.expect(200);
    let (run, answer) = decided(&service, None, dialed).await;
    assert_eq!((&answer["reason"], &answer["config_revision"]), (&json!("agent_not_resolvable"), &json!(2)));
    let (not_run, run) = (kept(&service, &not_run).await, kept(&service, &run).await);
    assert_eq!((&not_run["trace"], &not_run["trace_reason"]), (&Value::Null, &json!("no_workflow")));
    assert_eq!(run["trace"].as_array().map(Vec::len), Some(1), "{run}");
}

/// Each text of a call can be sent, decides, and is kept; that of the organization comes with the credential.
#[tokio::test]
async fn every_text_of_a_call_can_be_sent_and_is_kept() {
    let service = Service::start().await;
    for field in TextField::ALL.into_iter().filter(|field| *field != TextField::Organization) {
        let (name, key) = (Field::Text(field).name(), field.key());
        let plan = format!("rule \"It\" when {name} is \"x y\" {{ reject }}\nfallback\n");
        service.delete(CONFIG).await;
        service.post(CONFIG, json!({"workflow_definition": plan})).await.expect(201);
        let call = |text: &str| json!({"called_number": "+18005550100", (key): text});
        let answer = service.post(CALLS, call("x y")).await.expect(200);
        assert_eq!((&answer["rule"], &answer["reason"]), (&json!("It"), &json!("rejected")), "{key}");
        assert_eq!(service.post(CALLS, call("x")).await.expect(200)["rule"], json!(null), "{key}");
        let record = kept(&service, &text(&answer, "id")).await;
        assert_eq!(record["call"][key], "x y");
        assert!(record["trace"].is_array(), "{key}: {record}");
        let tried = json!({"workflow_definition": plan, "call": call("x y")});
        assert_eq!(service.post(&format!("{CONFIG}/simulate"), tried).await.expect(200)["decision"]["rule"], "It");
        let days = json!({"called_number": "+18005550100", (key): "x y"});
        let timeline = service.post(&format!("{CONFIG}/timeline"), days).await.expect(200);
        assert_eq!(timeline["call"][key], "x y");
        assert_eq!(timeline["stretches"][0]["decision"], "reject", "{key}: {timeline}");
        let other = json!({"workflow_definition": "fallback"});
        let replay = service.post(&format!("{CONFIG}/replay"), other).await.expect(200);
        assert_eq!(replay["changed"][0]["call"][key], "x y", "{replay}");
    }
}

#[tokio::test]
async fn attributes_decide_and_are_kept() {
    let service = Service::start().await;
    let plan =
        "attribute campaign = \"X-Campaign\"\nrule \"It\" when campaign contains \"Spring\" { reject }\nfallback\n";
    service.post(CONFIG, json!({"workflow_definition": plan})).await.expect(201);
    let call = |attributes: Value| json!({"called_number": "+18005550100", "attributes": attributes});
    for attributes in [json!({"x-campaign": "SPRING-26", "X-Ü": "Ü"}), json!({"X-Campaign": "the spring"})] {
        let answer = service.post(CALLS, call(attributes.clone())).await.expect(200);
        assert_eq!(answer["rule"], "It", "{attributes}");
        let record = kept(&service, &text(&answer, "id")).await;
        assert_eq!(record["call"]["attributes"], attributes);
        assert!(record["trace"].is_array(), "{record}");
        let tried = json!({"call": call(attributes.clone())});
        assert_eq!(service.post(&format!("{CONFIG}/simulate"), tried).await.expect(200)["decision"]["rule"], "It");
        let days = call(attributes.clone());
        let timeline = service.post(&format!("{CONFIG}/timeline"), days).await.expect(200);
        assert_eq!(
            (&timeline["call"]["attributes"], &timeline["stretches"][0]["decision"]),
            (&attributes, &json!("reject"))
        );
    }
    for attributes in [json!(null), json!({}), json!({"Campaign": "spring"}), json!({"X-Campaign": "winter"})] {
        assert_eq!(service.post(CALLS, call(attributes)).await.expect(200)["rule"], json!(null));
    }
    let many: serde_json::Map<String, Value> = (0..33).map(|at| (format!("X-{at}"), json!("a"))).collect();
    for wrong in [
        json!([]),
        json!({"X": 1}),
        json!({"": "a"}),
        json!({"X".repeat(65): "a"}),
        json!({"X": "a".repeat(257)}),
        json!({"X": "a\u{7}"}),
        many.into(),
    ] {
        let errors = service.post(CALLS, call(wrong.clone())).await.expect_errors();
        assert_eq!(errors.iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>(), ["attributes"], "{wrong}");
    }
}

#[tokio::test]
async fn calls_of_a_caller_are_erased_in_one_organization() {
    let service = Service::start().await;
    let stranger = service.key_of(&service.stranger, &Scope::ALL).await;
    let call = |caller: &str| json!({"caller_number": caller, "called_number": "+18005550100"});
    for caller in ["+14155550142", "+1 (415) 555-0142", "tel:+1-415-555-0142", "+14155550143", "101"] {
        let id = text(&service.post(CALLS, call(caller)).await.expect(200), "id");
        kept(&service, &id).await;
    }
    stranger.post(&service, CALLS, call("+14155550142")).await.expect(200);
    let theirs = || async { stranger.get(&service, CALLS).await.expect(200)["items"].as_array().map(Vec::len) };
    while theirs().await != Some(1) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let of = |caller: &str| format!("{CALLS}?caller_number={caller}");
    let erased = service.delete(&of("%2B1415-555-0142")).await.expect(200);
    assert_eq!(erased, json!({"erased": 3}));
    assert_eq!(service.delete(&of("%2B14155550142")).await.expect(200)["erased"], 0);
    let left = service.get(CALLS).await.expect(200);
    let callers: Vec<_> =
        left["items"].as_array().expect("calls").iter().map(|call| &call["call"]["caller_number"]).collect();
    assert_eq!(callers, ["101", "+14155550143"]);
    assert_eq!(theirs().await, Some(1));
    let told = service.audit_trail().await;
    let told: Vec<_> = told.iter().filter(|event| event.kind == "calls.erased").collect();
    assert_eq!(told.iter().map(|event| event.count).sum::<u32>(), 3);
    assert!(told.iter().all(|event| event.organization == Some(service.tenant.organization) && event.key.is_some()));
}

/// Whose number a call has in any place, theirs it is.
#[tokio::test]
async fn calls_that_somebody_sent_on_or_is_asserted_for_are_erased_with_theirs() {
    let service = Service::start().await;
    let sent = [
        ("diverted_from", "<sip:+14155550142@carrier.invalid>;reason=busy, +14155550143"),
        ("caller_asserted", "tel:+1-415-555-0142"),
        ("diverted_from", "+14155550143"),
    ];
    for (key, number) in sent {
        let call = json!({"called_number": "+18005550100", "caller_name": "Anna", (key): number});
        let id = text(&service.post(CALLS, call).await.expect(200), "id");
        assert_eq!(kept(&service, &id).await["call"][key], number);
    }
    assert_eq!(service.delete(&format!("{CALLS}?caller_number=%2B14155550142")).await.expect(200)["erased"], 2);
    let left = service.get(CALLS).await.expect(200);
    assert_eq!(left["items"].as_array().map(Vec::len), Some(1), "{left}");
}

#[tokio::test]
async fn only_a_caller_can_be_erased_and_only_with_the_scope() {
    let service = Service::start().await;
    for (query, message) in [
        ("", "is required"),
        ("?caller_number=", "must be the number of a caller"),
        ("?caller_number=anonymous", "must be the number of a caller"),
        (&*format!("?caller_number={}", "1".repeat(257)), "must be the number of a caller"),
    ] {
        let errors = service.delete(&format!("{CALLS}{query}")).await.expect_errors();
        assert_eq!(errors, pairs(&[("caller_number", message)]), "{query}");
    }
    let errors = service.delete(&format!("{CALLS}?caller_number=101&rule=x")).await.expect_errors();
    assert_eq!(errors, pairs(&[("rule", "is not a parameter of this")]));
    for scope in [Scope::ReadCalls, Scope::RouteCalls, Scope::ManageConfigs] {
        let key = service.key(&[scope]).await;
        let refused = key.delete(&service, &format!("{CALLS}?caller_number=101")).await.expect_detail(403);
        assert!(refused.contains("inbound_calls:manage"), "{refused}");
    }
    let key = service.key(&[Scope::ManageCalls]).await;
    assert_eq!(key.delete(&service, &format!("{CALLS}?caller_number=101")).await.expect(200)["erased"], 0);
    key.get(&service, CALLS).await.expect(200);
}
