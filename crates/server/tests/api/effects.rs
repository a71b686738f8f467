//! `/core/effects`: what a change would do to calls. Each change is also made, and the calls decided
//! before and after it are compared with what was said.

use std::time::Duration;

use callplan::schedule::Zone;
use callplan_service::credentials::Scope;
use serde_json::{Value, json};

use crate::service::{Service, pairs, text};

const EFFECTS: &str = "/core/effects";
pub const CONFIG: &str = "/core/inbound-routing-config";
pub const NUMBER: &str = "+18025550100";
pub const OTHER_NUMBER: &str = "+18025550101";

/// Makes an agent with a published version, and gives its id.
pub async fn agent(service: &Service, name: &str) -> String {
    let id = text(&service.post("/core/agents", json!({"name": name})).await.expect(201), "id");
    draft(service, &id).await;
    publish(service, &id, 1, json!({})).await;
    id
}

pub async fn draft(service: &Service, agent: &str) {
    service.post(&format!("/core/agents/{agent}/versions"), json!({})).await.expect(201);
}

pub async fn publish(service: &Service, agent: &str, version: u32, body: Value) {
    service.post(&format!("/core/agents/{agent}/versions/{version}/publish"), body).await.expect(200);
}

/// Registers a number, with an agent of its own.
pub async fn number(service: &Service, number: &str, agent: &str) {
    let body = json!({"phone_number": number, "trunk_id": "main"});
    service.post("/core/phone-numbers", body).await.expect(201);
    publish(service, agent, 1, json!({"phone_numbers": [number]})).await;
}

pub async fn save(service: &Service, config: Value) {
    service.post(CONFIG, config).await.expect(201);
}

async fn change(service: &Service, config: Value) {
    service.put(CONFIG, config).await.expect(200);
}

pub async fn effects(service: &Service, body: Value) -> Value {
    service.post(EFFECTS, body).await.expect(200)
}

/// What is left of a decision for the caller.
pub fn end(decision: &Value) -> Value {
    let answers = decision["action"] == "answer";
    let reason = if answers { Value::Null } else { decision["reason"].clone() };
    json!([
        decision["agent_id"],
        decision["version"],
        decision["initial_context"],
        decision["custom_metadata"],
        decision["skip_pre_conversation_workflow"],
        reason
    ])
}

async fn call(service: &Service, from: &str, to: &str) -> Value {
    service.post("/core/inbound-calls", json!({"caller_number": from, "called_number": to})).await.expect(200)
}

#[track_caller]
fn is_same(effects: &Value) {
    let summary =
        (&effects["same"], &effects["undecided"], &effects["text"], &effects["changes"], &effects["warnings"]);
    assert_eq!(summary, (&json!(true), &json!(false), &json!("Every call ends as before."), &json!([]), &json!([])));
    assert_eq!(effects["replay"]["changed"], 0, "{effects:#}");
}

#[track_caller]
fn only_change(effects: &Value) -> &Value {
    assert_eq!((&effects["same"], &effects["undecided"], &effects["more"]), (&json!(false), &json!(false), &json!(0)));
    let changes = effects["changes"].as_array().expect("changes");
    assert_eq!(changes.len(), 1, "{effects:#}");
    &changes[0]
}

/// Whom the calls of a change went to and go to: agent and version, or the reason.
fn from_to(change: &Value) -> [Value; 2] {
    [&change["was"], &change["now"]].map(|end| match end["action"] == "answer" {
        true => json!([end["agent_id"], end["version"], end["source"]]),
        false => end["reason"].clone(),
    })
}

fn codes(effects: &Value) -> Vec<&str> {
    effects["warnings"].as_array().expect("warnings").iter().map(|one| one["code"].as_str().expect("text")).collect()
}

