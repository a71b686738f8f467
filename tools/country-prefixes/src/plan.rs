//! A calling code's numbering plan as one automaton over digits, which knows whose number it has read.

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::util::primitives::StateID;
use regex_automata::{Anchored, util::start};

use crate::metadata::MetadataRegion;
use crate::table::{Lives, owners};

/// Of a number in `+1`, after the 1.
const NATIONAL_DIGITS: usize = 10;

/// A country, or `None` for a number of no country.
pub type NumberOwner = Option<String>;

/// What one automaton finds, and for whom.
struct Claim {
    automaton: dense::DFA<Vec<u32>>,
    owner: NumberOwner,
    /// The places of claims that take precedence wherever they hold as well.
    unless: Vec<usize>,
}

/// Claims in order: of those that hold for a national number, the first is right.
pub struct NumberPlan {
    claims: Vec<Claim>,
    /// Of the main region: what no one else has is its.
    pub main: String,
}

/// Where each claim's automaton is.
pub type PlanState = Vec<StateID>;

impl NumberPlan {
    /// In this order: the codes of `+1` that belong to no country; the leading digits of the regions beside the main one,
    /// in use or not; their fixed lines, where they have them alone; all of the main region's numbers; the rest of the
    /// others', of which islands repeat many of their mainland's.
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

    /// What several regions have is the main one's: a fixed line counts for its region only where no sibling's fixed lines
    /// and none of the main region's numbers have it. A region of which the main one has every line keeps its own all the
    /// same, or it would have no numbers (Morocco's patterns take in all of Western Sahara's `+212 5288`).
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

    /// Whether a claim's pattern has read a whole number.
    fn holds(&self, claim: usize, state: &PlanState) -> bool {
        let automaton = &self.claims[claim].automaton;
        automaton.is_match_state(automaton.next_eoi_state(state[claim]))
    }

    /// Before the first national digit.
    pub fn start(&self) -> PlanState {
        let config = start::Config::new().anchored(Anchored::Yes);
        self.claims.iter().map(|it| it.automaton.start_state(&config).expect("anchored automata start")).collect()
    }

    /// After one more digit.
    pub fn next(&self, state: &PlanState, digit: u8) -> PlanState {
        let steps = self.claims.iter().zip(state);
        steps.map(|(claim, at)| claim.automaton.next_state(*at, digit)).collect()
    }

    /// Whose number the digits so far are, if they are a whole one.
    pub fn owner(&self, state: &PlanState) -> Option<&NumberOwner> {
        let counts = |at: &usize| {
            self.holds(*at, state) && !self.claims[*at].unless.iter().any(|other| self.holds(*other, state))
        };
        (0..self.claims.len()).find(counts).map(|at| &self.claims[at].owner)
    }

    /// Whether no more digits can make it anyone's.
    pub fn is_dead(&self, state: &PlanState) -> bool {
        self.claims.iter().zip(state).all(|(claim, at)| claim.automaton.is_dead_state(*at))
    }
}

/// What the region claims by these patterns, if there are any.
fn claim(region: &MetadataRegion, patterns: &[String]) -> Result<Option<Claim>, Box<dyn std::error::Error>> {
    if patterns.is_empty() {
        return Ok(None);
    }
    Ok(Some(Claim { automaton: automaton(&patterns.join("|"))?, owner: Some(region.id.clone()), unless: vec![] }))
}

/// A pattern of the three-digit codes of `+1` that hold toll-free or premium numbers, each whole: `+1 800 1…` is not in
/// use, and no country's either.
fn codes_of_no_country(main: &MetadataRegion) -> Result<String, Box<dyn std::error::Error>> {
    let special = NumberPlan { claims: claim(main, &main.special)?.into_iter().collect(), main: main.id.clone() };
    let mut lives = Lives::new();
    let codes = (100..1000).map(|code: u32| code.to_string()).filter(|code| {
        let state = code.bytes().fold(special.start(), |state, digit| special.next(&state, digit));
        !owners(&special, &state, NATIONAL_DIGITS, &mut lives).is_empty()
    });
    Ok(format!("(?:{})[0-9]*", codes.collect::<Vec<_>>().join("|")))
}

/// Takes whole texts that match; `^(?:…)$`, which the metadata puts around its patterns, is dropped for that.
fn automaton(pattern: &str) -> Result<dense::DFA<Vec<u32>>, Box<dyn std::error::Error>> {
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
