//! A service that has just been started: no plan is compiled. Nothing that takes long runs on the
//! thread that answers calls; in debug builds, a plan that is read there panics.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::service::{Service, text};

const CALLS: &str = "/core/inbound-calls";
const CONFIG: &str = "/core/inbound-routing-config";

/// A plan of this many rules, which takes a while to compile.
fn large(agent: &str, rules: usize) -> String {
    let mut plan = format!("switch storm\nagent desk = \"{agent}\"\n");
    for number in 0..rules {
        let _ = writeln!(plan, "rule \"Line {number}\" when dialed is +1800{number:07} {{ route to desk }}");
    }
    plan + "rule \"Night\" when time in 20:00-24:00 { reject }\nrule \"Day\" { route to desk }\n"
}

fn call(timestamp: Option<&str>) -> Value {
    json!({"caller_number": "+14155550142", "called_number": "+18000000007", "timestamp": timestamp})
}

/// A service with such a plan in force, started again. Gives the agent that answers its calls, and
/// one that nobody uses.
async fn restarted(rules: usize) -> (Service, String, String) {
    let service = Service::start().await;
    let agents =
        [service.post("/core/agents", json!({"name": "Desk"})), service.post("/core/agents", json!({"name": "No"}))];
    let mut ids = Vec::new();
    for agent in agents {
        ids.push(text(&agent.await.expect(201), "id"));
    }
    let [desk, unused] = <[String; 2]>::try_from(ids).expect("two");
    let version = format!("/core/agents/{desk}/versions");
    service.post(&version, json!({})).await.expect(201);
    service.post(&format!("{version}/1/publish"), json!({})).await.expect(200);
    service.store_plan(large(&desk, rules), desk.parse().expect("an id")).await;
    (service.restart().await, desk, unused)
}

#[tokio::test]
async fn a_call_waits_for_its_plan_and_others_do_not_wait_for_it() {
    let (service, desk, _) = restarted(1000).await;
    let early = service.post(CALLS, call(None));
    let other = service.stranger.post(&service, CALLS, call(None));
    tokio::pin!(early);
    tokio::select! {
        biased;
        early = &mut early => panic!("its plan was compiled where calls are answered: {early:?}"),
        other = other => assert_eq!(other.expect(200)["reason"], "number_unassigned"),
    }
    // Compiling takes longer than a decision may. It does not count.
    let decided = early.await.expect(200);
    assert_eq!((&decided["agent_id"], &decided["rule"]), (&json!(desk), &json!("Line 7")), "{decided:#}");
}

#[tokio::test]
async fn a_call_beyond_the_horizon_is_not_decided_where_calls_are_answered() {
    let (service, _, _) = restarted(1000).await;
    service.post(CALLS, call(None)).await.expect(200);
    let late = service.post(CALLS, call(Some("2045-03-01T12:00:00Z")));
    let other = service.stranger.post(&service, CALLS, call(Some("2045-03-01T12:00:00Z")));
    tokio::pin!(late);
    tokio::select! {
        biased;
        late = &mut late => panic!("it was decided where calls are answered: {late:?}"),
        other = other => assert_eq!(other.expect(200)["reason"], "number_unassigned"),
    }
    assert_eq!(late.await.expect(200)["rule"], "Line 7");
    // Its text has been read now, so that one by the text may be decided before another's call.
    assert_eq!(service.post(CALLS, call(Some("1999-12-31T12:00:00Z"))).await.expect(200)["rule"], "Line 7");
}

#[tokio::test]
async fn a_call_that_has_waited_too_long_goes_to_the_fallback_agent() {
    let (service, desk, _) = restarted(30_000).await;
    // The clock now jumps to the next timeout whenever nothing else is to be done.
    tokio::time::pause();
    let decided = service.post(CALLS, call(None)).await.expect(200);
    assert_eq!((&decided["agent_id"], &decided["reason"]), (&json!(desk), &json!("workflow_timeout")), "{decided:#}");
    assert_eq!(service.stranger.post(&service, CALLS, call(None)).await.expect(200)["reason"], "number_unassigned");
    let tried = service.post(&format!("{CONFIG}/simulate"), json!({"call": call(None)})).await;
    assert_eq!(tried.headers["retry-after"], "1");
    assert_eq!(tried.expect(503)["code"], "starting");
}

/// Each of these needs the plan, and is the first to need it.
#[tokio::test]
async fn every_request_about_the_plan_reads_it_elsewhere() {
    let (mut service, _, unused) = restarted(20).await;
    let draft = "rule \"No\" {\n  reject\n}\n";
    let posts = [
        ("simulate", json!({"call": call(None)})),
        ("simulate", json!({"call": call(Some("2045-03-01T12:00:00Z"))})),
        ("simulate", json!({"call": call(None), "workflow_definition": draft})),
        ("diff", json!({"workflow_definition": draft})),
        ("timeline", json!({"called_number": "+18000000007"})),
        ("example", json!({"call": call(None)})),
        ("replay", json!({"workflow_definition": draft})),
    ];
    for (path, body) in posts {
        service.post(&format!("{CONFIG}/{path}"), body).await.expect(200);
        service = service.restart().await;
    }
    let switches = service.get(&format!("{CONFIG}/switches")).await.expect(200);
    assert_eq!(switches["items"][0]["name"], "storm");
    service = service.restart().await;
    service.put(&format!("{CONFIG}/switches/storm"), json!({"on": true})).await.expect(200);
    service = service.restart().await;
    service.delete(&format!("/core/agents/{unused}")).await.expect(204);
    service.put(CONFIG, json!({"enabled": false})).await.expect(200);
    let switches = service.get(&format!("{CONFIG}/switches")).await.expect(200);
    assert_eq!(switches["items"][0]["on"], true, "it was kept");
}

#[tokio::test]
async fn switching_off_does_not_wait_for_the_plan() {
    let (service, _, _) = restarted(1000).await;
    let before = service.get(CONFIG).await.expect(200);
    let off = service.put(CONFIG, json!({"enabled": false})).await.expect(200);
    assert_eq!((&off["enabled"], &off["workflow_definition"]), (&json!(false), &before["workflow_definition"]));
    assert_eq!(service.post(CALLS, call(None)).await.expect(200)["reason"], "number_unassigned");
}

#[tokio::test]
async fn it_is_not_ready_until_the_plans_are_compiled() {
    let service = Service::start().await.restart().await;
    let starting = service.page("/readyz").await;
    assert_eq!((starting.0, &starting.1["code"]), (503, &json!("starting")));
    assert_eq!(service.page("/healthz").await.0, 200);
    service.app().start();
    assert_eq!(service.page("/readyz").await, (200, json!({"status": "ready"})));
    service.app().stop();
    assert_eq!(service.page("/readyz").await.1["code"], "shutting_down");
}