/// To restore a revision that was switched off is never "as before".
#[tokio::test]
async fn restoring_a_revision_that_is_off_turns_the_plan_off() {
    let service = Service::start().await;
    let (desk, own) = (agent(&service, "Desk").await, agent(&service, "Own").await);
    number(&service, NUMBER, &own).await;
    save(&service, json!({"workflow_definition": format!("route to \"{desk}\"")})).await;
    change(&service, json!({"enabled": false})).await;
    change(&service, json!({"enabled": true})).await;
    // The texts of all three are the same.
    let restored = effects(&service, json!({"revision": 2})).await;
    let expected_text = format!(
        "With the plan off, calls to any number but {NUMBER} are cut off instead of going to Desk (version 1), and \
         other calls change in 1 other way."
    );
    assert_eq!((&restored["same"], text(&restored, "text")), (&json!(false), expected_text));
    assert_eq!(codes(&restored), ["number-unassigned"]);
    let changes = restored["changes"].as_array().expect("changes");
    let endings: Vec<_> = changes.iter().map(from_to).collect();
    let was = json!([desk, 1, "workflow"]);
    assert_eq!(endings, [[was.clone(), json!("number_unassigned")], [was, json!([own, 1, "number"])]]);
    assert_eq!(changes[1]["calls"][0]["text"], format!("calls to {NUMBER}"));
    // With the fields ticked off, the text alone is restored.
    is_same(&effects(&service, json!({"revision": 2, "config": {"enabled": true}})).await);
    is_same(&effects(&service, json!({"revision": 1})).await);
    let before = [call(&service, "+14155550100", NUMBER).await, call(&service, "+14155550100", OTHER_NUMBER).await];
    assert_eq!(before.each_ref().map(|call| &call["agent_id"]), [&json!(desk), &json!(desk)]);
    service.post(&format!("{CONFIG}/revisions/2/restore"), json!({})).await.expect(200);
    let after = [call(&service, "+14155550100", NUMBER).await, call(&service, "+14155550100", OTHER_NUMBER).await];
    assert_eq!(after.each_ref().map(|call| &call["reason"]), ["config_disabled", "number_unassigned"]);
    // The reverse is as loud.
    let back = effects(&service, json!({"revision": 3})).await;
    assert_eq!(back["same"], false);
    assert!(text(&back, "text").starts_with("With the plan on, "), "{back:#}");
    let endings: Vec<_> = back["changes"].as_array().expect("changes").iter().map(from_to).collect();
    let now = json!([desk, 1, "workflow"]);
    assert_eq!(endings, [[json!("number_unassigned"), now.clone()], [json!([own, 1, "number"]), now]]);
    // Two revisions of the past are compared in the same way.
    let between = effects(&service, json!({"from_revision": 1, "revision": 2})).await;
    assert_eq!((&between["same"], &between["changes"][0]["was"]["agent_id"]), (&json!(false), &json!(desk)));
    is_same(&effects(&service, json!({"from_revision": 1, "revision": 3})).await);
    is_same(&effects(&service, json!({"from_revision": 2})).await);
}

/// The fallback agent and its version are part of what decides.
#[tokio::test]
async fn without_its_fallback_agent_undecided_calls_are_cut_off() {
    let service = Service::start().await;
    let (desk, night) = (agent(&service, "Desk").await, agent(&service, "Night").await);
    draft(&service, &night).await;
    publish(&service, &night, 2, json!({})).await;
    let plan = format!("when caller in [+1415*] {{ route to \"{desk}\" }}\nfallback");
    save(&service, json!({"workflow_definition": plan, "fallback_agent_id": night})).await;
    let none = effects(&service, json!({"config": {"fallback_agent_id": null}})).await;
    assert_eq!(text(&none, "text"), "Calls from anybody but +1415* are cut off instead of going to Night (version 2).");
    assert_eq!(from_to(only_change(&none)), [json!([night, 2, "fallback"]), json!("no_decision")]);
    assert_eq!(codes(&none), ["nobody-answers"]);
    let pinned = effects(&service, json!({"config": {"fallback_agent_version": 1}})).await;
    assert_eq!(from_to(only_change(&pinned)), [json!([night, 2, "fallback"]), json!([night, 1, "fallback"])]);
    // The newest version is named, so nothing changes.
    is_same(&effects(&service, json!({"config": {"fallback_agent_version": 2}})).await);
    change(&service, json!({"fallback_agent_id": null})).await;
    let between = effects(&service, json!({"from_revision": 1, "revision": 2})).await;
    assert_eq!(from_to(only_change(&between)), [json!([night, 2, "fallback"]), json!("no_decision")]);
    let to_desk = effects(&service, json!({"config": {"fallback_agent_id": desk, "enabled": true}})).await;
    assert_eq!(from_to(only_change(&to_desk)), [json!("no_decision"), json!([desk, 1, "fallback"])]);
}

