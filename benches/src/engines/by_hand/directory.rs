//! W3 by hand: a hash map of the dialed numbers, a hash set of the callers.

use super::Answer;
use crate::engine::{Build, Decide, Given, build};
use crate::workloads::directory::Directory;
use callplan::Call;
use hashbrown::{HashMap, HashSet};
use std::hash::BuildHasher;

pub fn build_maps<H: BuildHasher + Default + 'static>(directory: &Directory) -> Build<'_> {
    build(|| ByNumber::<H> {
        agents: directory.agents.clone(),
        lines: directory.lines.iter().cloned().collect(),
        blocked: directory.blocked.iter().cloned().collect(),
    })
}

struct ByNumber<H> {
    agents: Vec<String>,
    lines: HashMap<String, usize, H>,
    blocked: HashSet<String, H>,
}

impl<H: BuildHasher> Decide for ByNumber<H> {
    type Answer<'a>
        = Answer<'a>
    where
        H: 'a;

    fn decide<'a>(&'a mut self, call: &'a Call) -> Answer<'a> {
        if call.caller_number.as_ref().is_some_and(|caller| self.blocked.contains(caller)) {
            return Answer::REJECT;
        }
        match self.lines.get(&call.called_number) {
            Some(agent) => Answer::route(&self.agents[*agent]),
            None => Answer::FALLBACK,
        }
    }

    fn given(answer: Answer<'_>) -> Given {
        answer.given()
    }
}
