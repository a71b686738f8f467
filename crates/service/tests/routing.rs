//! Who answers a call, row by row of the contract's table.

use callplan::compile::CompiledPlan;
use callplan::{Call, Source, compile};
use callplan_service::routing::{Configured, Directory, WantedAgent, Workflow, route};
use serde_json::{Value, json};

/// Agent `a` can answer at versions 1 and 3, `b` at 7. No other agent can answer.
struct Agents;

impl Directory for Agents {
    fn resolve(&self, agent_id: &str, version: Option<u32>) -> Option<u32> {
        let published: &[u32] = match agent_id {
            "a" => &[1, 3],
            "b" => &[7],
            _ => &[],
        };
        match version {
            Some(version) => published.contains(&version).then_some(version),
            None => published.last().copied(),
        }
    }
}

fn plan(text: &str) -> CompiledPlan {
    compile(&Source::new("plan", text)).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn call() -> Call {
    Call::new("+18005550100", "2026-03-01T17:00:00Z".parse().expect("an instant")).with_caller("+14155550100")
}

const B: Option<WantedAgent> = Some(WantedAgent { agent_id: "b", version: None });

/// The decision of a plan with a fallback agent, as the contract's JSON.
fn by_plan(text: &str, fallback: Option<WantedAgent>) -> Value {
    let (plan, call) = (plan(text), call());
    let answer = plan.answer(&call);
    let configured = Configured::Enabled { revision: Some(12), workflow: Workflow::Answered(&answer), fallback };
    // The number's own agent must not matter where a config is in force.
    serde_json::to_value(route(configured, Some(WantedAgent { agent_id: "a", version: Some(1) }), &Agents))
        .expect("JSON")
}

fn without_plan(configured: Configured, assigned: Option<WantedAgent>) -> Value {
    serde_json::to_value(route(configured, assigned, &Agents)).expect("JSON")
}

/// A decision as JSON. These fields differ from a decision in which nobody answers.
fn decision(fields: Value) -> Value {
    let mut all = json!({
        "action": "disconnect", "agent_id": null, "version": null, "initial_context": "", "custom_metadata": null,
        "skip_pre_conversation_workflow": false, "source": "none", "reason": null, "rule": null, "config_revision": 12,
    });
    for (name, value) in fields.as_object().expect("an object") {
        assert!(all.get(name).is_some(), "{name}");
        all[name] = value.clone();
    }
    all
}

#[test]
fn the_plans_agent_answers_at_the_version_that_is_asked_for_or_the_newest() {
    let expected = |version: u32| {
        decision(json!({
            "action": "answer", "agent_id": "a", "version": version, "initial_context": "Hello.",
            "custom_metadata": {"tier": 1}, "skip_pre_conversation_workflow": true, "source": "workflow", "rule": "R",
        }))
    };
    let text = |route: &str| {
        format!("rule \"R\" {{ context \"Hello.\" metadata {{ tier: 1 }} skip pre_conversation_workflow {route} }}")
    };
    assert_eq!(by_plan(&text("route to \"a\""), B), expected(3));
    assert_eq!(by_plan(&text("route to \"a\" version 1"), B), expected(1));
}

#[test]
fn the_plan_rejects_and_nobody_stands_in() {
    let expected = decision(json!({"source": "workflow", "reason": "rejected", "rule": "R"}));
    assert_eq!(by_plan("context \"x\" rule \"R\" { reject \"spam\" }", B), expected);
}

#[test]
fn without_a_decision_the_fallback_gets_what_the_plan_gave() {
    let stands_in = |rule: Value| {
        decision(json!({
            "action": "answer", "agent_id": "b", "version": 7, "initial_context": "Hello.", "source": "fallback",
            "reason": "no_decision", "rule": rule,
        }))
    };
    assert_eq!(by_plan("context \"Hello.\" rule \"R\" { fallback }", B), stands_in(json!("R")));
    assert_eq!(by_plan("context \"Hello.\" when caller is anonymous { reject }", B), stands_in(Value::Null));
    let nobody = decision(json!({"reason": "no_decision", "rule": "R"}));
    assert_eq!(by_plan("context \"Hello.\" rule \"R\" { fallback }", None), nobody);
    let not_there = Some(WantedAgent { agent_id: "off", version: None });
    assert_eq!(by_plan("context \"Hello.\" rule \"R\" { fallback }", not_there), nobody);
    let not_published = Some(WantedAgent { agent_id: "b", version: Some(8) });
    assert_eq!(by_plan("context \"Hello.\" rule \"R\" { fallback }", not_published), nobody);
}

#[test]
fn an_agent_that_cannot_answer_leaves_it_to_the_fallback() {
    for agent in ["\"off\"", "\"new\"", "\"nobody\"", "\"a\" version 4", "\"a\" version 2"] {
        let text = format!("rule \"R\" {{ context \"Hello.\" route to {agent} }}");
        let stands_in = decision(json!({
            "action": "answer", "agent_id": "b", "version": 7, "initial_context": "Hello.", "source": "fallback",
            "reason": "agent_not_resolvable", "rule": "R",
        }));
        assert_eq!(by_plan(&text, B), stands_in, "{agent}");
        let nobody = decision(json!({"reason": "agent_not_resolvable", "rule": "R"}));
        assert_eq!(by_plan(&text, None), nobody, "{agent}");
    }
}

#[test]
fn a_workflow_that_failed_carries_nothing() {
    for (workflow, reason) in [(Workflow::Failed, "workflow_failed"), (Workflow::TimedOut, "workflow_timeout")] {
        let with = |fallback| without_plan(Configured::Enabled { revision: Some(12), workflow, fallback }, B);
        let stands_in = decision(
            json!({"action": "answer", "agent_id": "b", "version": 7, "source": "fallback", "reason": reason}),
        );
        assert_eq!(with(B), stands_in);
        assert_eq!(with(None), decision(json!({"reason": reason})));
    }
}

#[test]
fn without_a_config_in_force_the_number_decides() {
    let a = |version| Some(WantedAgent { agent_id: "a", version: Some(version) });
    for (configured, reason, revision) in [
        (Configured::Missing, "no_config", Value::Null),
        (Configured::Disabled { revision: 12 }, "config_disabled", json!(12)),
    ] {
        let answered = decision(json!({
            "action": "answer", "agent_id": "a", "version": 1, "source": "number", "reason": reason,
            "config_revision": revision,
        }));
        assert_eq!(without_plan(configured, a(1)), answered);
        let nobody = |reason: &str| decision(json!({"reason": reason, "config_revision": revision}));
        assert_eq!(without_plan(configured, None), nobody("number_unassigned"));
        assert_eq!(without_plan(configured, a(2)), nobody("agent_not_resolvable"));
    }
}