#[tokio::test]
async fn an_agent_that_becomes_inactive_takes_its_calls_with_it() {
    let service = Service::start().await;
    let (desk, night) = (agent(&service, "Desk").await, agent(&service, "Night").await);
    let idle = agent(&service, "Idle").await;
    let plan = format!("when caller in [+1415*] {{ route to \"{desk}\" }}\nreject");
    save(&service, json!({"workflow_definition": plan})).await;
    let inactive = effects(&service, json!({"agents": {&desk: {"active": false}}})).await;
    assert_eq!(from_to(only_change(&inactive)), [json!([desk, 1, "workflow"]), json!("agent_not_resolvable")]);
    assert_eq!(codes(&inactive), ["agent-not-resolvable"]);
    assert_eq!(inactive["changes"][0]["calls"][0]["text"], "calls from +1415*");
    assert_eq!(only_change(&effects(&service, json!({"agents": {&desk: {"delete": true}}})).await)["was"], {
        inactive["changes"][0]["was"].clone()
    });
    is_same(&effects(&service, json!({"agents": {&idle: {"active": false}, &night: {"delete": true}}})).await);
    // The fallback agent would answer then; one that is inactive itself would not.
    let both = json!({"agents": {&desk: {"active": false}}, "config": {"fallback_agent_id": night}});
    let both = effects(&service, both).await;
    assert_eq!(from_to(only_change(&both)), [json!([desk, 1, "workflow"]), json!([night, 1, "fallback"])]);
    let dead = json!({"agents": {&night: {"active": false}}, "config": {"fallback_agent_id": night}});
    assert_eq!(codes(&effects(&service, dead).await), ["fallback-not-resolvable"]);
    service.put(&format!("/core/agents/{desk}"), json!({"active": false})).await.expect(200);
    is_same(&effects(&service, json!({"agents": {&desk: {"active": false}}})).await);
    assert_eq!(effects(&service, json!({"agents": {&desk: {"active": true}}})).await["same"], false);
}

#[tokio::test]
async fn publishing_moves_the_calls_of_rules_that_name_no_version() {
    let service = Service::start().await;
    let desk = agent(&service, "Desk").await;
    draft(&service, &desk).await;
    save(&service, json!({"workflow_definition": format!("route to \"{desk}\"")})).await;
    let published = json!({"agents": {&desk: {"publish": 2}}});
    let moved = effects(&service, published.clone()).await;
    assert_eq!(text(&moved, "text"), "All calls go to Desk (version 2) instead of Desk (version 1).");
    assert_eq!(from_to(only_change(&moved)), [json!([desk, 1, "workflow"]), json!([desk, 2, "workflow"])]);
    is_same(&effects(&service, json!({"agents": {&desk: {"publish": 1}}})).await);
    change(&service, json!({"workflow_definition": format!("route to \"{desk}\" version 1")})).await;
    is_same(&effects(&service, published.clone()).await);
    // Calls that a split sends there are a share of all.
    let split = format!(
        "split \"trial\" by caller {{\n 90% {{ route to \"{desk}\" version 1 }}\n 10% {{ route to \"{desk}\" }}\n}}"
    );
    change(&service, json!({"workflow_definition": split})).await;
    let share = effects(&service, published).await;
    assert_eq!(only_change(&share)["calls"][0]["splits"], json!({"trial": 10.0}));
}

