//! Time in classes: stretches of the horizon during which all of some questions have the same
//! answers.

use super::budget::{OverBudget, RemainingSteps};
use super::classes::Class;
use super::horizon::Horizon;
use super::time::TimeAnswers;
use std::collections::HashMap;
use std::convert::Infallible;

/// Bytes of a class beside its answers.
const CLASS_BYTES: usize = 64;

/// Stretches of the horizon, and the class of each: stretches of one class get the same answers
/// from all the questions that the table was made for.
#[derive(Clone, Debug)]
pub(crate) struct TimeTable {
    /// Where each stretch starts, in seconds from the horizon's start; the first at 0.
    pub starts: Vec<u32>,
    /// The class of each stretch; neighbours differ.
    pub classes: Vec<Class>,
    /// For each class, the answers: a bit for each question, in the order in which they were given.
    pub answers: Vec<Box<[u64]>>,
}

impl TimeTable {
    /// Merges the answers to several questions, in so much memory as is left.
    pub fn within(questions: &[&TimeAnswers], effort: &RemainingSteps) -> Result<Self, OverBudget> {
        Self::keeping(questions, &|bytes| effort.keep(bytes))
    }

    /// Merges the answers to a few questions.
    pub fn new(questions: &[&TimeAnswers]) -> Self {
        let Ok(table) = Self::keeping(questions, &|_| Ok::<(), Infallible>(()));
        table
    }

    /// `keep` takes the memory of each stretch and of each class.
    fn keeping<E>(questions: &[&TimeAnswers], keep: &impl Fn(usize) -> Result<(), E>) -> Result<Self, E> {
        let words = questions.len().div_ceil(64).max(1);
        let mut now = vec![0_u64; words].into_boxed_slice();
        let mut events: Vec<(u32, u32)> = Vec::new();
        for (at, question) in questions.iter().enumerate() {
            if question.first {
                now[at / 64] |= 1 << (at % 64);
            }
            events.extend(question.changes.iter().map(|change| (*change, at as u32)));
        }
        events.sort_unstable();
        let mut table = Self { starts: Vec::new(), classes: Vec::new(), answers: Vec::new() };
        let mut ids = KnownAnswers::to(questions.len());
        table.add(0, &now, &mut ids, keep)?;
        for same in events.chunk_by(|one, other| one.0 == other.0) {
            for (_, question) in same {
                now[*question as usize / 64] ^= 1 << (question % 64);
            }
            table.add(same[0].0, &now, &mut ids, keep)?;
        }
        Ok(table)
    }

    fn add<E>(
        &mut self,
        start: u32,
        answers: &[u64],
        ids: &mut KnownAnswers,
        keep: &impl Fn(usize) -> Result<(), E>,
    ) -> Result<(), E> {
        let next = self.answers.len() as Class;
        let class = ids.class(answers, next);
        if class == next {
            // Here, and by the known ones.
            keep(2 * size_of_val(answers) + CLASS_BYTES)?;
            self.answers.push(answers.into());
        }
        if self.classes.last() != Some(&class) {
            keep(size_of::<u32>() + size_of::<Class>())?;
            self.starts.push(start);
            self.classes.push(class);
        }
        Ok(())
    }

    /// Whether a question, by its place among those given, is answered with yes during a class.
    pub fn answer(&self, class: Class, question: usize) -> bool {
        self.answers[class as usize][question / 64] >> (question % 64) & 1 == 1
    }

    /// Each period up to the end of the horizon, in order: its first second, its end (exclusive),
    /// and its class.
    pub fn stretches(&self, seconds: u32) -> impl Iterator<Item = (u32, u32, Class)> + '_ {
        let ends = self.starts.iter().skip(1).copied().chain([seconds]);
        self.starts.iter().copied().zip(ends).zip(&self.classes).map(|((start, end), class)| (start, end, *class))
    }
}

/// The class of each combination of answers so far.
enum KnownAnswers {
    /// Of few questions, by the answers themselves.
    Few(Vec<Option<Class>>),
    Many(HashMap<Box<[u64]>, Class>),
}

impl KnownAnswers {
    /// To this number of questions.
    fn to(questions: usize) -> Self {
        match questions {
            0..=8 => Self::Few(vec![None; 1 << questions]),
            _ => Self::Many(HashMap::new()),
        }
    }

