//! The numbers of each class: which they are, how many there are, and one to show.

use crate::compile::classes::{Class, ClassRun, NumberClasses};
use crate::phone::{E164, LocalDigits, Number, NumberSet, OwnedNumber};
use crate::plan::{Party, Reader};

/// Numbers that are reserved for examples.
const FAMILIAR_CALLER: &str = "+14155550100";
const FAMILIAR_DIALED: &str = "+18005550100";

/// Weight of the withheld number and of each local number, in keys.
const WEIGHT_OF_ONE: f64 = 1e4;

/// The numbers of the classes on an axis.
pub(super) struct Members {
    sets: Vec<NumberSet>,
    /// How much of all numbers the classes before each have, by their digits; one entry more.
    weights: Vec<f64>,
    /// The number to show for each class, and how well it would look: the lower, the better.
    shown: Vec<(u8, OwnedNumber)>,
}

impl Members {
    pub fn new(classes: &NumberClasses, party: Party, readers: &[Reader]) -> Self {
        let sets = classes.index.members(classes.count);
        let familiar = Number::read(match party {
            Party::Caller | Party::Asserted | Party::Diverted => FAMILIAR_CALLER,
            Party::Dialed => FAMILIAR_DIALED,
        });
        let mut weights = vec![0.0];
        for set in &sets {
            weights.push(weights[weights.len() - 1] + weight(set));
        }
        let shown = sets.iter().map(|set| shown(set, &familiar, party, readers)).collect();
        Self { sets, weights, shown }
    }

    /// How much of all numbers a run of classes has.
    pub fn weight(&self, (start, end): ClassRun) -> f64 {
        self.weights[end as usize] - self.weights[start as usize]
    }

    /// The class, of some runs, of which a number looks best.
    pub fn best(&self, runs: &[ClassRun]) -> Option<Class> {
        let classes = runs.iter().flat_map(|(start, end)| *start..*end);
        classes.min_by_key(|class| self.shown[*class as usize].0)
    }

    /// How well a number of a class looks: the lower, the better.
    pub fn rank(&self, class: Class) -> u8 {
        self.shown[class as usize].0
    }

    /// Different numbers of a class, the one to show first; not all of them.
    pub fn numbers(&self, class: Class) -> impl Iterator<Item = OwnedNumber> + '_ {
        let (set, shown) = (&self.sets[class as usize], &self.shown[class as usize].1);
        let base = match shown {
            OwnedNumber::E164(number) => Some(*number),
            OwnedNumber::Withheld | OwnedNumber::Local(_) => None,
        };
        let others = base.into_iter().flat_map(move |number| {
            let after = (1..).map_while(move |more| E164::parse(&format!("+{}", number.value() + more)).ok());
            after.take_while(move |other| other.length() == number.length())
        });
        let others = others.take_while(|number| set.contains(&Number::E164(*number))).map(OwnedNumber::E164);
        std::iter::once(shown.clone()).chain(others)
    }

    /// The numbers of some runs of classes together.
    pub fn of_runs(&self, runs: &[ClassRun]) -> NumberSet {
        NumberSet::union_of(runs.iter().flat_map(|(start, end)| &self.sets[*start as usize..*end as usize]))
    }
}

fn weight(set: &NumberSet) -> f64 {
    let keys: u64 = set.spans().iter().map(|span| span.high - span.low + 1).sum();
    let others = usize::from(set.has_anonymous()) + set.pieces() - set.spans().len();
    keys as f64 + others as f64 * WEIGHT_OF_ONE
}

/// How many local numbers are tried for one that no home country reads.
const MAX_TRIED: u64 = 1_000;

/// A local number of a set that no home country reads as another; `text`, which is in the set,
/// where none is found.
fn staying_local(set: &NumberSet, text: String, readers: &[Reader]) -> String {
    let is_read = |text: &str| readers.iter().any(|reader| reader.may_read(text));
    if !is_read(&text) {
        return text;
    }
    let after = LocalDigits::parse(&text).into_iter().flat_map(|digits| {
        let first = digits.value();
        (first..first.saturating_add(MAX_TRIED))
            .map(move |value| format!("{value:0width$}", width = digits.length() as usize))
    });
    // What is not digits alone is never read.
    let others = ["x", "*", "-x"].map(|end| format!("{text}{end}"));
    let mut others = others.into_iter().chain(after);
    let found = others.find(|other| set.contains(&Number::Local(other)) && !is_read(other));
    found.unwrap_or(text)
}

/// A number of the set to show, and how well it would look. What a plan names itself reads best as
/// what was dialed; who calls had better be nobody in particular.
fn shown(set: &NumberSet, familiar: &Number, party: Party, readers: &[Reader]) -> (u8, OwnedNumber) {
    let (point, nobody) = match party {
        Party::Dialed => (0, 1),
        Party::Caller | Party::Asserted | Party::Diverted => (1, 0),
    };
    if set.contains(familiar) {
        return (nobody, (*familiar).into());
    }
    let is_one = matches!(set.spans(), [span] if span.as_number().is_some());
    let number = match set.witness().unwrap_or(OwnedNumber::Withheld) {
        OwnedNumber::Local(text) => OwnedNumber::Local(staying_local(set, text, readers)),
        number @ (OwnedNumber::Withheld | OwnedNumber::E164(_)) => number,
    };
    let rank = match &number {
        OwnedNumber::E164(number) if number.length() < 7 => 5,
        OwnedNumber::E164(_) if is_one => point,
        OwnedNumber::E164(_) => 2,
        OwnedNumber::Withheld => 3,
        OwnedNumber::Local(_) => 4,
    };
    (rank, number)
}