#[tokio::test]
async fn a_numbers_own_agent_matters_while_the_plan_is_off() {
    let service = Service::start().await;
    let (desk, own) = (agent(&service, "Desk").await, agent(&service, "Own").await);
    number(&service, NUMBER, &own).await;
    number(&service, "201", &own).await;
    let to_desk = json!({"numbers": {"+1 (802) 555-0100": {"agent_id": desk, "version": 1}, "201": null}});
    let without_config = effects(&service, to_desk.clone()).await;
    let endings: Vec<_> = without_config["changes"].as_array().expect("changes").iter().map(from_to).collect();
    let was = json!([own, 1, "number"]);
    let moved = [was.clone(), json!([desk, 1, "number"])];
    assert!(endings.contains(&moved) && endings.contains(&[was, json!("number_unassigned")]), "{without_config:#}");
    assert_eq!(endings.len(), 2);
    save(&service, json!({"workflow_definition": "reject"})).await;
    is_same(&effects(&service, to_desk.clone()).await);
    change(&service, json!({"enabled": false})).await;
    assert_eq!(effects(&service, to_desk.clone()).await["changes"].as_array().map(Vec::len), Some(2));
    // With the plan switched on in the same change, the numbers are of no account again.
    let on = json!({"config": {"enabled": true}});
    let mut on_and_to_desk = to_desk;
    on_and_to_desk["config"] = on["config"].clone();
    let (one, two) = (effects(&service, on).await, effects(&service, on_and_to_desk).await);
    assert_eq!(one["changes"], two["changes"]);
    let endings: Vec<_> = one["changes"].as_array().expect("changes").iter().map(from_to).collect();
    let rejected = json!("rejected");
    assert_eq!(endings, [[json!([own, 1, "number"]), rejected.clone()], [json!("number_unassigned"), rejected]]);
    assert_eq!(
        text(&one, "text"),
        "With the plan on, calls to +18025550100 or \"201\" are cut off instead of going to Own (version 1), and other \
         calls change in 1 other way."
    );
}

#[tokio::test]
async fn a_switch_matters_where_a_rule_asks_for_it() {
    let service = Service::start().await;
    let desk = agent(&service, "Desk").await;
    let plan = format!("switch storm\nswitch snow\nwhen storm is on {{ reject }}\nroute to \"{desk}\"");
    save(&service, json!({"workflow_definition": plan})).await;
    let on = effects(&service, json!({"switches": {"storm": true}})).await;
    assert_eq!(from_to(only_change(&on)), [json!([desk, 1, "workflow"]), json!("rejected")]);
    let witness = &on["changes"][0]["witness"];
    assert_eq!((&witness["call"]["switches"], &witness["now"]["reason"]), (&json!(["storm"]), &json!("rejected")));
    is_same(&effects(&service, json!({"switches": {"snow": true, "storm": false}})).await);
    service.put(&format!("{CONFIG}/switches/storm"), json!({"on": true})).await.expect(200);
    is_same(&effects(&service, json!({"switches": {"storm": true}})).await);
    assert_eq!(effects(&service, json!({"switches": {"storm": false}})).await["same"], false);
    // While the storm lasts, only what the plan does then matters.
    let edited = plan.replace("route to", "when caller in [+1900*] { reject }\nroute to");
    is_same(&effects(&service, json!({"config": {"workflow_definition": edited}})).await);
    let both = json!({"config": {"workflow_definition": edited}, "switches": {"storm": false}});
    assert_eq!(effects(&service, both).await["changes"][0]["now"]["agent_id"], desk);
}

