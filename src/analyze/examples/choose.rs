//! Few calls for many goals: time and again the one that meets the most of those that are left.

use super::goals::Goals;
use crate::call::Call;

/// A call that becomes an example.
pub(super) struct ChosenCall {
    pub call: Call,
    /// The goals that it meets and none before it does, by their places, in order.
    pub meets: Vec<usize>,
}

/// The calls for the goals that a plan's own examples do not meet, or for all; those that meet the
/// most come first.
pub(super) fn choose(goals: &Goals, all: bool) -> Vec<ChosenCall> {
    let mut left: Vec<usize> = (0..goals.goals.len()).filter(|at| all || !goals.is_met_already(*at)).collect();
    let mut calls: Vec<&Call> = Vec::new();
    // Of two that meet the same, the one at a boundary says more.
    let (sides, others): (Vec<usize>, Vec<usize>) = left.iter().partition(|at| goals.is_side(**at));
    for at in sides.into_iter().chain(others) {
        let call = &goals.goals[at].call;
        if !calls.contains(&call) {
            calls.push(call);
        }
    }
    let meets = |call: &Call| left.iter().copied().filter(|at| goals.is_met(&goals.goals[*at], call)).collect();
    let mut offered: Vec<(&Call, Vec<usize>)> = calls.into_iter().map(|call| (call, meets(call))).collect();
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
    chosen
}
