//! What reads numbers without `+` at home: of each country, what is dialed before its numbers, and of
//! each calling code, which numbers are in use and which of them are written with the national
//! prefix. A Rust file.

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::fmt::Write;

use regex_automata::dfa::{Automaton, dense};
use regex_automata::util::primitives::StateID;
use regex_automata::{Anchored, util::start};

use crate::metadata::{Codes, MetadataRegion, NO_COUNTRY};
use crate::pieces::{international, rewrites};
use crate::plan::automaton;

/// Bit n for n further digits: whether the numbers are in use, and whether they are written with the
/// national prefix.
type Leaf = (u16, u16);

/// What is known after some digits: a leaf, or a number in use or not, and what each digit leads to.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Node {
    Leaf(Leaf),
    Branch(usize),
}

/// The numbers of all codes as one graph, of which equal parts are one.
#[derive(Default)]
struct Graph {
    branches: Vec<(Leaf, [Node; 10])>,
    known: HashMap<(Leaf, [Node; 10]), usize>,
}

/// The numbers of a calling code, with how they are written.
struct CodeNumbers {
    in_use: Dfa,
    /// The first digits and the complete numbers of each form, and whether it has the prefix.
    forms: Vec<(Dfa, Dfa, bool)>,
}

type Dfa = dense::DFA<Vec<u32>>;
/// The state of each automaton.
type State = Vec<StateID>;

/// The file, formatted as by `rustfmt`.
pub fn as_rust(version: &str, codes: &Codes) -> Result<String, Box<dyn Error>> {
    let mut graph = Graph::default();
    let mut roots = Vec::new();
    let mut countries = BTreeMap::new();
    for (code, regions) in codes {
        let numbers = CodeNumbers::new(regions)?;
        roots.push((*code, graph.node(&numbers, &numbers.start()?, &mut HashMap::new())?));
        for region in regions.iter().filter(|region| region.id != NO_COUNTRY && region.is_entry) {
            countries.insert(region.id.clone(), country(*code, region)?);
        }
    }
    Ok(graph.as_rust(version, &roots, &countries))
}

fn country(code: i32, region: &MetadataRegion) -> Result<String, Box<dyn Error>> {
    let dialing = &region.dialing;
    let national = dialing.national.as_deref().unwrap_or_default();
    let mut text =
        format!("    Dialing {{ country: \"{}\", code: {code}, national: \"{national}\", international: &[", region.id);
    let prefixes = international(&dialing.international)?;
    let quoted: Vec<String> = prefixes.iter().map(|prefix| format!("\"{prefix}\"")).collect();
    text += &quoted.join(", ");
    text += "], rewrites: &[";
    if dialing.national.is_some() {
        let all: Vec<String> = rewrites(dialing, national)?.iter().map(|rewrite| rewrite.as_rust()).collect();
        text += &all.join(", ");
    }
    Ok(text + "] },\n")
}

impl CodeNumbers {
    fn new(regions: &[MetadataRegion]) -> Result<Self, Box<dyn Error>> {
        let kinds: Vec<String> = regions.iter().flat_map(|region| region.kinds.clone()).collect();
        let mut forms = Vec::new();
        for form in regions.iter().flat_map(|region| &region.formats) {
            let leading = if form.leading_digits.is_empty() { "[0-9]*" } else { &form.leading_digits };
            let leading = automaton(&format!("(?:{leading})[0-9]*"))?;
            forms.push((leading, automaton(&format!("(?:{})", form.pattern))?, form.with_prefix));
        }
        Ok(Self { in_use: automaton(&kinds.join("|"))?, forms })
    }

    fn automata(&self) -> impl Iterator<Item = &Dfa> {
        let forms = self.forms.iter().flat_map(|(leading, pattern, _)| [leading, pattern]);
        std::iter::once(&self.in_use).chain(forms)
    }

    fn start(&self) -> Result<State, Box<dyn Error>> {
        let config = start::Config::new().anchored(Anchored::Yes);
        self.automata().map(|dfa| Ok(dfa.start_state(&config)?)).collect()
    }

    fn next(&self, state: &State, digit: u8) -> State {
        self.automata().zip(state).map(|(dfa, at)| dfa.next_state(*at, digit)).collect()
    }