#[tokio::test]
async fn a_switch_that_goes_off_by_itself_matters_until_then() {
    let service = Service::start().await;
    let desk = agent(&service, "Desk").await;
    let plan = format!("timezone UTC\nswitch storm\nwhen storm is on {{ reject }}\nroute to \"{desk}\"");
    save(&service, json!({"workflow_definition": plan})).await;
    service.stranger.post(&service, CONFIG, json!({"workflow_definition": "switch storm\nreject"})).await.expect(201);
    let (end, later) = ("2090-01-02T12:00:00Z", "2090-01-03T00:00:00Z");
    // Beyond the years that are compared, an end changes nothing.
    let path = format!("{CONFIG}/switches/storm");
    let set = async |body: Value| service.put(&path, body).await.expect(200);
    let storm = async |body: Value| effects(&service, json!({"switches": {"storm": body}})).await;
    set(json!({"on": true, "until": end})).await;
    is_same(&storm(json!({"on": true, "until": later})).await);
    is_same(&storm(json!(true)).await);
    set(json!({"on": false})).await;

    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(30);
    let on = storm(json!({"on": true, "until": soon.to_string()})).await;
    let change = only_change(&on);
    assert_eq!(from_to(change), [json!([desk, 1, "workflow"]), json!("rejected")]);
    let forever = storm(json!({"on": true})).await;
    let share = |answer: &Value| answer["changes"][0]["share"].as_f64().expect("a share");
    assert!(share(&on) < share(&forever) / 100.0, "{on:#}");
    let last_day = Zone::UTC.read(soon).date.strftime("%-d %B %Y").to_string();
    assert!(text(&on, "text").contains(&last_day), "{on:#}");
    let at: jiff::Timestamp = text(&change["witness"]["call"], "timestamp").parse().expect("an instant");
    assert!(at < soon, "{at}");
    assert_eq!(change["witness"]["now"]["reason"], "rejected");

    // Once it is on, another end changes what lies between the ends, and off what is left.
    set(json!({"on": true, "until": soon.to_string()})).await;
    is_same(&storm(json!({"on": true, "until": soon.to_string()})).await);
    let longer = storm(json!({"on": true, "until": (soon + jiff::SignedDuration::from_hours(1)).to_string()})).await;
    let witness = &only_change(&longer)["witness"];
    let at: jiff::Timestamp = text(&witness["call"], "timestamp").parse().expect("an instant");
    assert!(at >= soon && at < soon + jiff::SignedDuration::from_hours(1), "{at}");
    assert_eq!((&witness["was"]["agent_id"], &witness["now"]["reason"]), (&json!(desk), &json!("rejected")));
    assert_eq!(only_change(&storm(json!(false)).await)["was"]["reason"], "rejected");
    assert_eq!(from_to(only_change(&storm(json!(true)).await))[1], "rejected");
    // An edit of what comes after the storm is seen, too.
    let edited = plan.replace("route to", "when caller in [+1900*] { reject }\nroute to");
    let after = effects(&service, json!({"config": {"workflow_definition": edited}})).await;
    assert_eq!(only_change(&after)["now"]["reason"], "rejected");
    // Another organization's switch of that name is another switch.
    let theirs = service.stranger.post(&service, EFFECTS, json!({"switches": {"storm": true}})).await.expect(200);
    is_same(&theirs);

    let wrong = json!({"switches": {
        "storm": {"on": true, "until": "2020-01-01T00:00:00Z"}, "snow": {"on": true}, "hail": {"on": false},
    }});
    let errors = service.post(EFFECTS, wrong).await.expect_errors();
    let unknown = "is not a switch of this plan";
    let past = ("switches.storm.until", "must be in the future");
    assert_eq!(errors, pairs(&[("switches.snow", unknown), ("switches.hail", unknown), past]));
    let wrong = json!({"switches": {"storm": {"until": end}, "snow": {"on": false, "until": end, "off": 1}}});
    let expected = [
        ("switches.storm.on", "is required"),
        ("switches.snow.until", "is only for a switch that is on"),
        ("switches.snow.off", "is not a field of this"),
    ];
    assert_eq!(service.post(EFFECTS, wrong).await.expect_errors(), pairs(&expected));
}

#[tokio::test]
async fn an_edit_without_effect_is_none() {
    let service = Service::start().await;
    let (desk, night) = (agent(&service, "Desk").await, agent(&service, "Night").await);
    let plan = format!(
        "when caller in [+1415*] {{ context \"Hello\" route to \"{desk}\" }}\nwhen caller in [+1416*] {{ reject }}\n\
         route to \"{night}\""
    );
    save(&service, json!({"workflow_definition": plan, "fallback_agent_id": night})).await;
    let (first, rest) = plan.split_once("\nwhen caller in [+1416*] { reject }\n").expect("a rule");
    for edited in [
        format!("# a comment\n{plan}"),
        // The order does not matter.
        format!("when caller in [+1416*] {{ reject }}\n{first}\n{rest}"),
        // The newest version is named; the fallback agent answers in place of itself.
        plan.replace(&format!("\"{desk}\""), &format!("\"{desk}\" version 1")),
        plan.replace(&format!("route to \"{night}\""), "fallback"),
        // No call has another organization.
        format!("when organization is \"another\" {{ reject }}\n{plan}"),
    ] {
        is_same(&effects(&service, json!({"config": {"workflow_definition": edited}})).await);
    }
    let hello = plan.replace("Hello", "Good morning");
    let details = effects(&service, json!({"config": {"workflow_definition": hello}})).await;
    assert_eq!(only_change(&details)["changes"], "details");
    assert_eq!(
        text(&details, "text"),
        "Calls from +1415* go to Desk (version 1) as before, with another context, metadata or skip."
    );
    // What nobody hears is no change.
    service.put(&format!("/core/agents/{desk}"), json!({"active": false})).await.expect(200);
    is_same(&effects(&service, json!({"config": {"workflow_definition": plan, "fallback_agent_id": night}})).await);
    let unheard = json!({"config": {"workflow_definition": hello, "fallback_agent_id": null}, "from_revision": 1});
    assert_eq!(effects(&service, unheard).await["changes"][0]["now"]["action"], "disconnect");
}

