//! Texts in classes: each that a plan lists is one, and all others are one for each set of answers
//! that they can give to the patterns of the plan.

use super::axes::AxisTexts;
use super::budget::{OverBudget, RemainingSteps};
use super::classes::{Class, ClassRun};
use crate::plan::{PatternPlace, TextPatterns, small};
use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::sync::Arc;

/// Maximum number of different questions for patterns on one axis, and of their sets of answers.
const MAX_QUESTIONS: usize = 256;
const MAX_ANSWERS: usize = 4_096;
/// Maximum number of texts that are tried in search of a shortest one, and of the questions that it
/// answers with yes: with each, they multiply.
const MAX_TRIED: usize = 1_000;
const MAX_SEARCHED: u32 = 2;

/// The answers of a text to the questions for patterns, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub(crate) struct PatternAnswers([u64; MAX_QUESTIONS / 64]);

impl PatternAnswers {
    fn of(question: usize) -> Self {
        let mut answers = Self::default();
        answers.0[question / 64] |= 1 << (question % 64);
        answers
    }

    fn and(mut self, other: Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(bits, other)| *bits |= other);
        self
    }

    /// With these answers, in the order of the questions.
    #[cfg(test)]
    pub fn of_bits(bits: &[bool]) -> Self {
        let yes = bits.iter().enumerate().filter(|(_, yes)| **yes);
        yes.fold(Self::default(), |answers, (question, _)| answers.and(Self::of(question)))
    }

    /// Whether the answer to a question is yes.
    pub fn has(self, question: usize) -> bool {
        self.0[question / 64] >> (question % 64) & 1 == 1
    }

    /// How many answers are yes.
    fn count(self) -> u32 {
        self.0.iter().map(|bits| bits.count_ones()).sum()
    }

    fn is_within(self, other: Self) -> bool {
        self.0.iter().zip(other.0).all(|(bits, other)| bits & !other == 0)
    }

    /// Those with more answers yes come first, and the last has none.
    fn place(self) -> (u32, Self) {
        (u32::MAX - self.count(), self)
    }
}

/// The classes of the texts on one axis.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub(crate) struct TextClasses {
    /// Those that a plan lists, in order, each a class.
    pub listed: Box<[Box<str>]>,
    /// The questions for patterns, each once.
    questions: Box<[TextPatterns]>,
    /// The sets of answers that a text which is not listed can give, each a class after those of
    /// listed texts.
    answers: Box<[PatternAnswers]>,
}

