//! The diagram as calls walk it: all nodes in a few flat lists, with what finds the class of a call
//! on each axis. A call is asked at most one thing on each axis, so it passes few nodes however
//! many there are.

use super::axes::{Axes, Axis};
use super::classes::{Class, NumberClasses};
use super::diagram::{Diagram, DiagramEdge, DiagramNode, LEAF, NodeOrLeaf, NodeQuestion};
use super::numbers::NumberIndex;
use super::program::Program;
use super::table::DayTable;
use super::text_classes::TextClasses;
use crate::call::Call;
use crate::eval::{Facts, bucket_of};
use crate::fields::{ByTextField, Party, TextField};
use crate::phone::Number;
use crate::plan::Definitions;
use std::sync::Arc;

/// A diagram packed for lookups.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct PackedDiagram {
    root: NodeOrLeaf,
    nodes: Box<[PackedNode]>,
    edges: Box<[DiagramEdge]>,
    /// For nodes that have a target for each class.
    targets: Box<[NodeOrLeaf]>,
    dialed: NumberIndex,
    caller: NumberIndex,
    /// Of plans that ask for them alone.
    asserted: Option<Box<NumberIndex>>,
    diverted: Option<Box<NumberIndex>>,
    texts: ByTextField<TextClasses>,
    /// The name that calls give to each attribute, and its classes.
    attributes: Box<[(Box<str>, TextClasses)]>,
    tables: Box<[DayTable]>,
    /// The name of each split, and whether the caller alone is hashed.
    splits: Box<[(Arc<str>, bool)]>,
}

/// A node.
#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
struct PackedNode {
    ask: PackedQuestion,
    /// Where its part of the lists begins.
    first: u32,
    /// How many edges it has; 0 if it has a target for each class.
    count: u32,
}

#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
enum PackedQuestion {
    Dialed,
    Caller,
    /// Whether there is such a number.
    Has(Party),
    Asserted,
    Diverted,
    Attestation,
    Text(TextField),
    Attribute(u32),
    /// By its number in the plan.
    Switch(u32),
    Time(u32),
    Split(u32),
}

impl PackedDiagram {
    /// Packs the diagram of a program.
    pub fn new(diagram: &Diagram, program: Program, axes: &Axes, definitions: &Definitions) -> Self {
        let horizon = axes.horizon();
        let mut packing = DiagramPacker { edges: Vec::new(), targets: Vec::new() };
        let step = |node: &DiagramNode| {
            let classes = match node.asks {
                NodeQuestion::Axis(axis) => program.classes(axis),
                NodeQuestion::Time(table) => diagram.tables[table as usize].answers.len() as u32,
            };
            let (first, count) = packing.add(node, classes);
            PackedNode { ask: ask(node.asks, axes, definitions), first, count }
        };
        let nodes = diagram.nodes.iter().map(step).collect();
        let [caller, dialed, asserted, diverted] = program.numbers.into_all();
        let (caller, dialed) = (caller.index, dialed.index);
        let further = |classes: NumberClasses| (classes.count > 1).then(|| Box::new(classes.index));
        let (asserted, diverted) = (further(asserted), further(diverted));
        Self {
            root: diagram.root,
            nodes,
            edges: packing.edges.into(),
            targets: packing.targets.into(),
            dialed,
            caller,
            asserted,
            diverted,
            texts: program.texts,
            attributes: axes.attributes.iter().map(|name| Box::from(name.as_str())).zip(program.attributes).collect(),
            tables: diagram.tables.iter().map(|table| DayTable::new(table, &horizon)).collect(),
            splits: axes.splits.as_slice().into(),
        }
    }

    /// The leaf of a call that comes `second` seconds after the start of the horizon. If the time
    /// matters, the second is within the horizon.
    #[inline]
    pub fn leaf(&self, call: &Call, second: u32, definitions: &Definitions) -> usize {
        let mut target = self.root;
        while target & LEAF == 0 {
            let step = &self.nodes[target as usize];
            let class = self.class(step.ask, call, second, definitions);
            let first = step.first as usize;
            target = match step.count {
                0 => self.targets[first + class as usize],
                count => next(&self.edges[first..first + count as usize], class),
            };
        }
        (target & !LEAF) as usize
    }

    /// The class that a call is of. It is no part of the loop, or all that any node may need would
    /// be made ready before.
    #[inline(never)]
    fn class(&self, ask: PackedQuestion, call: &Call, second: u32, definitions: &Definitions) -> Class {
        match ask {
            PackedQuestion::Dialed => class_of(&self.dialed, call, Party::Dialed, &call.called_number, definitions),
            PackedQuestion::Caller => {
                let text = call.caller_number.as_deref().unwrap_or_default();
                class_of(&self.caller, call, Party::Caller, text, definitions)
            }
            PackedQuestion::Has(party) => Class::from(call.number(party).is_some()),
            PackedQuestion::Asserted => further_class(self.asserted.as_deref(), call, Party::Asserted, definitions),
            PackedQuestion::Diverted => further_class(self.diverted.as_deref(), call, Party::Diverted, definitions),
            PackedQuestion::Attestation => call.attestation() as Class,
            PackedQuestion::Text(field) => self.texts[field].class(call.text(field).unwrap_or_default()),
            PackedQuestion::Attribute(attribute) => {
                let (name, classes) = &self.attributes[attribute as usize];
                classes.class(call.attribute(name).unwrap_or_default())
            }
            PackedQuestion::Switch(switch) => is_on(call, &definitions.switches[switch as usize]),
            PackedQuestion::Time(table) => self.tables[table as usize].class(second),
            PackedQuestion::Split(split) => self.bucket(split, call, definitions),
        }
    }

