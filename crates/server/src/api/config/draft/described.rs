//! The JSON that the library writes, described for the OpenAPI document: the changes of a diff, and
//! the stretches of a timeline. A test of the API holds each answer to it.
#![expect(dead_code, reason = "these types describe what `callplan::analyze` writes")]

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::api::words::{ChangeWord, EndingWord};

/// Calls that both plans decide differently, in the same way.
#[derive(Debug, Serialize, ToSchema)]
pub struct DiffChange {
    /// Whether who answers changes, or only what they get.
    #[schema(value_type = ChangeWord)]
    changes: String,
    /// What the earlier plan decides.
    was: Ending,
    /// What the later plan decides.
    now: Ending,
    /// The calls, as sets.
    calls: Vec<CallSet>,
    /// Whether there are more sets than are listed.
    has_more_calls: bool,
    /// How much of a week an ordinary call would be one of these, as a share of the time; null if
    /// it cannot be computed.
    #[schema(required)]
    share: Option<f64>,
    /// One of the calls; null where none was found.
    #[schema(required)]
    witness: Option<Witness>,
}

/// Where a plan's text sends a call, before it is known which agents can answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ending {
    /// Where the text sends the call.
    #[schema(value_type = EndingWord)]
    decision: String,
    /// The agent, as the plan names it.
    #[schema(required)]
    agent_id: Option<String>,
    /// Its version, where the plan names one.
    #[schema(required)]
    version: Option<u32>,
    /// The rule that decides.
    #[schema(required)]
    rule: Option<String>,
    /// Its line; null where no statement decides.
    #[schema(required)]
    line: Option<usize>,
}

/// A set of calls. A null field stands for all values.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallSet {
    /// In words.
    text: String,
    /// Who calls.
    #[schema(required)]
    callers: Option<NumberSet>,
    /// What is dialed.
    #[schema(required)]
    dialed: Option<NumberSet>,
    /// On which trunk.
    #[schema(required)]
    trunk: Option<TextSet>,
    /// Of which organization.
    #[schema(required)]
    organization: Option<TextSet>,
    /// Which numbers the callers' carriers assert.
    #[schema(required)]
    caller_asserted: Option<NumberSet>,
    /// Who sent them on.
    #[schema(required)]
    diverted_from: Option<NumberSet>,
    /// How far the callers' numbers are vouched for; empty is in any way.
    attestations: Vec<String>,
    /// Which names the callers show.
    #[schema(required)]
    caller_name: Option<TextSet>,
    /// Which attributes they have, by the plan's names; others may be any.
    attributes: BTreeMap<String, TextSet>,
    /// Switches that are on or off; others are either.
    switches: BTreeMap<String, bool>,
    /// When, in words.
    #[schema(required)]
    hours: Option<String>,
    /// When, in words and as a rule.
    #[schema(required)]
    when: Option<RecurringTimes>,
    /// The percent of callers of each split.
    splits: BTreeMap<String, f64>,
}

/// Recurring times, on the plan's clock.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecurringTimes {
    /// In words: `Mon-Fri 17:00-18:00, 7 December to 4 April, but not on 25 and 26 December`.
    text: String,
    /// One stretch of time, if that is all; `rule` is then empty.
    #[schema(required)]
    stretch: Option<TimeStretch>,
    /// Hours, and the days that have them. No day is in two of them.
    rule: Vec<RecurringHours>,
    /// The first day with such a time.
    #[schema(required)]
    first: Option<String>,
    /// How many days have such a time.
    count: usize,
    /// Of how many days the rule does not say exactly when; 0 where it tells all.
    more: usize,
}

/// One stretch of time. A null end is that of the period.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimeStretch {
    /// `2026-12-07 08:00`
    #[schema(required)]
    from: Option<String>,
    /// `2027-04-05 00:00`, not in it.
    #[schema(required)]
    until: Option<String>,
}

