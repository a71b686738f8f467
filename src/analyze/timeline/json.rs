//! A timeline as data. The order of keys is the order of the fields here, and is part of the form.

use super::{Ending, OutcomePeriod, OutcomeShare, Timeline};
use crate::call::{Call, CallTexts};
use crate::plan::CheckedPlan;
use serde::Serialize;

/// What a timeline says, for scripts and services: instants are in UTC, as RFC 3339 has them.
pub fn data<'a>(plan: &'a CheckedPlan, call: &'a Call, timeline: &'a Timeline) -> impl Serialize + 'a {
    let stretch = |stretch: &OutcomePeriod| StretchData {
        from: stretch.from.to_string(),
        until: stretch.until.to_string(),
        outcome: match &timeline.outcomes[stretch.outcome].chances[..] {
            [only] => OutcomeData::Only(EndingData::from(&only.ending)),
            several => OutcomeData::Several { outcomes: several.iter().map(ChanceData::from).collect() },
        },
    };
    TimelineData {
        plan: plan.source().name(),
        zone: plan.zone().name(),
        call: CallData {
            caller_number: call.caller_number.as_deref(),
            called_number: &call.called_number,
            texts: CallTexts(call),
            switches: &call.switches,
        },
        from: timeline.from.to_string(),
        until: timeline.until.to_string(),
        stretches: timeline.stretches.iter().map(stretch).collect(),
    }
}

#[derive(Serialize)]
struct TimelineData<'a> {
    plan: &'a str,
    zone: &'a str,
    call: CallData<'a>,
    from: String,
    until: String,
    stretches: Vec<StretchData<'a>>,
}

#[derive(Serialize)]
struct CallData<'a> {
    caller_number: Option<&'a str>,
    called_number: &'a str,
    #[serde(flatten)]
    texts: CallTexts<'a>,
    switches: &'a [String],
}

#[derive(Serialize)]
struct StretchData<'a> {
    from: String,
    until: String,
    #[serde(flatten)]
    outcome: OutcomeData<'a>,
}

/// One outcome stands in the stretch itself; several, by splits, in a list.
#[derive(Serialize)]
#[serde(untagged)]
enum OutcomeData<'a> {
    Only(EndingData<'a>),
    Several { outcomes: Vec<ChanceData<'a>> },
}

#[derive(Serialize)]
struct ChanceData<'a> {
    percent: serde_json::Value,
    #[serde(flatten)]
    ending: EndingData<'a>,
}

#[derive(Serialize)]
struct EndingData<'a> {
    decision: &'static str,
    agent_id: Option<&'a str>,
    version: Option<u32>,
    rule: Option<&'a str>,
    line: Option<usize>,
}

impl<'a> From<&'a OutcomeShare> for ChanceData<'a> {
    fn from(chance: &'a OutcomeShare) -> Self {
        Self { percent: chance.share.percent().into(), ending: EndingData::from(&chance.ending) }
    }
}

impl<'a> From<&'a Ending> for EndingData<'a> {
    fn from(ending: &'a Ending) -> Self {
        Self {
            decision: ending.verdict.name(),
            agent_id: ending.agent_id.as_deref(),
            version: ending.version,
            rule: ending.rule.as_deref(),
            line: ending.line,
        }
    }
}