    #[inline(never)]
    fn bucket(&self, split: u32, call: &Call, definitions: &Definitions) -> Class {
        let (name, by_caller) = &self.splits[split as usize];
        bucket_of(name, &Facts::of(call, definitions), *by_caller)
    }

    /// How many nodes there are.
    pub fn nodes(&self) -> usize {
        self.nodes.len()
    }

    /// Bytes of its nodes, tables and indexes.
    pub fn bytes(&self) -> usize {
        let further = self.asserted.iter().chain(&self.diverted);
        let texts = self.texts.iter().map(|(_, classes)| classes.bytes());
        let attributes = self.attributes.iter().map(|(_, classes)| classes.bytes());
        size_of_val(&*self.nodes)
            + size_of_val(&*self.edges)
            + size_of_val(&*self.targets)
            + self.dialed.bytes()
            + self.caller.bytes()
            + further.map(|index| index.bytes()).sum::<usize>()
            + texts.chain(attributes).sum::<usize>()
            + self.tables.iter().map(DayTable::bytes).sum::<usize>()
    }
}

/// The class of a number that not every call has, and that this call has.
#[inline(never)]
fn further_class(index: Option<&NumberIndex>, call: &Call, party: Party, definitions: &Definitions) -> Class {
    let text = call.number(party).unwrap_or_default();
    index.map_or(0, |index| class_of(index, call, party, text, definitions))
}

/// The class of a number. What begins with `+` is never read at home.
#[inline(always)]
fn class_of(index: &NumberIndex, call: &Call, party: Party, text: &str, definitions: &Definitions) -> Class {
    if definitions.reader.is_plain() || text.starts_with('+') {
        return index.class(text);
    }
    index.class_of_number(definitions.reader.number(call, party).unwrap_or(Number::Withheld))
}

#[inline(never)]
fn is_on(call: &Call, switch: &str) -> Class {
    Class::from(call.switches.iter().any(|on| on == switch))
}

/// Where the edges of a node lead for a class.
#[inline(never)]
fn next(edges: &[DiagramEdge], class: Class) -> NodeOrLeaf {
    let at = match edges.len() {
        0..=8 => edges.iter().take_while(|(end, _)| *end <= class).count(),
        _ => edges.partition_point(|(end, _)| *end <= class),
    };
    edges[at].1
}

struct DiagramPacker {
    edges: Vec<DiagramEdge>,
    targets: Vec<NodeOrLeaf>,
}

impl DiagramPacker {
    /// A target for each class is found at once, and taken where it costs not much more room than
    /// the edges.
    fn add(&mut self, node: &DiagramNode, classes: u32) -> (u32, u32) {
        let edges = node.edges.len() as u32;
        if classes > 4 * edges {
            self.edges.extend_from_slice(&node.edges);
            return (self.edges.len() as u32 - edges, edges);
        }
        let first = self.targets.len();
        for ((start, end), target) in node.runs() {
            self.targets.extend((start..end).map(|_| target));
        }
        (first as u32, 0)
    }
}

fn ask(asks: NodeQuestion, axes: &Axes, definitions: &Definitions) -> PackedQuestion {
    match asks {
        NodeQuestion::Axis(Axis::Dialed) => PackedQuestion::Dialed,
        NodeQuestion::Axis(Axis::Caller) => PackedQuestion::Caller,
        NodeQuestion::Axis(Axis::HasAsserted) => PackedQuestion::Has(Party::Asserted),
        NodeQuestion::Axis(Axis::Asserted) => PackedQuestion::Asserted,
        NodeQuestion::Axis(Axis::HasDiverted) => PackedQuestion::Has(Party::Diverted),
        NodeQuestion::Axis(Axis::Diverted) => PackedQuestion::Diverted,
        NodeQuestion::Axis(Axis::Attestation) => PackedQuestion::Attestation,
        NodeQuestion::Axis(Axis::Text(field)) => PackedQuestion::Text(field),
        NodeQuestion::Axis(Axis::Attribute(attribute)) => PackedQuestion::Attribute(attribute),
        NodeQuestion::Axis(Axis::Switch(switch)) => {
            let name = &axes.switches[switch as usize];
            // A guard asks only for switches that the plan declares.
            let place = definitions.switches.iter().position(|declared| declared == name);
            PackedQuestion::Switch(place.unwrap_or_default() as u32)
        }
        NodeQuestion::Axis(Axis::Split(split)) => PackedQuestion::Split(split),
        NodeQuestion::Time(table) => PackedQuestion::Time(table),
        NodeQuestion::Axis(Axis::Time) => unreachable!("a node that asks for the time names its table"),
    }
}
