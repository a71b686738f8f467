//! Texts that calls have in common, in words: those that are listed, and what the others contain.

use super::calls::listed;
use crate::compile::classes::{ClassRun, all_but};
use crate::compile::text_classes::{PatternAnswers, TextClasses};
use crate::plan::{PatternPlace, TextPatterns};
use crate::syntax::quoted;

/// Some texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextGroup {
    /// In order.
    pub listed: Vec<String>,
    /// Whether those listed are the ones left out: of those that have the patterns, or of all.
    pub all_but: bool,
    /// Where patterns tell texts apart: what they must have in them, in one of these ways.
    pub having: Vec<PatternChoice>,
    /// Texts that are among them, whatever they have in them.
    pub and: Vec<String>,
}

/// The patterns that a text has, or has not: all of this.
pub type PatternChoice = Vec<(TextPatterns, bool)>;

impl TextGroup {
    pub(super) fn of(classes: &TextClasses, runs: &[ClassRun]) -> Self {
        let count = classes.listed.len() as u32;
        let is_in = |class: u32| runs.iter().any(|(start, end)| (*start..*end).contains(&class));
        let others: Vec<usize> =
            (0..classes.count() - count).filter(|at| is_in(count + at)).map(|at| at as usize).collect();
        let has_others = !others.is_empty();
        if !has_others || others.len() as u32 == classes.count() - count {
            let left_out: Vec<ClassRun> = all_but(runs, classes.count());
            let runs = if has_others { &left_out } else { runs };
            let listed = runs.iter().flat_map(|(start, end)| &classes.listed[*start as usize..*end as usize]);
            let listed = listed.map(|text| text.to_string()).collect();
            return Self { listed, all_but: has_others, having: Vec::new(), and: Vec::new() };
        }
        let all: Vec<usize> = (0..classes.answers().len()).collect();
        let choices = choices(classes.answers(), classes.questions().len(), &all, &others);
        let with_patterns = |(question, yes): (usize, bool)| (classes.questions()[question].clone(), yes);
        let having: Vec<PatternChoice> =
            choices.into_iter().map(|choice| choice.into_iter().map(with_patterns).collect()).collect();
        let has =
            |text: &str| having.iter().any(|choice| choice.iter().all(|(patterns, yes)| patterns.are_in(text) == *yes));
        let of_class = |wanted: bool| {
            let texts = classes.listed.iter().enumerate();
            let texts = texts.filter(move |(class, text)| is_in(*class as u32) == wanted && has(text) != wanted);
            texts.map(|(_, text)| text.to_string()).collect()
        };
        let (and, listed) = (of_class(true), of_class(false));
        Self { listed, all_but: true, having, and }
    }

    /// The words for them, after their preposition.
    pub(super) fn in_words(&self, noun: &str) -> String {
        let texts = |texts: &[String]| listed(texts.iter().map(|text| quoted(text)));
        if self.having.is_empty() {
            return match self.all_but {
                false => format!("{noun} {}", texts(&self.listed)),
                true => format!("any {noun} but {}", texts(&self.listed)),
            };
        }
        let choices = self.having.iter().map(choice_words);
        let but = if self.listed.is_empty() { String::new() } else { format!(" but {}", texts(&self.listed)) };
        let and = if self.and.is_empty() { String::new() } else { format!(" or {noun} {}", texts(&self.and)) };
        format!("any {noun} that {}{but}{and}", listed(choices))
    }
}

/// `contains "spring" and does not start with "x"`
fn choice_words(choice: &PatternChoice) -> String {
    let words = choice.iter().map(|(patterns, yes)| {
        let has = match (patterns.place(), yes) {
            (PatternPlace::Anywhere, true) => "contains",
            (PatternPlace::Anywhere, false) => "does not contain",
            (PatternPlace::Start, true) => "starts with",
            (PatternPlace::Start, false) => "does not start with",
        };
        format!("{has} {}", listed(patterns.patterns().map(quoted)))
    });
    words.collect::<Vec<_>>().join(" and ")
}

/// What tells some of all sets of answers apart: each choice is some questions and their answers.
fn choices(answers: &[PatternAnswers], questions: usize, all: &[usize], some: &[usize]) -> Vec<Vec<(usize, bool)>> {
    if some.is_empty() {
        return Vec::new();
    }
    let has = |at: &usize, (question, yes): &(usize, bool)| answers[*at].has(*question) == *yes;
    let alike = |question: usize| {
        let yes = answers[some[0]].has(question);
        some.iter().all(|at| has(at, &(question, yes))).then_some((question, yes))
    };
    let mut choice: Vec<(usize, bool)> = (0..questions).filter_map(alike).collect();
    let left = |choice: &[(usize, bool)]| all.iter().filter(|at| choice.iter().all(|one| has(at, one))).count();
    let count = left(&choice);
    for question in (0..questions).rev() {
        // What leaves nothing more out need not be said.
        let without: Vec<(usize, bool)> = choice.iter().copied().filter(|one| one.0 != question).collect();
        if without.len() < choice.len() && left(&without) == count {
            choice = without;
        }
    }
    if count == some.len() {
        return vec![choice];
    }
    let all: Vec<usize> = all.iter().copied().filter(|at| choice.iter().all(|one| has(at, one))).collect();
    let tells = |question: &usize| {
        let yes = all.iter().filter(|at| answers[**at].has(*question)).count();
        yes > 0 && yes < all.len()
    };
    // Different sets of answers differ in a question.
    let Some(question) = (0..questions).find(tells) else { return vec![choice] };
    let side = |yes: bool| {
        let of = |list: &[usize]| list.iter().copied().filter(|at| has(at, &(question, yes))).collect::<Vec<_>>();
        let (all, some) = (of(&all), of(some));
        let choices = choices(answers, questions, &all, &some);
        choices.into_iter().map(move |one| [vec![(question, yes)], one].concat())
    };
    let both = side(true).chain(side(false));
    both.map(|one| [choice.clone(), one].concat()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(runs: &[&[bool]], chosen: &[usize]) -> Vec<Vec<(usize, bool)>> {
        let bits = |bits: &&[bool]| PatternAnswers::of_bits(bits);
        let answers: Vec<PatternAnswers> = runs.iter().map(bits).collect();
        choices(&answers, runs[0].len(), &(0..runs.len()).collect::<Vec<_>>(), chosen)
    }

    #[test]
    fn what_is_said_is_what_tells_them_apart() {
        let all: [&[bool]; 4] = [&[true, true], &[true, false], &[false, true], &[false, false]];
        assert_eq!(words(&all, &[0, 1]), [[(0, true)]]);
        assert_eq!(words(&all, &[3]), [[(0, false), (1, false)]]);
        assert_eq!(words(&all, &[0, 1, 2]), [vec![(0, true)], vec![(0, false), (1, true)]]);
        // What contains the longer contains the shorter: that need not be said.
        assert_eq!(words(&[&[true, true], &[true, false], &[false, false]], &[0]), [[(1, true)]]);
    }
}
