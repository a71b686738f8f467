//! A call's way through the diagram.

use super::diagram::{Diagram, LEAF, Node, NumberNode, Target};
use crate::eval::{Facts, bucket};
use crate::phone::Number;
use crate::plan::{Party, TextField};
use std::sync::Arc;

/// The leaf that a call ends up at. Where the time matters, the call lies within the horizon.
pub(super) fn leaf_of(diagram: &Diagram, splits: &[(Arc<str>, bool)], facts: &Facts) -> usize {
    let party = |dialed: bool| if dialed { Party::Dialed } else { Party::Caller };
    let mut target = diagram.root;
    while target & LEAF == 0 {
        target = match &diagram.nodes[target as usize] {
            Node::Number(dialed, node) => by_number(node, facts.number(party(*dialed))),
            Node::Length(dialed, by_length) => match facts.number(party(*dialed)) {
                Number::E164(number) => by_length[number.length() as usize],
                Number::Withheld | Number::Local(_) => by_length[0],
            },
            Node::Text(is_trunk, listed, other) => {
                let text = facts.text(if *is_trunk { TextField::Trunk } else { TextField::Organization });
                listed.binary_search_by(|(listed, _)| (**listed).cmp(text)).map_or(*other, |at| listed[at].1)
            }
            Node::Switch(switch, on, off) => {
                if facts.is_on(*switch as usize) {
                    *on
                } else {
                    *off
                }
            }
            Node::Time(table, targets) => {
                let class = diagram.tables[*table as usize].class_at(facts.call.timestamp.as_second());
                targets[class as usize]
            }
            Node::Bucket(split, edges) => {
                let (name, by_caller) = &splits[*split as usize];
                let bucket = bucket(name, &facts.subject(*by_caller));
                edges[edges.partition_point(|(end, _)| *end <= bucket)].1
            }
        };
    }
    (target & !LEAF) as usize
}

fn by_number(node: &NumberNode, number: &Number) -> Target {
    match number {
        Number::E164(number) => match node.points.get(*number) {
            Some(target) => target,
            None => {
                let after = node.starts.partition_point(|start| *start <= number.key());
                node.targets[after.saturating_sub(1)]
            }
        },
        Number::Withheld => node.withheld,
        Number::Local(text) => {
            let listed = node.locals.binary_search_by(|(local, _)| (**local).cmp(text));
            listed.map_or(node.other_local, |at| node.locals[at].1)
        }
    }
}