impl TextClasses {
    /// Divides all texts by these sets. What is looked at is taken from `effort`.
    pub fn new<'s>(sets: impl Iterator<Item = &'s AxisTexts>, effort: &RemainingSteps) -> Result<Self, OverBudget> {
        let mut listed: BTreeSet<&str> = BTreeSet::new();
        let mut questions: BTreeSet<&TextPatterns> = BTreeSet::new();
        for set in sets {
            listed.extend(set.listed.iter().map(String::as_str));
            questions.extend(set.patterns.keys().map(|patterns| &**patterns));
        }
        if questions.len() > MAX_QUESTIONS {
            return Err(OverBudget);
        }
        let questions: Box<[TextPatterns]> = questions.into_iter().cloned().collect();
        let answers = PatternSolver { questions: &questions }.possible(effort)?;
        Ok(Self { listed: listed.into_iter().map(Box::from).collect(), questions, answers })
    }

    #[inline(never)]
    pub fn class(&self, text: &str) -> Class {
        let listed = self.listed.binary_search_by(|listed| (**listed).cmp(text));
        let class = listed.unwrap_or_else(|_| {
            let after = if self.questions.is_empty() { 0 } else { self.place_of(text) };
            self.listed.len() + after
        });
        class as Class
    }

    #[inline(never)]
    fn place_of(&self, text: &str) -> usize {
        let place = PatternSolver { questions: &self.questions }.answers(text).place();
        // Every text's answers are among the possible ones.
        self.answers.binary_search_by_key(&place, |answers| answers.place()).unwrap_or_default()
    }

    /// The classes of a set, as runs in order.
    pub fn runs(&self, set: &AxisTexts, effort: &RemainingSteps) -> Result<Vec<ClassRun>, OverBudget> {
        let mut runs: Vec<ClassRun> = Vec::new();
        let mut add = |class: usize| match runs.last_mut() {
            Some((_, end)) if *end == class as Class => *end += 1,
            _ => runs.push((class as Class, class as Class + 1)),
        };
        if !set.all_but {
            set.listed
                .iter()
                .filter_map(|text| self.listed.binary_search_by(|held| (**held).cmp(text)).ok())
                .for_each(add);
            return Ok(runs);
        }
        effort.spend(self.count() as usize * set.patterns.len())?;
        let listed = self.listed.iter().enumerate().filter(|(_, text)| set.contains(text));
        listed.for_each(|(class, _)| add(class));
        let wanted: Vec<(usize, bool)> = set
            .patterns
            .iter()
            .filter_map(|(patterns, yes)| Some((self.questions.binary_search(patterns).ok()?, *yes)))
            .collect();
        let others = self.answers.iter().enumerate();
        let is_in = |answers: &PatternAnswers| wanted.iter().all(|(question, yes)| answers.has(*question) == *yes);
        others.filter(|(_, answers)| is_in(answers)).for_each(|(at, _)| add(self.listed.len() + at));
        Ok(runs)
    }

    /// How many classes there are.
    pub fn count(&self) -> u32 {
        (self.listed.len() + self.answers.len().max(1)) as u32
    }

    /// The questions for patterns.
    pub fn questions(&self) -> &[TextPatterns] {
        &self.questions
    }

    /// The answers of each class after those of listed texts.
    pub fn answers(&self) -> &[PatternAnswers] {
        &self.answers
    }

    /// A text of a class, as short as can be found.
    pub fn text(&self, class: Class) -> String {
        if let Some(text) = self.listed.get(class as usize) {
            return text.to_string();
        }
        let wanted = self.answers.get(class as usize - self.listed.len()).copied().unwrap_or_default();
        let is_listed = |text: &str| self.listed.binary_search_by(|listed| (**listed).cmp(text)).is_ok();
        let solver = PatternSolver { questions: &self.questions };
        let shortest = (wanted.count() <= MAX_SEARCHED).then(|| solver.shortest(wanted, is_listed)).flatten();
        let mut text = shortest.unwrap_or_else(|| solver.joined(wanted));
        // What stands in no pattern changes no answer.
        while is_listed(&text) {
            text.push(solver.other_letter());
        }
        text
    }

    /// Bytes that it takes.
    pub fn bytes(&self) -> usize {
        let text = |text: &str| text.len() + size_of::<Box<str>>();
        let patterns = self.questions.iter().flat_map(TextPatterns::patterns).map(text);
        let listed = self.listed.iter().map(|listed| text(listed));
        size_of_val(&*self.answers) + listed.sum::<usize>() + patterns.sum::<usize>()
    }
}

/// Works out which answers texts can give, and finds a text for some answers.
struct PatternSolver<'q> {
    questions: &'q [TextPatterns],
}

