//! The numbering plan of a calling code, as one automaton over digits that knows the owner of each
//! number.

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::util::primitives::StateID;
use regex_automata::{Anchored, util::start};

use crate::metadata::MetadataRegion;
use crate::table::{Lives, owners};

/// Digits of a number in `+1`, without the 1.
const NATIONAL_DIGITS: usize = 10;

/// A country, or `None` for a number of no country.
pub type NumberOwner = Option<String>;

/// The numbers that one automaton accepts, and their owner.
struct Claim {
    automaton: dense::DFA<Vec<u32>>,
    owner: NumberOwner,
    /// The indices of claims that take precedence where they hold as well.
    unless: Vec<usize>,
}

/// Claims in order: the first that holds for a national number decides.
pub struct NumberPlan {
    claims: Vec<Claim>,
    /// The main region, which owns all numbers that no other region claims.
    pub main: String,
}

/// The state of each claim's automaton.
pub type PlanState = Vec<StateID>;

impl NumberPlan {
    /// The claims in this order: the codes of `+1` that belong to no country; the leading digits of
    /// the regions beside the main one, in use or not; their fixed lines that no other region has;
    /// all numbers of the main region; the remaining numbers of the others, since islands repeat
    /// many numbers of their mainland.
    pub fn new(code: i32, regions: &[MetadataRegion]) -> Result<Self, Box<dyn std::error::Error>> {
        let (main, others) = regions.split_first().ok_or("a calling code without a region")?;
        let mut plan = Self { claims: Vec::new(), main: main.id.clone() };
        if code == 1 {
            plan.claims.push(Claim { automaton: automaton(&codes_of_no_country(main)?)?, owner: None, unless: vec![] });
        }
        if !others.is_empty() {
            for region in others {
                plan.claims.extend(claim(region, &region.leading_digits)?);
            }
            let first = plan.claims.len();
            for region in others {
                plan.claims.extend(claim(region, &region.fixed_line)?);
            }
            let fixed_lines = first..plan.claims.len();
            let of_main = plan.claims.len();
            for region in regions {
                plan.claims.extend(claim(region, &region.numbers)?);
            }
            plan.share_fixed_lines(fixed_lines, of_main);
        }
        Ok(plan)
    }

    /// A number of several regions belongs to the main one. A fixed line counts for its region only
    /// if no sibling's fixed lines and no numbers of the main region contain it. A region whose
    /// lines are all among those of the main one keeps its own, or it would have no numbers
    /// (Morocco's patterns contain all of Western Sahara's `+212 5288`).
    fn share_fixed_lines(&mut self, fixed_lines: std::ops::Range<usize>, of_main: usize) {
        for at in fixed_lines.clone() {
            let owner = self.claims[at].owner.clone();
            let siblings = fixed_lines.clone().filter(|other| self.claims[*other].owner != owner);
            let mut unless: Vec<usize> = siblings.collect();
            if !self.takes_in(of_main, at) {
                unless.push(of_main);
            }
            self.claims[at].unless = unless;
        }
    }

    /// Whether one claim holds wherever another does.
    fn takes_in(&self, wide: usize, narrow: usize) -> bool {
        let mut waiting = vec![self.start()];
        let mut seen = std::collections::HashSet::new();
        while let Some(state) = waiting.pop() {
            if self.claims[narrow].automaton.is_dead_state(state[narrow]) || !seen.insert((state[wide], state[narrow]))
            {
                continue;
            }
            if self.holds(narrow, &state) && !self.holds(wide, &state) {
                return false;
            }
            waiting.extend((b'0'..=b'9').map(|digit| self.next(&state, digit)));
        }
        true
    }

    /// Whether a claim's pattern has read a complete number.
    fn holds(&self, claim: usize, state: &PlanState) -> bool {
        let automaton = &self.claims[claim].automaton;
        automaton.is_match_state(automaton.next_eoi_state(state[claim]))
    }

    /// The state before the first national digit.
    pub fn start(&self) -> PlanState {
        let config = start::Config::new().anchored(Anchored::Yes);
        self.claims.iter().map(|claim| claim.automaton.start_state(&config).expect("anchored automata start")).collect()
    }

    /// The state after one more digit.
    pub fn next(&self, state: &PlanState, digit: u8) -> PlanState {
        let steps = self.claims.iter().zip(state);
        steps.map(|(claim, at)| claim.automaton.next_state(*at, digit)).collect()
    }

    /// The owner of the digits so far, if they are a complete number.
    pub fn owner(&self, state: &PlanState) -> Option<&NumberOwner> {
        let counts = |at: &usize| {
            self.holds(*at, state) && !self.claims[*at].unless.iter().any(|other| self.holds(*other, state))
        };
        (0..self.claims.len()).find(counts).map(|at| &self.claims[at].owner)
    }

    /// Whether no further digits can make it a number.
    pub fn is_dead(&self, state: &PlanState) -> bool {
        self.claims.iter().zip(state).all(|(claim, at)| claim.automaton.is_dead_state(*at))
    }
}

/// The claim of the region by these patterns, if there are any.
fn claim(region: &MetadataRegion, patterns: &[String]) -> Result<Option<Claim>, Box<dyn std::error::Error>> {
    if patterns.is_empty() {
        return Ok(None);
    }
    Ok(Some(Claim { automaton: automaton(&patterns.join("|"))?, owner: Some(region.id.clone()), unless: vec![] }))
}

/// A pattern of the three-digit codes of `+1` that have toll-free or premium numbers, each
/// complete: `+1 800 1…` is not in use, and no country's either.
fn codes_of_no_country(main: &MetadataRegion) -> Result<String, Box<dyn std::error::Error>> {
    let special = NumberPlan { claims: claim(main, &main.special)?.into_iter().collect(), main: main.id.clone() };
    let mut lives = Lives::new();
    let codes = (100..1000).map(|code: u32| code.to_string()).filter(|code| {
        let state = code.bytes().fold(special.start(), |state, digit| special.next(&state, digit));
        !owners(&special, &state, NATIONAL_DIGITS, &mut lives).is_empty()
    });
    Ok(format!("(?:{})[0-9]*", codes.collect::<Vec<_>>().join("|")))
}

/// Accepts complete texts that match. `^(?:…)$`, which the metadata puts around its patterns, is
/// removed for that.
pub fn automaton(pattern: &str) -> Result<dense::DFA<Vec<u32>>, Box<dyn std::error::Error>> {
    let bare = pattern.replace(['^', '$'], "").replace("\\d", "[0-9]");
    let config = dense::Config::new().start_kind(StartKind::Anchored).minimize(true);
    Ok(dense::Builder::new().configure(config).build(&format!("(?:{bare})$"))?)
}

/// Whether a national number of these patterns may begin with 0.
pub fn may_begin_with_zero(patterns: &[String]) -> Result<bool, Box<dyn std::error::Error>> {
    if patterns.is_empty() {
        return Ok(false);
    }
    let automaton = automaton(&patterns.join("|"))?;
    let start = automaton.start_state(&start::Config::new().anchored(Anchored::Yes))?;
    Ok(!automaton.is_dead_state(automaton.next_state(start, b'0')))
}
