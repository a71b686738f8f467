//! What `/core/effects` says of random changes agrees with what the router decides.

use serde_json::{Value, json};

use crate::effects::{CONFIG, NUMBER, OTHER_NUMBER, agent, draft, effects, end, number, publish, save};
use crate::service::Service;

/// Random numbers that are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn one<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len())]
    }

    fn yes(&mut self) -> bool {
        self.below(2) == 0
    }
}

const CALLERS: [&str; 4] = ["+14155550100", "+14165550100", "+442079460142", "anonymous"];
const DIALED: [&str; 3] = [NUMBER, OTHER_NUMBER, "+18025550199"];
const TIMES: [&str; 3] = ["2030-01-07T12:00:00Z", "2030-01-07T20:00:00Z", "2030-01-12T12:00:00Z"];

fn random_plan(random: &mut Random, agents: &[String]) -> String {
    let mut plan = "switch storm\nswitch snow\n".to_owned();
    for _ in 0..random.below(4) {
        let condition = random.one(&[
            "caller in [+1415*]",
            "caller is anonymous",
            "dialed in [+18025550100]",
            "time in 08:00-17:00",
            "weekday in sat-sun",
            "storm is on",
            "snow is off",
            "not storm is on and caller in [+44*]",
        ]);
        let context = random.one(&[
            "",
            "",
            "context \"From {caller}\" ",
            "metadata { k: 1 } ",
            "skip pre_conversation_workflow ",
        ]);
        plan.push_str(&format!("when {condition} {{ {context}{} }}\n", random_decision(random, agents)));
    }
    if random.yes() {
        let (one, other) = (random_decision(random, agents), random_decision(random, agents));
        plan.push_str(&format!("split \"s\" by caller {{\n 50% {{ {one} }}\n 50% {{ {other} }}\n}}\n"));
    }
    plan + &random_decision(random, agents)
}

fn random_decision(random: &mut Random, agents: &[String]) -> String {
    let agent = &agents[random.below(agents.len())];
    match random.below(6) {
        0 => "reject".to_owned(),
        1 => "fallback".to_owned(),
        2 => format!("route to \"{agent}\" version 1"),
        _ => format!("route to \"{agent}\""),
    }
}

/// A random change, of one to three parts of the state.
fn random_change(random: &mut Random, agents: &[String], revisions: usize) -> Value {
    let mut change = json!({});
    for _ in 0..=random.below(3) {
        let agent = &agents[random.below(agents.len())];
        match random.below(8) {
            0 => change["config"]["workflow_definition"] = json!(random_plan(random, agents)),
            1 => change["config"]["enabled"] = json!(random.yes()),
            2 => change["config"]["fallback_agent_id"] = if random.yes() { json!(agent) } else { Value::Null },
            3 => change["agents"][agent]["active"] = json!(random.yes()),
            4 => change["agents"][agent]["publish"] = json!(2),
            5 => {
                let own = if random.yes() { json!({"agent_id": agent, "version": 1}) } else { Value::Null };
                change["numbers"][random.one(&DIALED[..2])] = own;
            }
            6 => change["switches"][random.one(&["storm", "snow"])] = json!(random.yes()),
            _ if change.get("config").is_none() => change["revision"] = json!(1 + random.below(revisions)),
            _ => {}
        }
    }
    if change.get("revision").is_some() {
        change.as_object_mut().expect("fields").remove("config");
    }
    change
}

/// Makes a change as the console would.
async fn make(service: &Service, change: &Value, numbers: &[(String, String)]) {
    for (id, fields) in change["agents"].as_object().into_iter().flatten() {
        if fields["publish"] == 2 {
            publish(service, id, 2, json!({})).await;
        }
        if fields["active"].is_boolean() {
            service.put(&format!("/core/agents/{id}"), json!({"active": fields["active"]})).await.expect(200);
        }
    }
    for (number, own) in change["numbers"].as_object().into_iter().flatten() {
        match own["agent_id"].as_str() {
            Some(agent) => publish(service, agent, 1, json!({"phone_numbers": [number]})).await,
            None => {
                for (_, agent) in numbers {
                    publish(service, agent, 1, json!({"unassign_phone_numbers": [number]})).await;
                }
            }
        }
    }
    if change["config"].is_object() {
        service.put(CONFIG, change["config"].clone()).await.expect(200);
    }
    if let Some(revision) = change["revision"].as_u64() {
        service.post(&format!("{CONFIG}/revisions/{revision}/restore"), json!({})).await.expect(200);
    }
    for (switch, on) in change["switches"].as_object().into_iter().flatten() {
        service.put(&format!("{CONFIG}/switches/{switch}"), json!({"on": on})).await.expect(200);
    }
}