impl PatternSolver<'_> {
    /// The answers of a text.
    fn answers(&self, text: &str) -> PatternAnswers {
        let yes = self.questions.iter().enumerate().filter(|(_, patterns)| patterns.are_in(text));
        yes.fold(PatternAnswers::default(), |answers, (question, _)| answers.and(PatternAnswers::of(question)))
    }

    /// The answers of a text that does not begin with this one, but has it in it.
    fn answers_within(&self, text: &str) -> PatternAnswers {
        let yes = self.of_place(PatternPlace::Anywhere).filter(|(_, patterns)| patterns.are_in(text));
        yes.fold(PatternAnswers::default(), |answers, (question, _)| answers.and(PatternAnswers::of(question)))
    }

    fn of_place(&self, place: PatternPlace) -> impl Iterator<Item = (usize, &TextPatterns)> {
        self.questions.iter().enumerate().filter(move |(_, patterns)| patterns.place() == place)
    }

    /// The patterns of questions for a place.
    fn patterns(&self, place: PatternPlace) -> impl Iterator<Item = &str> {
        self.of_place(place).flat_map(|(_, patterns)| patterns.patterns())
    }

    /// All sets of answers that a text can give, in the order of their places.
    ///
    /// A text that has a pattern in it has all in it that the pattern has. So its answers are those
    /// of the longest pattern that it begins with, and those of each pattern within it; and any
    /// patterns can be joined by a letter that stands in none of them.
    fn possible(&self, effort: &RemainingSteps) -> Result<Box<[PatternAnswers]>, OverBudget> {
        let mut within: BTreeSet<PatternAnswers> = BTreeSet::new();
        for pattern in self.patterns(PatternPlace::Anywhere) {
            effort.spend(pattern.len() * self.questions.len())?;
            within.insert(self.answers_within(pattern));
        }
        let mut known: HashSet<PatternAnswers> = HashSet::from([PatternAnswers::default()]);
        for pattern in self.patterns(PatternPlace::Start) {
            effort.spend(pattern.len() * self.questions.len())?;
            known.insert(self.answers(pattern));
        }
        let mut waiting: Vec<PatternAnswers> = known.iter().copied().collect();
        while let Some(answers) = waiting.pop() {
            effort.spend(within.len() + 1)?;
            let more = within.iter().map(|within| answers.and(*within));
            waiting.extend(more.filter(|answers| known.insert(*answers)));
            if known.len() > MAX_ANSWERS {
                return Err(OverBudget);
            }
        }
        let mut possible: Vec<PatternAnswers> = known.into_iter().collect();
        possible.sort_unstable_by_key(|answers| answers.place());
        Ok(possible.into())
    }

    /// A shortest text with these answers that is not left out. Of texts that go on alike, the first
    /// is looked at: those with the same answers whose ends are the same beginning of a pattern.
    fn shortest(&self, wanted: PatternAnswers, is_left_out: impl Fn(&str) -> bool) -> Option<String> {
        let is_wanted = |(question, _): &(usize, &TextPatterns)| wanted.has(*question);
        let asked: Vec<&TextPatterns> =
            self.questions.iter().enumerate().filter(is_wanted).map(|(_, patterns)| patterns).collect();
        let mut letters: BTreeSet<char> =
            asked.iter().flat_map(|patterns| patterns.patterns()).flat_map(str::chars).collect();
        letters.insert(self.other_letter());
        let begins = |end: &str, place: PatternPlace| {
            self.patterns(place).any(|pattern| pattern.len() > end.len() && pattern.starts_with(end))
        };
        let mut seen: HashSet<(String, bool, PatternAnswers)> = HashSet::new();
        let mut waiting = VecDeque::from([String::new()]);
        let mut tried = 0;
        while let Some(text) = waiting.pop_front() {
            let answers = self.answers(&text);
            if answers == wanted && !is_left_out(&text) {
                return Some(text);
            }
            tried += 1;
            if tried > MAX_TRIED {
                return None;
            }
            let ends = text.char_indices().map(|(at, _)| &text[at..]).chain([""]);
            let end = ends.into_iter().find(|end| begins(end, PatternPlace::Anywhere)).unwrap_or_default();
            let is_beginning = begins(&text, PatternPlace::Start);
            let kept = if is_beginning { text.as_str() } else { end };
            if answers.is_within(wanted) && seen.insert((kept.to_owned(), is_beginning, answers)) {
                waiting.extend(letters.iter().map(|letter| format!("{text}{letter}")));
            }
        }
        None
    }

    /// A text with these answers: patterns that run into each other where that has no other answer,
    /// or else are joined by a letter that stands in none.
    fn joined(&self, wanted: PatternAnswers) -> String {
        let other = self.other_letter();
        let begins = |answers: PatternAnswers| {
            self.of_place(PatternPlace::Start).all(|(question, _)| answers.has(question) == wanted.has(question))
        };
        let mut starts: Vec<&str> = self.patterns(PatternPlace::Start).chain([""]).collect();
        starts.sort_by_key(|start| start.len());
        let is_start = |start: &&&str| {
            let answers = self.answers(start);
            answers.is_within(wanted) && begins(answers)
        };
        let mut text = starts.iter().find(is_start).map_or(String::new(), |start| (*start).to_owned());
        let mut answers = self.answers(&text);
        let mut within: Vec<&str> = self.patterns(PatternPlace::Anywhere).collect();
        within.sort_by_key(|pattern| pattern.len());
        for pattern in within {
            let own = self.answers_within(pattern);
            if own.is_within(wanted) && !own.is_within(answers) {
                let starts = pattern.char_indices().map(|(at, _)| at).rev();
                let shared = starts.filter(|at| text.ends_with(&pattern[..*at]));
                let mut joined = shared.map(|at| format!("{text}{}", &pattern[at..]));
                let joined = joined.find(|joined| self.answers(joined).is_within(wanted));
                text = joined.unwrap_or_else(|| format!("{text}{other}{pattern}"));
                answers = answers.and(self.answers(&text));
            }
        }
        text
    }

    /// A letter that stands in no pattern.
    fn other_letter(&self) -> char {
        let used: HashSet<char> = self.questions.iter().flat_map(TextPatterns::patterns).flat_map(str::chars).collect();
        let letters = "-_.0123456789".chars().chain('a'..='z').chain('\u{3041}'..);
        letters.into_iter().find(|letter| !used.contains(letter) && small(*letter) == *letter).unwrap_or('-')
    }
}