/// Hours, and the days that have them.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecurringHours {
    /// The days, by the rule that makes them.
    days: DaysByRule,
    /// The first day on which the rule counts.
    #[schema(required)]
    from: Option<String>,
    /// The last day on which the rule counts.
    #[schema(required)]
    until: Option<String>,
    /// From a time of day up to another: `["17:00", "18:00"]`.
    hours: Vec<[String; 2]>,
    /// Days of the rule that are left out.
    except: Vec<DaysByRule>,
    /// Days that are added.
    also: Vec<DaysByRule>,
    /// How many further days are left out or added.
    more: usize,
}

/// Days by the rule that makes them. What the kind does not need is left out.
#[derive(Debug, Serialize, ToSchema)]
pub struct DaysByRule {
    /// `weekdays`, `each_year`, `counted`, `every_weeks`, `named` or `dates`.
    kind: String,
    /// Days of the week, such as `mon`.
    #[schema(required = false)]
    weekdays: Vec<String>,
    /// The first and the last day: `12-07` of a year, or dates.
    #[schema(required = false)]
    span: Vec<String>,
    /// Single days: `12-25` of a year, or dates.
    #[schema(required = false)]
    days: Vec<String>,
    /// Which of the weekdays of a month: `first` to `fifth`, or `last`.
    #[schema(required = false)]
    which: String,
    /// The months in which weekdays are counted, such as `jan`.
    #[schema(required = false)]
    months: Vec<String>,
    /// Each so many weeks.
    #[schema(required = false)]
    weeks: u8,
    /// A day of one of these weeks.
    #[schema(required = false)]
    week_of: String,
    /// A set of days of the plan.
    #[schema(required = false)]
    name: String,
}

/// A set of numbers.
#[derive(Debug, Serialize, ToSchema)]
pub struct NumberSet {
    /// Whether it is all numbers but these.
    all_but: bool,
    /// Lists of the plan.
    names: Vec<String>,
    /// Patterns.
    listed: Vec<String>,
    /// Patterns that are not in it after all.
    #[schema(required = false)]
    except: Vec<String>,
    /// There; where it is no number at all.
    #[schema(required = false)]
    none: bool,
    /// In words.
    text: String,
}

/// A set of texts.
#[derive(Debug, Serialize, ToSchema)]
pub struct TextSet {
    /// Whether it is all texts but these; with `having`, all of those but these.
    all_but: bool,
    /// The texts.
    listed: Vec<String>,
    /// What they have in them: all of one of these lists.
    #[schema(required = false)]
    having: Vec<Vec<TextPattern>>,
    /// Texts that are in it, whatever they have in them.
    #[schema(required = false)]
    and: Vec<String>,
}

/// What a text has in it, or has not.
#[derive(Debug, Serialize, ToSchema)]
pub struct TextPattern {
    /// `contains` or `starts with`.
    place: String,
    /// One of these, in small letters.
    texts: Vec<String>,
    /// Whether it has one of them.
    has: bool,
}

/// A call, and what both plans give it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Witness {
    /// The call. `simulate` takes it as it is.
    call: WitnessCall,
    /// What the earlier plan gives it.
    was: PlanOutput,
    /// What the later plan gives it.
    now: PlanOutput,
}

/// A call with its organization and the switches that are on; all others are off.
#[derive(Debug, Serialize, ToSchema)]
pub struct WitnessCall {
    /// Who calls.
    #[schema(required)]
    caller_number: Option<String>,
    /// Which number is dialed.
    called_number: String,
    /// On which trunk.
    #[schema(required)]
    trunk_id: Option<String>,
    /// Of which organization.
    #[schema(required)]
    organization_id: Option<String>,
    /// Which name the caller shows.
    #[schema(required)]
    caller_name: Option<String>,
    /// The number that the caller's carrier asserts.
    #[schema(required)]
    caller_asserted: Option<String>,
    /// Who sent the call on.
    #[schema(required)]
    diverted_from: Option<String>,
    /// How far the caller's number is vouched for.
    #[schema(required)]
    attestation: Option<String>,
    /// What else the call brings, by name.
    attributes: BTreeMap<String, String>,
    /// When.
    #[schema(format = DateTime)]
    timestamp: String,
    /// The switches that are on.
    switches: Vec<String>,
}

