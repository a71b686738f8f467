//! Few calls for many goals: time and again the one that meets the most of those that are left.

use super::goals::Goals;
use crate::call::Call;

/// A call that becomes an example.
pub(super) struct ChosenCall {
    pub call: Call,
    /// The goals that it meets and none before it does, by their places, in order.
    pub meets: Vec<usize>,
}

/// The calls that become examples.
pub(super) struct Choice {
    /// Those that meet the most come first.
    pub chosen: Vec<ChosenCall>,
    /// How many aims went beyond the limits: it is not known which calls meet them.
    pub unknown: usize,
}

/// The calls for the goals that a plan's own examples do not meet, or for all.
pub(super) fn choose(goals: &Goals, all: bool) -> Choice {
    let mut left = Vec::new();
    for at in 0..goals.goals.len() {
        if !goals.can_ask() || all || !goals.is_met_already(at) {
            left.push(at);
        }
    }
    let mut calls: Vec<&Call> = Vec::new();
    // Of two that meet the same, the one at a boundary says more.
    let (sides, others): (Vec<usize>, Vec<usize>) = left.iter().partition(|at| goals.is_side(**at));
    for at in sides.into_iter().chain(others) {
        let call = &goals.goals[at].call;
        if !goals.can_ask() {
            break;
        }
        // It is compared with all of them.
        goals.replay.spend(calls.len());
        if !calls.contains(&call) {
            calls.push(call);
        }
    }
    let meets = |call: &Call| left.iter().copied().filter(|at| goals.is_met(&goals.goals[*at], call)).collect();
    let calls = calls.into_iter().take_while(|_| goals.can_ask());
    let mut offered: Vec<(&Call, Vec<usize>)> = calls.map(|call| (call, meets(call))).collect();
    let mut chosen = Vec::new();
    while !left.is_empty() {
        // Of equals the first.
        let best = (0..offered.len()).rev().max_by_key(|at| offered[*at].1.len());
        let Some((call, meets)) = best.map(|at| offered.remove(at)).filter(|(_, meets)| !meets.is_empty()) else {
            break;
        };
        left.retain(|at| meets.binary_search(at).is_err());
        offered.iter_mut().for_each(|(_, others)| others.retain(|at| meets.binary_search(at).is_err()));
        chosen.push(ChosenCall { call: call.clone(), meets });
    }
    let mut aims: Vec<usize> = left.iter().map(|at| goals.goals[*at].aim).collect();
    aims.dedup();
    Choice { chosen, unknown: if goals.can_ask() { 0 } else { aims.len() } }
}
