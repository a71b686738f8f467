//! W4 by hand: a trie of digits; the deepest row on the way of the caller's number answers.

use super::Answer;
use crate::engine::{Build, Decide, Given, build};
use crate::workloads::prefixes::Prefixes;
use callplan::Call;

pub fn build_trie(prefixes: &Prefixes) -> Build<'_> {
    build(|| Trie::new(prefixes))
}

struct Trie {
    agents: Vec<String>,
    nodes: Vec<Node>,
}

/// Children by the next digit, 0 where there is none; the root is nobody's child.
#[derive(Clone, Default)]
struct Node {
    children: [u32; 10],
    agent: Option<u16>,
}

impl Trie {
    fn new(prefixes: &Prefixes) -> Self {
        let mut nodes = vec![Node::default()];
        for (prefix, agent) in &prefixes.rows {
            let mut at = 0;
            for digit in prefix.bytes().skip(1) {
                let digit = usize::from(digit - b'0');
                if nodes[at].children[digit] == 0 {
                    nodes[at].children[digit] = nodes.len() as u32;
                    nodes.push(Node::default());
                }
                at = nodes[at].children[digit] as usize;
            }
            nodes[at].agent = Some(*agent as u16);
        }
        nodes.shrink_to_fit();
        Self { agents: prefixes.agents.clone(), nodes }
    }

    fn longest(&self, number: &str) -> Option<u16> {
        let digits = number.strip_prefix('+')?.bytes().map(|byte| usize::from(byte.wrapping_sub(b'0')));
        let (mut node, mut agent) = (&self.nodes[0], None);
        for digit in digits {
            match node.children.get(digit) {
                None | Some(0) => break,
                Some(child) => node = &self.nodes[*child as usize],
            }
            agent = node.agent.or(agent);
        }
        agent
    }
}

impl Decide for Trie {
    type Answer<'a> = Answer<'a>;

    fn decide<'a>(&'a mut self, call: &'a Call) -> Answer<'a> {
        let caller = call.caller_number.as_deref().unwrap_or_default();
        match self.longest(caller) {
            Some(agent) => Answer::route(&self.agents[usize::from(agent)]),
            None => Answer::FALLBACK,
        }
    }

    fn given(answer: Answer<'_>) -> Given {
        answer.given()
    }
}