/// A call of the log with the switches that were on; all others were off. `simulate` accepts it in
/// this form.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallWithSwitches {
    /// Who called.
    #[schema(required)]
    caller_number: Option<String>,
    /// Which number was dialed.
    called_number: String,
    /// On which trunk.
    #[schema(required)]
    trunk_id: Option<String>,
    /// Which name the caller shows.
    #[schema(required)]
    caller_name: Option<String>,
    /// The number that the caller's carrier asserts.
    #[schema(required)]
    caller_asserted: Option<String>,
    /// Who sent the call on.
    #[schema(required)]
    diverted_from: Option<String>,
    /// How far the caller's number is vouched for.
    #[schema(required)]
    attestation: Option<String>,
    /// What else the call brings, by name.
    attributes: BTreeMap<String, String>,
    /// When.
    #[schema(format = DateTime)]
    timestamp: String,
    /// The switches that were on.
    switches: Vec<String>,
}

/// What a plan's text gives a call, before it is known which agents can answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanOutput {
    /// Whether the call is rejected.
    reject: bool,
    /// The agent, as the plan names it.
    #[schema(required)]
    agent_id: Option<String>,
    /// Its version, where the plan names one.
    #[schema(required)]
    version: Option<u32>,
    /// Paragraphs for the agent.
    initial_context: String,
    /// The plan's metadata for the conversation.
    #[schema(required, value_type = Option<Object>)]
    custom_metadata: Option<serde_json::Value>,
    /// Whether the pre-conversation workflow is skipped.
    skip_pre_conversation_workflow: bool,
}

/// The call of a timeline.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineCall {
    /// The caller; one that was chosen, if the request named none.
    #[schema(required)]
    caller_number: Option<String>,
    /// Which number is dialed.
    called_number: String,
    /// On which trunk.
    #[schema(required)]
    trunk_id: Option<String>,
    /// Of which organization.
    #[schema(required)]
    organization_id: Option<String>,
    /// Which name the caller shows.
    #[schema(required)]
    caller_name: Option<String>,
    /// The number that the caller's carrier asserts.
    #[schema(required)]
    caller_asserted: Option<String>,
    /// Who sent the call on.
    #[schema(required)]
    diverted_from: Option<String>,
    /// How far the caller's number is vouched for.
    #[schema(required)]
    attestation: Option<String>,
    /// What else the call brings, by name.
    attributes: BTreeMap<String, String>,
    /// The switches that are on.
    switches: Vec<String>,
}

/// A time in which the outcome does not change.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = TimelineStretch)]
pub enum Stretch {
    /// All calls have the same outcome.
    #[schema(title = "StretchOfOne")]
    One(StretchOfOne),
    /// Splits by call send shares of the calls to several outcomes.
    #[schema(title = "StretchOfSeveral")]
    Several(StretchOfSeveral),
}

/// A time in which all calls have the same outcome.
#[derive(Debug, Serialize, ToSchema)]
pub struct StretchOfOne {
    /// The first instant.
    #[schema(format = DateTime)]
    from: String,
    /// The instant after the last.
    #[schema(format = DateTime)]
    until: String,
    #[serde(flatten)]
    ending: Ending,
}

/// A time in which shares of the calls have different outcomes.
#[derive(Debug, Serialize, ToSchema)]
pub struct StretchOfSeveral {
    /// The first instant.
    #[schema(format = DateTime)]
    from: String,
    /// The instant after the last.
    #[schema(format = DateTime)]
    until: String,
    /// Each outcome with its share.
    outcomes: Vec<Chance>,
}

/// The outcome of a share of the calls.
#[derive(Debug, Serialize, ToSchema)]
pub struct Chance {
    /// The share, in percent.
    percent: f64,
    #[serde(flatten)]
    ending: Ending,
}
