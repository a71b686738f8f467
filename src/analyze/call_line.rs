//! A call in the words of an example: *call from +14155550100 to +18005550100 at 2026-03-01 12:00*.

use crate::call::Call;
use crate::eval::shown_time;
use crate::fields::{Attestation, Party, TextField};
use crate::phone::Number;
use crate::plan::CheckedPlan;
use crate::schedule::Zone;
use crate::syntax::quoted;

/// A call as an example writes it, on the plan's clock.
pub fn call_line(plan: &CheckedPlan, call: &Call) -> String {
    call_line_in(plan, call, None)
}

/// A call as an example writes it, on the clock of a zone that it names; without one, on the
/// plan's. What an example cannot write is left out.
pub(super) fn call_line_in(plan: &CheckedPlan, call: &Call, zone: Option<&Zone>) -> String {
    let number = |text: &str| match Number::read(text) {
        Number::Local(text) => quoted(text),
        number @ (Number::Withheld | Number::E164(_)) => number.to_string(),
    };
    let caller = number(call.caller_number.as_deref().unwrap_or_default());
    let mut line = format!("call from {caller} to {}", number(&call.called_number));
    for (words, party) in [("diverted from", Party::Diverted), ("asserted", Party::Asserted)] {
        if let Some(text) = call.number(party) {
            line.push_str(&format!(" {words} {}", number(text)));
        }
    }
    // One that comes with the caller's address is unknown to an example, which writes the number.
    if call.attestation() != Attestation::Unknown {
        line.push_str(&format!(" attested {}", call.attestation().word()));
    }
    for field in [TextField::CallerName, TextField::Trunk, TextField::Organization] {
        if let Some((words, text)) = field.in_examples().zip(call.text(field)) {
            line.push_str(&format!(" {words} {}", quoted(text)));
        }
    }
    let moment = zone.unwrap_or(plan.zone()).read(call.timestamp);
    line.push_str(&format!(" at {} {}", moment.date, shown_time(moment.minute)));
    if let Some(zone) = zone {
        line.push_str(&format!(" in {}", zone.name()));
    }
    let attributes = plan.definitions.attributes.iter().filter_map(|attribute| {
        let text = call.attribute(&attribute.header)?;
        (!text.is_empty()).then(|| format!("{} {}", attribute.name, quoted(text)))
    });
    let with: Vec<String> = attributes.chain(call.switches.iter().map(|switch| format!("{switch} on"))).collect();
    if !with.is_empty() {
        line.push_str(&format!(" with {}", with.join(", ")));
    }
    line
}
