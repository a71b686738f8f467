//! A call is decided by one state of its organization, and the decision is typed.

use std::time::Duration;

use callplan::Call;
use callplan_service::calls::{Decided, decide};
use callplan_service::live::Live;
use callplan_service::routing::{Action, DecisionSource, Reason};
use callplan_service::store::{
    Access, AgentId, Config, ConfigId, Fields, LiveAgent, LiveNumber, LiveOrganization, OrganizationId,
};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;

const PLAN: &str = "rule \"Desk\" {\n  context \"Hello.\"\n  metadata { tier: 1.10 }\n  route to \"AGENT\"\n}\n";
/// Longer than any plan takes.
const MINUTE: Duration = Duration::from_secs(60);

fn now() -> Timestamp {
    "2026-03-01T17:00:00.000123Z".parse().expect("an instant")
}

fn agent() -> AgentId {
    AgentId::from_bytes([3; 16])
}

/// An organization with an agent that a number is assigned to, and with a plan, if there is one.
fn organization(number: u8, plan: Option<&str>, enabled: bool) -> LiveOrganization {
    let id = OrganizationId::from_bytes([number; 16]);
    let config = plan.map(|plan| Config {
        id: ConfigId::from_bytes([number; 16]),
        organization_id: id,
        revision: 7,
        fields: Fields {
            workflow_definition: plan.replace("AGENT", &agent().to_string()),
            fallback_agent_id: None,
            fallback_agent_version: None,
            enabled,
            diagnostics: "[]".to_owned(),
        },
        created_at: now(),
        updated_at: now(),
    });
    let assigned = LiveNumber { phone_number: "+18005550100".to_owned(), assigned: Some((agent(), 1)) };
    let agent = LiveAgent { id: agent(), active: true, published: vec![1, 2], drafts: Vec::new() };
    LiveOrganization { id, stamp: 1, config, switches: Vec::new(), agents: vec![agent], numbers: vec![assigned] }
}

/// The decision of a call to an organization. There is a second organization beside it.
fn decided(organization: LiveOrganization, timeout: Duration) -> Decided {
    let id = organization.id;
    let other = self::organization(9, Some("reject"), true);
    let nobody = Access {
        stamp: 0,
        clock: None,
        organizations: vec![],
        users: vec![],
        memberships: vec![],
        keys: vec![],
        limits: vec![],
    };
    let live = Live::new(vec![organization, other], &nobody, Date::constant(2026, 3, 1));
    let state = live.state(id).expect("it is there");
    let decided = decide(&state, &Call::new("+18005550100", now()), now(), timeout);
    assert_eq!((decided.organization, decided.id.created_at()), (id, now()));
    decided
}

#[test]
fn an_answer_has_the_id_and_then_the_decision() {
    let decided = decided(organization(1, Some(PLAN), true), MINUTE);
    let expected = json!({
        "id": decided.id.to_string(), "action": "answer", "agent_id": agent().to_string(), "version": 2,
        "initial_context": "Hello.", "custom_metadata": {"tier": 1.10}, "skip_pre_conversation_workflow": false,
        "source": "workflow", "reason": null, "rule": "Desk", "config_revision": 7,
    });
    assert_eq!(serde_json::to_string(&decided).expect("JSON"), expected.to_string());
    assert!(decided.decision.is_shared, "nothing in it was made for this call");
}

#[test]
fn without_a_config_in_force_the_number_decides() {
    for (plan, enabled, reason) in [(None, true, Reason::NoConfig), (Some(PLAN), false, Reason::ConfigDisabled)] {
        let decision = decided(organization(1, plan, enabled), MINUTE).decision;
        assert_eq!((decision.action, decision.source), (Action::Answer, DecisionSource::Number));
        assert_eq!(decision.reason, Some(reason));
        assert_eq!(decision.agent, Some((agent().to_string().into(), 1)));
    }
}

#[test]
fn a_timeout_wins_over_what_the_plan_says_and_over_a_plan_that_is_none_any_more() {
    for plan in [PLAN, "this is no plan"] {
        let late = decided(organization(1, Some(plan), true), Duration::ZERO).decision;
        assert_eq!((late.action, late.reason), (Action::Disconnect, Some(Reason::WorkflowTimeout)));
    }
    let broken = decided(organization(1, Some("this is no plan"), true), MINUTE).decision;
    assert_eq!((broken.action, broken.reason), (Action::Disconnect, Some(Reason::WorkflowFailed)));
}