/// The questions of a set, each with the answer that it wants.
pub(crate) type WantedPatterns = BTreeMap<Arc<TextPatterns>, bool>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::Budget;

    fn patterns(place: PatternPlace, texts: &[&str]) -> AxisTexts {
        let patterns = Arc::new(TextPatterns::new(place, texts.iter().copied()));
        AxisTexts { listed: BTreeSet::new(), all_but: true, patterns: BTreeMap::from([(patterns, true)]) }
    }

    fn listed(texts: &[&str]) -> AxisTexts {
        let listed = texts.iter().map(|text| (*text).to_owned()).collect();
        AxisTexts { listed, all_but: false, patterns: BTreeMap::new() }
    }

    fn classes(sets: &[AxisTexts]) -> TextClasses {
        TextClasses::new(sets.iter(), &Budget::default().effort()).expect("within the budget")
    }

    /// The texts of all classes, each of which must be of its class.
    fn texts(sets: &[AxisTexts]) -> Vec<String> {
        let classes = classes(sets);
        let text = |class| {
            let text = classes.text(class);
            assert_eq!(classes.class(&text), class, "{text:?}");
            text
        };
        (0..classes.count()).map(text).collect()
    }

    #[test]
    fn each_set_of_answers_has_a_shortest_text() {
        let (anywhere, start) = (PatternPlace::Anywhere, PatternPlace::Start);
        assert_eq!(texts(&[patterns(anywhere, &["Spring"])]), ["spring", ""]);
        // What contains the longer contains the shorter.
        assert_eq!(texts(&[patterns(anywhere, &["ab"]), patterns(anywhere, &["abc"])]), ["abc", "ab", ""]);
        assert_eq!(texts(&[patterns(anywhere, &["ab"]), patterns(anywhere, &["bc"])]), ["abc", "ab", "bc", ""]);
        assert_eq!(texts(&[patterns(start, &["ab"]), patterns(start, &["b"])]), ["ab", "b", ""]);
        // Something else that starts with `a` must not have `b` in it.
        assert_eq!(texts(&[patterns(start, &["a"]), patterns(anywhere, &["b", "aa"])]).len(), 4);
        assert_eq!(texts(&[listed(&["", "spring"]), patterns(anywhere, &["spring"])]), ["", "spring", "spring-", "-"]);
        assert_eq!(texts(&[listed(&["x", "y"])]), ["x", "y", ""]);
    }

    #[test]
    fn ten_questions_have_all_their_answers_and_thirty_are_over_the_budget() {
        let words: Vec<String> = (0..30).map(|at| format!("word{at:02}.")).collect();
        let sets: Vec<AxisTexts> =
            words.iter().map(|word| patterns(PatternPlace::Anywhere, &[word.as_str()])).collect();
        assert_eq!(texts(&sets[..10]).len(), 1_024);
        let starts: Vec<AxisTexts> = words.iter().map(|word| patterns(PatternPlace::Start, &[word.as_str()])).collect();
        assert_eq!(texts(&starts).len(), 31);
        assert!(TextClasses::new(sets.iter(), &Budget::default().effort()).is_err());
    }
}
