//! One call that somebody tried, as an example that expects what the plan does with it now.

use super::words::plain;
use super::write::{ExampleBlock, decision_words, metadata_words, unlike};
use crate::call::{Call, Decision};
use crate::eval::{self, Facts, shown_time, weekday_word};
use crate::fields::TextField;
use crate::plan::{CheckedPlan, Party};
use crate::schedule::Zone;
use crate::syntax::quoted;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;

/// A call as an `example` block of a plan, in the layout. An example has a time to the minute and
/// no organization: it is that call which is decided, and the block says all that comes of it.
/// Without a name it is called by the rule that decides and by who calls; where the plan has an
/// example of this name, by that and a number.
pub fn of_call(plan: &CheckedPlan, call: &Call, name: Option<&str>) -> String {
    let (timestamp, zone) = to_the_minute(plan.zone(), call.timestamp);
    let call = Call { timestamp, ..with_texts_of_examples(call) };
    let decision = eval::decide(plan, &call);
    let name = name.map_or_else(|| own_name(plan, &call, &decision), str::to_owned);
    let mut names: HashSet<String> = plan.examples.iter().map(|example| example.name.clone()).collect();
    let name = unlike(name, &mut names);
    let expected = expectations(plan, &decision);
    super::write::laid_out(
        &ExampleBlock { name: &name, call: &call, zone: zone.as_ref(), expected: &expected }.text(plan),
    )
}

/// The first instant of the minute, as an example of a plan in this zone says it, which may have to
/// name another zone: where the clock shows a time twice, an example means the first.
fn to_the_minute(zone: &Zone, at: Timestamp) -> (Timestamp, Option<Zone>) {
    let is_of = |start: &Timestamp| (0..60).contains(&at.duration_since(*start).as_secs());
    match zone.instant(zone.read(at)).ok().filter(is_of) {
        Some(start) => (start, None),
        None => {
            let start = at - SignedDuration::from_secs(at.as_second().rem_euclid(60));
            (start - SignedDuration::from_nanos(start.subsec_nanosecond().into()), Some(Zone::UTC))
        }
    }
}

fn own_name(plan: &CheckedPlan, call: &Call, decision: &Decision) -> String {
    let caller = super::words::shown(Facts::of(call, &plan.definitions).own_number(Party::Caller));
    let moment = plan.zone().read(call.timestamp);
    let (weekday, time) = (weekday_word(moment.weekday()), shown_time(moment.minute));
    let call = format!("{caller} on {weekday} {} at {time}", moment.date);
    plain(&match &decision.rule {
        Some(rule) => format!("{rule}: {call}"),
        None => call,
    })
}

/// All that comes of a call.
fn expectations(plan: &CheckedPlan, decision: &Decision) -> Vec<String> {
    let output = &decision.output;
    let mut expected = vec![decision_words(plan, decision, true)];
    if !output.initial_context.is_empty() {
        expected.push(format!("context {}", quoted(&output.initial_context)));
    }
    let held = output.custom_metadata.iter().flatten();
    let members: Vec<String> = held.map(|(key, value)| format!("{key}: {}", metadata_words(value))).collect();
    if !members.is_empty() {
        expected.push(format!("metadata {{ {} }}", members.join(", ")));
    }
    if output.skip_pre_conversation_workflow {
        expected.push("skip pre_conversation_workflow".to_owned());
    }
    expected
}

/// The call with the texts that an example can write; an example leaves out what is empty.
pub(super) fn with_texts_of_examples(call: &Call) -> Call {
    let mut call = call.clone();
    for field in TextField::ALL {
        let text = call.text_mut(field);
        *text = text.take().filter(|text| field.in_examples().is_some() && !text.is_empty());
    }
    call
}
