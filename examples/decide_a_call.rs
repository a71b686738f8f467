//! Compiles a plan and decides a call with only the library: `cargo run --package callplan
//! --example decide_a_call`.

use callplan::{Call, Source, compile};

const PLAN: &str = r#"
agent frontdesk = "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11"
rule "Withheld numbers" when caller is anonymous { reject "We only answer callers with a number." }
context "A caller from {caller.country}."
route to frontdesk
"#;

fn main() {
    let plan = compile(&Source::new("office", PLAN)).unwrap_or_else(|problems| panic!("{problems:?}"));
    let at = "2026-03-01T17:00:00Z".parse().expect("an instant");
    let call = Call::new("+18005550100", at);
    for call in [call.clone().with_caller("+1 (415) 555-0100"), call] {
        let decision = plan.decide(&call);
        println!("{} {}", decision.outcome.name(), decision.output.agent_id.unwrap_or_default());
    }
}
