//! A calling code's numbering plan as one automaton over digits, which knows whose number it has read.

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::util::primitives::StateID;
use regex_automata::{Anchored, util::start};

use crate::metadata::Region;
use crate::table::{Lives, owners};

/// Of a number in `+1`, after the 1.
const NATIONAL_DIGITS: usize = 10;

/// A country, or `None` for a number of no country.
pub type Owner = Option<String>;

/// What one automaton finds, and for whom.
struct Claim {
    automaton: dense::DFA<Vec<u32>>,
    owner: Owner,
}

/// Claims in order: of those that hold for a national number, the first is right.
pub struct Plan {
    claims: Vec<Claim>,
    /// Of the main region: what no one else has is its.
    pub main: String,
}

/// Where each claim's automaton is.
pub type State = Vec<StateID>;

impl Plan {
    /// In this order: the codes of `+1` that belong to no country; the leading digits, in use or not, and fixed lines of
    /// the regions beside the main one (Morocco's own patterns take in Western Sahara's `+212 5288`); all of the main
    /// region's numbers; the rest of the others', of which islands repeat many of their mainland's.
    pub fn new(code: i32, regions: &[Region]) -> Result<Self, Box<dyn std::error::Error>> {
        let (main, others) = regions.split_first().ok_or("a calling code without a region")?;
        let mut claims = Vec::new();
        if code == 1 {
            claims.push(Claim { automaton: automaton(&codes_of_no_country(main)?)?, owner: None });
        }
        if !others.is_empty() {
            for region in others {
                claims.extend(claim(region, &[&region.leading_digits[..], &region.fixed_line].concat())?);
            }
            for region in regions {
                claims.extend(claim(region, &region.numbers)?);
            }
        }
        Ok(Self { claims, main: main.id.clone() })
    }

    /// Before the first national digit.
    pub fn start(&self) -> State {
        let config = start::Config::new().anchored(Anchored::Yes);
        self.claims.iter().map(|it| it.automaton.start_state(&config).expect("anchored automata start")).collect()
    }

    /// After one more digit.
    pub fn next(&self, state: &State, digit: u8) -> State {
        let steps = self.claims.iter().zip(state);
        steps.map(|(claim, at)| claim.automaton.next_state(*at, digit)).collect()
    }

    /// Whose number the digits so far are, if they are a whole one.
    pub fn owner(&self, state: &State) -> Option<&Owner> {
        let ends = |claim: &Claim, at: &StateID| claim.automaton.is_match_state(claim.automaton.next_eoi_state(*at));
        self.claims.iter().zip(state).find(|(claim, at)| ends(claim, at)).map(|(claim, _)| &claim.owner)
    }

    /// Whether no more digits can make it anyone's.
    pub fn is_dead(&self, state: &State) -> bool {
        self.claims.iter().zip(state).all(|(claim, at)| claim.automaton.is_dead_state(*at))
    }
}

/// What the region claims by these patterns, if there are any.
fn claim(region: &Region, patterns: &[String]) -> Result<Option<Claim>, Box<dyn std::error::Error>> {
    if patterns.is_empty() {
        return Ok(None);
    }
    Ok(Some(Claim { automaton: automaton(&patterns.join("|"))?, owner: Some(region.id.clone()) }))
}

/// A pattern of the three-digit codes of `+1` that hold toll-free or premium numbers, each whole: `+1 800 1…` is not in
/// use, and no country's either.
fn codes_of_no_country(main: &Region) -> Result<String, Box<dyn std::error::Error>> {
    let special = Plan { claims: claim(main, &main.special)?.into_iter().collect(), main: main.id.clone() };
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
