//! The shortest prefixes that tell whose number it is, and the file they make.

use std::collections::{BTreeSet, HashMap};

use crate::plan::{NumberOwner, NumberPlan, PlanState};

/// E.164 numbers have at most so many digits.
pub const MAX_DIGITS: usize = 15;

/// A prefix, and whose numbers start with it.
pub type Entry = (String, NumberOwner);

/// Remembers who is found from a state with so many digits to go.
pub type Lives = HashMap<(PlanState, usize), BTreeSet<NumberOwner>>;

/// The entries of one calling code: the code itself is the main country's, and each prefix below it that leads to the
/// numbers of one other owner alone is that owner's.
pub fn of_code(code: i32, plan: &NumberPlan) -> Vec<Entry> {
    let code = code.to_string();
    // The plan of +1 is one of three-digit codes: `+1 888` says nothing of `+1 889`.
    let shortest = if code == "1" { 4 } else { code.len() + 1 };
    let mut walk =
        PrefixWalk { plan, main: Some(plan.main.clone()), shortest, lives: HashMap::new(), entries: Vec::new() };
    walk.entries.push((code.clone(), walk.main.clone()));
    walk.below(&mut code.into_bytes(), &plan.start());
    walk.entries
}

struct PrefixWalk<'a> {
    plan: &'a NumberPlan,
    main: NumberOwner,
    /// So many digits a prefix below the code has at least.
    shortest: usize,
    lives: Lives,
    entries: Vec<Entry>,
}

impl PrefixWalk<'_> {
    fn below(&mut self, digits: &mut Vec<u8>, state: &PlanState) {
        for digit in b'0'..=b'9' {
            let state = self.plan.next(state, digit);
            digits.push(digit);
            let found = owners(self.plan, &state, MAX_DIGITS - digits.len(), &mut self.lives);
            let others = found.iter().filter(|owner| **owner != self.main).count();
            match (others, found.len()) {
                (0, _) => {}
                (1, 1) if digits.len() >= self.shortest => {
                    let prefix = String::from_utf8(digits.clone()).expect("digits");
                    self.entries.push((prefix, found.into_iter().next().flatten()));
                }
                _ => self.below(digits, &state),
            }
            digits.pop();
        }
    }
}

/// Whose numbers can be reached from `state` with up to `more` digits.
pub fn owners(plan: &NumberPlan, state: &PlanState, more: usize, lives: &mut Lives) -> BTreeSet<NumberOwner> {
    if plan.is_dead(state) {
        return BTreeSet::new();
    }
    if let Some(known) = lives.get(&(state.clone(), more)) {
        return known.clone();
    }
    let mut found: BTreeSet<NumberOwner> = plan.owner(state).cloned().into_iter().collect();
    if more > 0 {
        for digit in b'0'..=b'9' {
            found.extend(owners(plan, &plan.next(state, digit), more - 1, lives));
        }
    }
    lives.insert((state.clone(), more), found.clone());
    found
}

/// The file, as `rustfmt` leaves it.
pub fn as_rust(version: &str, entries: &[Entry]) -> String {
    let mut text = format!(
        "//! Which country's numbers start with which digits. Made by `cargo run --release --locked` in\n\
         //! `tools/country-prefixes`, from the numbering-plan metadata of {version}; do not edit.\n\n\
         /// Prefixes in the order of text, each with its country; an empty one is no country. The longest that a number\n\
         /// starts with is right.\n\
         pub(super) const COUNTRY_PREFIXES: &[(&str, &str)] = &[\n"
    );
    for (prefix, owner) in entries {
        text += &format!("    (\"{prefix}\", \"{}\"),\n", owner.as_deref().unwrap_or_default());
    }
    text + "];\n"
}
