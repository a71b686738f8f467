//! The effects in words: one sentence, and the warnings.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::compared::Compared;
use callplan::analyze::diff::ended::{CallEnding, EndingChange};
use callplan_service::routing::{Directory, Reason};

/// The names of agents, by id.
pub type Names = HashMap<String, String>;

/// Something that a person should know before they make the change.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EffectsWarning)]
pub struct Warning {
    /// What it is about.
    #[schema(value_type = crate::api::words::EffectsWarningWord)]
    code: &'static str,
    /// What it says.
    message: &'static str,
}

/// The codes of warnings.
pub const WARNINGS: [&str; 5] = [
    "nobody-answers",
    "agent-not-resolvable",
    "number-unassigned",
    "fallback-not-resolvable",
    "numbers-read-otherwise",
];

/// What is said where no call changes.
pub const SAME: &str = "Every call ends as before.";
/// What is said where no call changes of those that are compared.
pub const READS_OTHERWISE: &str = "Every call whose numbers are read as before ends as before.";
/// What is said where it is not known which calls change.
pub const UNDECIDED: &str =
    "Which calls end differently could not be worked out: there is too much to compare within the limits.";

/// The largest change in a sentence, and how many there are beside it.
pub fn text(compared: &Compared, changes: &[EndingChange], names: &Names) -> String {
    let Some(first) = changes.first() else { return SAME.to_owned() };
    let calls = match first.calls.as_slice() {
        [] => "some calls".to_owned(),
        // Hours are a part of the sentence between commas.
        [only] if !first.has_more && only.hours.is_some() => format!("{only},"),
        [only] if !first.has_more => only.to_string(),
        [one, ..] => format!("{one}, and others,"),
    };
    let others = match changes.len() - 1 {
        0 => ".".to_owned(),
        1 => ", and other calls change in 1 other way.".to_owned(),
        more => format!(", and other calls change in {more} other ways."),
    };
    let sentence = format!("{}{calls} {}{others}", setting(compared), becomes(first, names));
    capitalized(&sentence)
}

/// Whether the change switches the plan on or off.
fn setting(compared: &Compared) -> &'static str {
    let is_on = |state: &super::states::State| state.organization.deciding().is_some();
    match (is_on(&compared.before), is_on(&compared.after)) {
        (true, false) => "with the plan off, ",
        (false, true) => "with the plan on, ",
        (true, true) | (false, false) => "",
    }
}

fn becomes(change: &EndingChange, names: &Names) -> String {
    let (was, now) = (&change.way.was, &change.way.now);
    if !change.way.is_decision {
        return format!("go to {} as before, with another context, metadata or skip", agent(now, names));
    }
    match (&was.agent, &now.agent) {
        (Some(_), Some(_)) => format!("go to {} instead of {}", agent(now, names), agent(was, names)),
        (Some(_), None) => format!("are cut off instead of going to {}", agent(was, names)),
        (None, Some(_)) => format!("go to {} instead of being cut off", agent(now, names)),
        (None, None) => "are cut off as before, for another reason".to_owned(),
    }
}

fn agent(ending: &CallEnding, names: &Names) -> String {
    match &ending.agent {
        Some((id, version)) => format!("{} (version {version})", names.get(id).unwrap_or(id)),
        None => "nobody".to_owned(),
    }
}

fn capitalized(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The warnings about what the change brings: calls that are cut off from then on, a fallback agent
/// that cannot answer, and numbers that are read in another way.
pub fn warnings(compared: &Compared, changes: &[EndingChange], reads_otherwise: bool) -> Vec<Warning> {
    let is_cut_off = |reason: Reason| {
        let ends_so =
            |change: &EndingChange| change.way.now.agent.is_none() && change.way.now.reason == Some(reason.name());
        changes.iter().any(|change| change.way.is_decision && ends_so(change))
    };
    let found = [
        is_cut_off(Reason::NoDecision).then_some((WARNINGS[0], "Calls that get no decision are cut off.")),
        is_cut_off(Reason::AgentNotResolvable)
            .then_some((WARNINGS[1], "Calls to an agent that cannot answer are cut off.")),
        is_cut_off(Reason::NumberUnassigned)
            .then_some((WARNINGS[2], "Calls to a number without an agent of its own are cut off.")),
        (has_dead_fallback(&compared.after) && !has_dead_fallback(&compared.before))
            .then_some((WARNINGS[3], "The fallback agent cannot answer calls.")),
        reads_otherwise.then_some((
            WARNINGS[4],
            "Numbers without `+` are read in another way. Compared are calls whose numbers are read as before.",
        )),
    ];
    found.into_iter().flatten().map(|(code, message)| Warning { code, message }).collect()
}

fn has_dead_fallback(state: &super::states::State) -> bool {
    let fallback = state.organization.deciding().and_then(|config| config.fallback());
    fallback.is_some_and(|agent| state.organization.resolve(agent.agent_id, agent.version).is_none())
}