#[tokio::test]
async fn another_organization_has_no_effects_here() {
    let service = Service::start().await;
    let (desk, other) = (agent(&service, "Desk").await, "+18025550177");
    save(&service, json!({"workflow_definition": format!("switch storm\nroute to \"{desk}\"")})).await;
    let stranger = service.stranger.clone();
    stranger.post(&service, "/core/phone-numbers", json!({"phone_number": other, "trunk_id": "t"})).await.expect(201);
    let ask = async |body: Value| stranger.post(&service, EFFECTS, body).await;
    let detail = ask(json!({"revision": 1})).await.expect_detail(404);
    assert_eq!(detail, "There is no such revision.");
    assert_eq!(ask(json!({"from_revision": 1})).await.expect_detail(404), "There is no such revision.");
    let no_config = "The organization has no inbound-routing config.";
    assert_eq!(ask(json!({"config": {"enabled": false}})).await.expect_detail(404), no_config);
    assert_eq!(ask(json!({"switches": {"storm": true}})).await.expect_detail(404), no_config);
    let errors = ask(json!({
        "config": {"workflow_definition": "reject", "fallback_agent_id": desk},
        "agents": {&desk: {"active": false}},
        "numbers": {NUMBER: null, other: {"agent_id": desk, "version": 1}},
    }));
    let expected = [
        (format!("agents.{desk}"), "is not an agent of this organization"),
        (format!("numbers.{NUMBER}"), "is not a number of this organization"),
        (format!("numbers.{other}.agent_id"), "is not an agent of this organization"),
        ("config.fallback_agent_id".to_owned(), "is not an agent of this organization"),
    ];
    let expected: Vec<_> = expected.into_iter().map(|(field, message)| (field, message.to_owned())).collect();
    assert_eq!(errors.await.expect_errors(), expected);
    let plan = json!({"config": {"workflow_definition": format!("route to \"{desk}\"")}});
    assert_eq!(ask(plan).await.expect(422)["diagnostics"][0]["code"], "unknown-agent");
    // Its own calls are compared, not ours.
    let first = ask(json!({"config": {"workflow_definition": "reject"}})).await.expect(200);
    assert_eq!(from_to(only_change(&first)), [json!("number_unassigned"), json!("rejected")]);
    let errors = service.post(EFFECTS, json!({"numbers": {other: null}})).await.expect_errors();
    assert_eq!(errors, pairs(&[("numbers.+18025550177", "is not a number of this organization")]));
}

#[tokio::test]
async fn all_that_is_wrong_is_said_at_once() {
    let service = Service::start().await;
    let desk = agent(&service, "Desk").await;
    number(&service, NUMBER, &desk).await;
    let key = service.key(&[Scope::ReadCalls, Scope::ReadAgents, Scope::ReadNumbers]).await;
    let detail = key.post(&service, EFFECTS, json!({})).await.expect_detail(403);
    assert_eq!(detail, "This needs the scope `inbound_routing_configs:read`.");
    let errors = service.post(EFFECTS, json!({
        "config": null, "revision": 0, "from_revision": "1", "agents": {&desk: {"delete": true, "active": 1, "publish": 2}},
        "numbers": {"anonymous": null, "201": {"version": 0}}, "switches": {"storm": "on"}, "data": {},
    })).await.expect_errors();
    let expected = [
        ("config", "must not be null"),
        ("revision", "must be a whole number of at least 1"),
        ("from_revision", "must be a whole number of at least 1"),
        (&format!("agents.{desk}.active"), "must be true or false"),
        (&format!("agents.{desk}.delete"), "must be the only field"),
        ("numbers.anonymous", "must be a number that can be called, not a withheld one"),
        ("numbers.201.agent_id", "is required"),
        ("numbers.201.version", "must be a whole number of at least 1"),
        ("switches.storm", "must be true, false or an object"),
        ("data", "is not a field of this"),
    ];
    assert_eq!(errors, pairs(&expected));
    save(&service, json!({"workflow_definition": "reject"})).await;
    let errors = service
        .post(
            EFFECTS,
            json!({
                "agents": {&desk: {"publish": 2}, "x": {"active": true}},
                "numbers": {NUMBER: {"agent_id": desk, "version": 3}},
                "switches": {"storm": true},
            }),
        )
        .await
        .expect_errors();
    let expected = [
        (&*format!("agents.{desk}.publish"), "the agent has no version 2"),
        ("agents.x", "is not an agent of this organization"),
        (&format!("numbers.{NUMBER}.version"), "the agent has no published version 3"),
        ("switches.storm", "is not a switch of this plan"),
    ];
    assert_eq!(errors, pairs(&expected));
    let many: serde_json::Map<String, Value> = (0..1001).map(|at| (format!("s{at}"), json!(true))).collect();
    let errors = service.post(EFFECTS, json!({"switches": many})).await.expect_errors();
    assert_eq!(errors, pairs(&[("switches", "must have at most 1000")]));
    let refused = service.post(EFFECTS, json!({"config": {"workflow_definition": "when { reject"}})).await.expect(422);
    assert_eq!(refused["diagnostics"][0]["code"], "syntax");
}