    /// The class of some answers: `next` if they are new.
    fn class(&mut self, answers: &[u64], next: Class) -> Class {
        match self {
            Self::Few(classes) => *classes[answers[0] as usize].get_or_insert(next),
            Self::Many(classes) => match classes.get(answers) {
                Some(class) => *class,
                None => *classes.entry(answers.into()).or_insert(next),
            },
        }
    }
}

const SECONDS_PER_DAY: u32 = 86_400;

#[inline(never)]
fn find(parts: &[(u32, Class)], second: u32) -> usize {
    parts.partition_point(|(end, _)| *end <= second)
}

/// A [`TimeTable`] as calls look it up: by the day, of which there are few kinds, and the second of
/// the day.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct DayTable {
    /// For each day of the horizon, its kind.
    days: Box<[u16]>,
    /// Where the parts of each kind of day begin among `parts`, and one entry more.
    kinds: Box<[u32]>,
    /// Up to which second of the day, not including it, there is which class.
    parts: Box<[(u32, Class)]>,
}

impl DayTable {
    pub fn new(table: &TimeTable, horizon: &Horizon) -> Self {
        let (mut days, mut kinds, mut parts) = (Vec::new(), vec![0], Vec::new());
        let mut ids: HashMap<Vec<(u32, Class)>, u16> = HashMap::new();
        let mut stretches = table.stretches(horizon.seconds()).peekable();
        for start in (0..horizon.seconds()).step_by(SECONDS_PER_DAY as usize) {
            let mut day = Vec::new();
            while let Some((_, end, class)) = stretches.peek().copied() {
                day.push(((end - start).min(SECONDS_PER_DAY), class));
                if end <= start + SECONDS_PER_DAY {
                    stretches.next();
                }
                if end >= start + SECONDS_PER_DAY {
                    break;
                }
            }
            // Six years have fewer days than there are such numbers.
            let next = ids.len() as u16;
            let kind = *ids.entry(day).or_insert_with_key(|day| {
                parts.extend_from_slice(day);
                kinds.push(parts.len() as u32);
                next
            });
            days.push(kind);
        }
        Self { days: days.into(), kinds: kinds.into(), parts: parts.into() }
    }

    /// The class at `second` seconds after the start of the horizon, which must lie within the
    /// horizon.
    #[inline]
    pub fn class(&self, second: u32) -> Class {
        let (day, second) = (second / SECONDS_PER_DAY, second % SECONDS_PER_DAY);
        let kind = self.days[day as usize] as usize;
        let parts = &self.parts[self.kinds[kind] as usize..self.kinds[kind + 1] as usize];
        // The last part ends with the day.
        let at = match parts.len() {
            0..=16 => parts.iter().take_while(|(end, _)| *end <= second).count(),
            _ => find(parts, second),
        };
        parts[at].1
    }

    /// Bytes that it takes.
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.days) + size_of_val(&*self.kinds) + size_of_val(&*self.parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn by_the_day_is_as_by_the_stretch(
            changes in prop::collection::vec(prop::collection::btree_set(0..189_000_000_u32, 0..40), 1..4),
            every in prop::collection::vec(1..200_000_u32, 1..3),
        ) {
            let horizon = Horizon::of(date(2026, 11, 24));
            let within = |second: &u32| *second > 0 && *second < horizon.seconds();
            let regular = every.iter().map(|step| (*step..horizon.seconds()).step_by(*step as usize * 40).collect());
            let irregular = changes.iter().map(|changes| changes.iter().copied().filter(within).collect());
            let answers: Vec<TimeAnswers> =
                irregular.chain(regular).map(|changes| TimeAnswers { first: false, changes }).collect();
            let table = TimeTable::new(&answers.iter().collect::<Vec<_>>());
            let days = DayTable::new(&table, &horizon);
            for (start, end, class) in table.stretches(horizon.seconds()) {
                for second in [start, start + (end - start) / 2, end - 1] {
                    prop_assert_eq!(days.class(second), class);
                    for (at, answers) in answers.iter().enumerate() {
                        prop_assert_eq!(table.answer(class, at), answers.at(second));
                    }
                }
            }
        }
    }
}
