//! The outputs of rules, for engines that only say which rule applies: their users keep the outputs
//! beside the rules.
#![cfg_attr(not(feature = "peers"), allow(dead_code, reason = "each peer needs a part of it"))]

use crate::engine::Given;
use crate::workloads::lines::Lines;
use callplan::Outcome;
use serde_json::{Map, Value, json};

#[derive(Default)]
pub struct Output {
    agent: Option<String>,
    version: Option<u32>,
    /// `{caller}` stands for the caller's number.
    context: String,
    metadata: Option<Map<String, Value>>,
    rejects: bool,
}

impl Output {
    pub fn reject() -> Self {
        Self { rejects: true, ..Self::default() }
    }

    pub fn route(agent: &str) -> Self {
        Self { agent: Some(agent.to_owned()), ..Self::default() }
    }

    /// The context with the caller in it, made for each call as the other engines do.
    pub fn context(&self, caller: &str) -> Option<String> {
        self.context.contains("{caller}").then(|| self.context.replace("{caller}", caller))
    }

    pub fn given(&self, context: Option<String>) -> Given {
        Given {
            outcome: match (&self.agent, self.rejects) {
                (Some(_), _) => Outcome::Route,
                (None, true) => Outcome::Reject,
                (None, false) => Outcome::Fallback,
            },
            agent_id: self.agent.clone(),
            version: self.version,
            context: context.unwrap_or_else(|| self.context.clone()),
            metadata: self.metadata.clone(),
        }
    }
}

/// The outputs of the ten rules of W1.
pub fn of_office() -> Vec<Output> {
    let rule = |agent: &str, version, context: &str, metadata: Value| Output {
        version,
        context: context.to_owned(),
        metadata: metadata.as_object().cloned(),
        ..Output::route(agent)
    };
    let messages = "e3d0b6a4-7f1c-4f0e-8f3a-2a8d1c9b5e60";
    vec![
        Output::reject(),
        rule(
            "5c11d3c2-1d2f-4d53-8f0a-3c6f3b0b9a77",
            Some(12),
            "A VIP is calling: {caller}.",
            json!({ "tier": "vip", "priority": 1, "tags": ["inbound", "vip"] }),
        ),
        rule("99b9bfd0-eaaf-42de-96a7-3b17a317d042", None, "", json!({ "line": "emergency", "priority": 0 })),
        rule(messages, None, "All lines of the front desk are busy.", Value::Null),
        rule("bb66519d-f01d-4a37-a409-bf61e5ae8b30", None, "", json!({ "line": "sales", "priority": 2 })),
        rule(
            messages,
            None,
            "The sales team calls back when the office opens.",
            json!({ "line": "sales", "callback": true }),
        ),
        rule(
            "58e5ce59-7ca4-41eb-b73a-c1a80a810cc9",
            Some(3),
            "The caller dialed the support line.",
            json!({ "line": "support", "priority": 2 }),
        ),
        rule("b17bcf1a-328d-4676-8e84-6892fc25eb21", None, "The caller may prefer Spanish.", Value::Null),
        Output::route("0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11"),
        rule(messages, None, "The office is closed.", Value::Null),
    ]
}

/// The outputs of a workload of lines; the last one is for calls that no rule takes.
pub fn of_lines(lines: &Lines) -> Vec<Output> {
    let rules = lines.rules.iter().map(|rule| Output {
        context: rule.context.clone().unwrap_or_default(),
        metadata: rule.metadata.clone(),
        ..Output::route(&lines.agents[rule.agent])
    });
    rules.chain([Output::route(&lines.agents[lines.otherwise])]).collect()
}

/// An output for each agent, in their order; then rejection, then fallback.
pub fn of_agents(agents: &[String]) -> Vec<Output> {
    agents.iter().map(|agent| Output::route(agent)).chain([Output::reject(), Output::default()]).collect()
}