/// Decides each combination of caller, number and time by the state in force.
async fn decide_all(service: &Service) -> Vec<Value> {
    let mut decisions = Vec::new();
    for caller in CALLERS {
        for dialed in DIALED {
            for time in TIMES {
                let call = json!({"caller_number": caller, "called_number": dialed, "timestamp": time});
                decisions.push(service.post("/core/inbound-calls", call).await.expect(200));
            }
        }
    }
    decisions
}

/// What was said of a change agrees with what the router decides before and after it, and each
/// witness is a call that ends as was said.
#[tokio::test]
async fn what_is_said_is_what_happens() {
    let service = Service::start().await;
    let mut agents = Vec::new();
    for name in ["Desk", "Night", "Own"] {
        agents.push(agent(&service, name).await);
        draft(&service, &agents[agents.len() - 1]).await;
    }
    let number_in =
        |name: &str, default| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let mut random = Random(number_in("EFFECTS_SEED", 7));
    number(&service, DIALED[0], &agents[2]).await;
    number(&service, DIALED[1], &agents[1]).await;
    let owners: Vec<(String, String)> = agents.iter().map(|agent| (String::new(), agent.clone())).collect();
    save(&service, json!({"workflow_definition": random_plan(&mut random, &agents), "fallback_agent_id": agents[1]}))
        .await;
    let (mut revisions, mut same, mut differing, mut witnesses) = (1, 0, 0, 0);
    let mut before = decide_all(&service).await;
    for round in 0..number_in("EFFECTS_CHANGES", 60) {
        let change = random_change(&mut random, &agents, revisions);
        let said = effects(&service, change.clone()).await;
        assert_eq!(said["undecided"], false, "round {round}: {change:#}");
        make(&service, &change, &owners).await;
        revisions = service.get(CONFIG).await.expect(200)["revision"].as_u64().expect("a number") as usize;
        let after = decide_all(&service).await;
        for (was, now) in before.iter().zip(&after).filter(|(was, now)| end(was) != end(now)) {
            let ends = |decision: &Value, end: &Value| {
                ["action", "agent_id", "version", "source", "reason"]
                    .iter()
                    .all(|field| decision[*field] == end[*field])
            };
            let changes = said["changes"].as_array().expect("changes");
            let is_said = changes.iter().any(|change| ends(was, &change["was"]) && ends(now, &change["now"]));
            assert!(is_said, "round {round}: {change:#}\n{was:#}\n{now:#}\n{said:#}");
        }
        let changes = said["changes"].as_array().expect("changes");
        // Where few callers remain, there may be no witness.
        for one in changes.iter().filter(|one| one["witness"].is_object()) {
            let witness = &one["witness"];
            witnesses += 1;
            assert_ne!(end(&witness["was"]), end(&witness["now"]), "round {round}: {change:#}\n{one:#}");
            let call = &witness["call"];
            let call = json!({"caller_number": call["caller_number"], "called_number": call["called_number"],
                              "timestamp": call["timestamp"], "trunk_id": call["trunk_id"]});
            let decided = service.post("/core/inbound-calls", call).await.expect(200);
            assert_eq!(end(&decided), end(&witness["now"]), "round {round}: {change:#}\n{one:#}");
            let is_there =
                |end: &Value, side: &Value| end["agent_id"] == side["agent_id"] && end["reason"] == side["reason"];
            assert!(is_there(&one["was"], &witness["was"]) && is_there(&one["now"], &witness["now"]), "{one:#}");
        }
        if said["same"] == true {
            same += 1
        } else {
            differing += 1
        }
        before = after;
    }
    assert!(same > 5 && differing > 20 && witnesses > 40, "too few of each: {same}, {differing}, {witnesses}");
}
