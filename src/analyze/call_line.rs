//! A call in the words of an example: *call from +14155550100 to +18005550100 at 2026-03-01 12:00*.

use crate::call::Call;
use crate::eval::shown_time;
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
    for (field, text) in call.texts().filter(|(field, _)| field.is_in_examples()) {
        let (preposition, noun) = field.in_words();
        line.push_str(&format!(" {preposition} {noun} {}", quoted(text)));
    }
    let moment = zone.unwrap_or(plan.zone()).read(call.timestamp);
    line.push_str(&format!(" at {} {}", moment.date, shown_time(moment.minute)));
    if let Some(zone) = zone {
        line.push_str(&format!(" in {}", zone.name()));
    }
    if !call.switches.is_empty() {
        let on: Vec<String> = call.switches.iter().map(|switch| format!("{switch} on")).collect();
        line.push_str(&format!(" with {}", on.join(", ")));
    }
    line
}