    /// Whether the digits so far are a number in use, and whether it is written with the prefix: as
    /// the first form says that matches.
    fn ends(&self, state: &State) -> Leaf {
        let ends: Vec<bool> =
            self.automata().zip(state).map(|(dfa, at)| dfa.is_match_state(dfa.next_eoi_state(*at))).collect();
        if !ends[0] {
            return (0, 0);
        }
        let form = self.forms.iter().enumerate().find(|(at, _)| ends[2 * at + 1] && ends[2 * at + 2]);
        (1, u16::from(form.is_some_and(|(_, (_, _, with_prefix))| *with_prefix)))
    }
}

impl Graph {
    fn node(
        &mut self,
        numbers: &CodeNumbers,
        state: &State,
        seen: &mut HashMap<State, Node>,
    ) -> Result<Node, Box<dyn Error>> {
        if numbers.in_use.is_dead_state(state[0]) {
            return Ok(Node::Leaf((0, 0)));
        }
        if let Some(known) = seen.get(state) {
            return Ok(*known);
        }
        let mut children = [Node::Leaf((0, 0)); 10];
        for digit in 0..10 {
            children[usize::from(digit)] = self.node(numbers, &numbers.next(state, b'0' + digit), seen)?;
        }
        let own = numbers.ends(state);
        let node = match children[0] {
            Node::Leaf((in_use, written)) if children.iter().all(|child| *child == children[0]) => {
                if in_use & 0x8000 != 0 {
                    return Err("a number has more than 15 digits".into());
                }
                Node::Leaf((in_use << 1 | own.0, written << 1 | own.1))
            }
            Node::Leaf(_) | Node::Branch(_) => {
                let next = self.branches.len();
                let at = *self.known.entry((own, children)).or_insert(next);
                if at == next {
                    self.branches.push((own, children));
                }
                Node::Branch(at)
            }
        };
        seen.insert(state.clone(), node);
        Ok(node)
    }

    fn as_rust(&self, version: &str, roots: &[(i32, Node)], countries: &BTreeMap<String, String>) -> String {
        let mut leaves: Vec<Leaf> = Vec::new();
        let mut number = |node: &Node| match node {
            Node::Leaf(leaf) => leaves.iter().position(|held| held == leaf).unwrap_or_else(|| {
                leaves.push(*leaf);
                leaves.len() - 1
            }),
            Node::Branch(at) => BRANCH + at,
        };
        let mut branches = String::new();
        for (own, children) in &self.branches {
            let children: Vec<String> = children.iter().map(|child| number(child).to_string()).collect();
            let _ = writeln!(branches, "    ({}, [{}]),", own.0 | own.1 << 1, children.join(", "));
        }
        let mut of_codes = String::new();
        for (code, root) in roots {
            let _ = writeln!(of_codes, "    ({code}, {}),", number(root));
        }
        let of_leaves: String =
            leaves.iter().map(|(in_use, written)| format!("    ({in_use:#06x}, {written:#06x}),\n")).collect();
        let of_countries: String = countries.values().map(String::as_str).collect();
        format!(
            "//! Numbers at home. Generated by `cargo run --release --locked -- home` in\n\
             //! `tools/country-prefixes`, from the numbering-plan metadata of\n\
             //! {version}; do not edit.\n\n\
             use super::home::{{Dialing, Rewrite}};\n\n\
             /// The number of the first branch; smaller ones are leaves.\n\
             pub(super) const FIRST_BRANCH: u16 = {BRANCH};\n\n\
             /// Each calling code with the leaf or branch before the first digit of its national numbers.\n\
             pub(super) const ROOTS: &[(u16, u16)] = &[\n{of_codes}];\n\n\
             /// Bit n for n further digits: whether they complete a number in use, and whether that is\n\
             /// written with the national prefix.\n\
             pub(super) const LEAVES: &[(u16, u16)] = &[\n{of_leaves}];\n\n\
             /// Whether a number ends here (1), written with the national prefix (2), and where each\n\
             /// further digit leads.\n\
             #[rustfmt::skip]\n\
             pub(super) const BRANCHES: &[(u16, [u16; 10])] = &[\n{branches}];\n\n\
             /// What is dialed in each country.\n\
             #[rustfmt::skip]\n\
             pub(super) const DIALING: &[Dialing] = &[\n{of_countries}];\n"
        )
    }
}

/// The number of the first branch.
const BRANCH: usize = 1000;