/// A plan whose splits multiply: each caller is in its own combination of their arms.
fn complex(agents: [&str; 2]) -> String {
    let split = |at: usize| {
        format!("split \"s{at}\" by caller {{\n  50% {{ metadata {{ k{at}: 1 }} }}\n  50% {{ context \"{at}\" }}\n}}\n")
    };
    let splits: String = (0..40).map(split).collect();
    splits + &format!("when caller in [+1415*] {{ route to \"{}\" }}\nroute to \"{}\"", agents[0], agents[1])
}

#[tokio::test]
async fn what_cannot_be_worked_out_is_never_the_same() {
    let service = Service::start().await;
    let (desk, night, idle) =
        (agent(&service, "Desk").await, agent(&service, "Night").await, agent(&service, "Idle").await);
    number(&service, NUMBER, &idle).await;
    let plan = complex([&desk, &night]);
    save(&service, json!({"workflow_definition": plan})).await;
    let inactive = effects(&service, json!({"agents": {&desk: {"active": false}}})).await;
    assert_eq!((&inactive["same"], &inactive["undecided"]), (&json!(false), &json!(true)), "{inactive:#}");
    assert_eq!((&inactive["changes"], &inactive["more"]), (&json!([]), &json!(0)));
    assert_eq!(
        text(&inactive, "text"),
        "Which calls end differently could not be worked out: there is too much to compare within the limits."
    );
    // What has no part in it needs no diagram.
    is_same(&effects(&service, json!({})).await);
    is_same(&effects(&service, json!({"agents": {&idle: {"active": false}}, "numbers": {NUMBER: null}})).await);
}

#[tokio::test]
async fn the_newest_calls_of_the_log_are_decided_again() {
    let service = Service::start().await;
    let desk = agent(&service, "Desk").await;
    save(&service, json!({"workflow_definition": format!("route to \"{desk}\"")})).await;
    for caller in ["+14155550100", "+14155550101", "+442079460142"] {
        call(&service, caller, NUMBER).await;
    }
    let plan = format!("when caller in [+1415*] {{ reject }}\nroute to \"{desk}\"");
    let body = json!({"config": {"workflow_definition": plan}});
    let replay = loop {
        let found = effects(&service, body.clone()).await["replay"].take();
        if found["calls"] == 3 {
            break found;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!((&replay["changed"], &replay["not_comparable"]), (&json!(2), &json!(0)));
    let examples = replay["examples"].as_array().expect("examples");
    let callers: Vec<_> = examples.iter().map(|example| example["call"]["caller_number"].clone()).collect();
    assert_eq!(callers, ["+14155550101", "+14155550100"]);
    assert_eq!(
        (&examples[0]["before"]["agent_id"], &examples[0]["after"]["reason"]),
        (&json!(desk), &json!("rejected"))
    );
    assert_eq!(
        (&examples[0]["before"]["config_revision"], &examples[0]["after"]["config_revision"]),
        (&json!(1), &Value::Null)
    );
    let key = service.key(&[Scope::ReadConfigs]).await;
    let without = key.post(&service, EFFECTS, body).await.expect(200);
    assert_eq!((&without["replay"], &without["same"]), (&Value::Null, &json!(false)));
}
