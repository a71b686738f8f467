//! One namespace for all that a plan defines.

use super::Checked;
use super::problems::names as problems;
use crate::diagnostics::{Edit, Problems, Reported};
use crate::source::{Source, Span};
use crate::suggest::nearest;
use crate::syntax::{DefinitionKind, ast, begins_named_definition, is_reserved};
use std::collections::HashMap;

/// A name that the plan defines.
#[derive(Debug)]
pub(super) struct NameDefinition<'a> {
    pub kind: DefinitionKind,
    pub name: &'a ast::Token,
    /// Which of its kind, in the order of the plan.
    pub number: usize,
    /// The whole definition, for the edit that takes it out.
    pub span: Span,
    used: bool,
}

/// All names of a plan.
#[derive(Debug, Default)]
pub(super) struct PlanNames<'a> {
    all: Vec<NameDefinition<'a>>,
    by_name: HashMap<&'a str, usize>,
    /// Names whose definition could not be read: any use of one is let be.
    unread: HashMap<&'a str, Reported>,
    /// Set where a definition stands without its name: any name may be the missing one.
    nameless: Option<Reported>,
}

impl<'a> PlanNames<'a> {
    /// Gathers the names of a plan; each that is taken twice, or is a word of the language, is a
    /// problem.
    pub fn gather(plan: &'a ast::Plan, source: &Source, problems: &mut Problems) -> Self {
        let mut names = Self::default();
        let mut uses = NameUses { text: source.text(), places: None };
        let mut counts: HashMap<&'static str, usize> = HashMap::new();
        for item in &plan.items {
            let (kind, name, span) = match item {
                ast::Item::Agent(it) => (DefinitionKind::Agent, &it.name, it.span),
                ast::Item::Switch(it) => (DefinitionKind::Switch, &it.name, it.span),
                ast::Item::Attribute(it) => (DefinitionKind::Attribute, &it.name, it.span),
                ast::Item::Numbers(it) => (DefinitionKind::Numbers, &it.name, it.span),
                ast::Item::Condition(it) => (DefinitionKind::Condition, &it.name, it.span),
                ast::Item::Days(it) => (DefinitionKind::Days, &it.name, it.span),
                ast::Item::Schedule(it) => (DefinitionKind::Schedule, &it.name, it.span),
                ast::Item::Rotation(it) => (DefinitionKind::Rotation, &it.name, it.span),
                ast::Item::Table(it) => (DefinitionKind::Table, &it.name, it.span),
                ast::Item::Statement(statement) => {
                    names.note_unread(statement, source);
                    continue;
                }
                ast::Item::Timezone(_) | ast::Item::Country(_) | ast::Item::Example(_) | ast::Item::Proof(_) => {
                    continue;
                }
            };
            let count = counts.entry(kind.keyword()).or_default();
            let definition = NameDefinition { kind, name, number: *count, span, used: false };
            *count += 1;
            names.define(definition, &mut uses, problems);
        }
        names
    }

    fn define(&mut self, definition: NameDefinition<'a>, uses: &mut NameUses, problems: &mut Problems) {
        let name = definition.name;
        let mut definition = definition;
        if is_reserved(&name.text) || name.text.starts_with(|c: char| c.is_ascii_uppercase()) {
            problems.push(not_a_name(&definition, uses));
            // Nothing can use it yet, and that is said already.
            definition.used = true;
        }
        if let Some(first) = self.by_name.get(name.text.as_str()).and_then(|at| self.all.get_mut(*at)) {
            // Whoever uses the name may mean either.
            (first.used, definition.used) = (true, true);
            problems.push(problems::duplicate(&name.text, name.span, first.name.span));
        } else {
            self.by_name.insert(&name.text, self.all.len());
        }
        self.all.push(definition);
    }

    /// A definition that could not be read still defines its name.
    fn note_unread(&mut self, statement: &'a ast::Statement, source: &Source) {
        match &statement.kind {
            ast::StatementKind::Unreadable(unreadable) => {
                let Some(first) = unreadable.words.first() else { return };
                let reported = unreadable.reported;
                if !begins_named_definition(&first.text) {
                    // Without its keyword: `frontdesk = "…"`.
                    // Or with a misspelled one: `aent frontdesk = "…"`.
                    self.unread.extend(unreadable.words.iter().take(2).map(|word| (word.text.as_str(), reported)));
                }
                for (at, word) in
                    unreadable.words.iter().enumerate().filter(|(_, word)| begins_named_definition(&word.text))
                {
                    let after = Span { start: word.span.end, end: statement.span.end };
                    let next = unreadable.words.get(at + 1).filter(|next| {
                        let between = Span { start: word.span.end, end: next.span.start };
                        source.slice(between).trim_matches(['"', ' ', '\t', '\n', '\r']).is_empty()
                    });
                    match next {
                        Some(name) => self.let_be(&name.text, reported),
                        None if source.slice(after).trim_start().starts_with(['=', '{', '(']) => {
                            self.nameless = Some(reported);
                        }
                        None => {}
                    }
                }
            }
            ast::StatementKind::Rule { block, .. } | ast::StatementKind::When { block, .. } => {
                block.statements.iter().for_each(|statement| self.note_unread(statement, source));
            }
            ast::StatementKind::Split(split) => {
                let statements = split.arms.iter().flat_map(|arm| &arm.block.statements);
                statements.for_each(|statement| self.note_unread(statement, source));
            }
            ast::StatementKind::Context(_)
            | ast::StatementKind::Metadata(_)
            | ast::StatementKind::Skip
            | ast::StatementKind::Route(_)
            | ast::StatementKind::Reject(_)
            | ast::StatementKind::Fallback => {}
        }
    }

    /// What a name stands for; it then counts as used.
    pub fn find(&mut self, name: &str) -> Option<(DefinitionKind, usize)> {
        let definition = self.all.get_mut(*self.by_name.get(name)?)?;
        definition.used = true;
        Some((definition.kind, definition.number))
    }

    /// The definition of a name, without using it.
    pub fn get(&self, name: &str) -> Option<&NameDefinition<'a>> {
        self.all.get(*self.by_name.get(name)?)
    }

    /// Set where the name's definition is there but could not be read.
    pub fn unread(&self, name: &str) -> Option<Reported> {
        self.nameless.or_else(|| self.unread.get(name).copied())
    }

    /// Lets any use of a name be, since what it stands for has a problem already.
    pub fn let_be(&mut self, name: &'a str, reported: Reported) {
        self.unread.insert(name, reported);
    }

    /// The number of a name that must be of one kind; otherwise a problem says what it is, or what
    /// is near.
    pub fn expect(&mut self, token: &ast::Token, kind: DefinitionKind, problems: &mut Problems) -> Checked<usize> {
        match self.find(&token.text) {
            Some((found, number)) if found == kind => Ok(number),
            Some((found, _)) => Err(problems.error(problems::wrong_kind(&token.text, token.span, found, kind))),
            None => Err(match self.unread(&token.text) {
                Some(reported) => reported,
                None => problems.error(self.unknown(token, &[kind])),
            }),
        }
    }

    /// The problem with a name that stands for nothing.
    pub fn unknown(&mut self, token: &ast::Token, kinds: &[DefinitionKind]) -> crate::diagnostics::Diagnostic {
        let fitting = || self.all.iter().filter(|definition| kinds.contains(&definition.kind));
        let near = nearest(&token.text, fitting().map(|definition| definition.name.text.as_str()));
        let near = near
            .and_then(|name| self.get(name))
            .map(|definition| (definition.name.text.as_str(), definition.name.span));
        let listed: Vec<&str> = fitting().map(|definition| definition.name.text.as_str()).take(9).collect();
        let problem = problems::unknown(token, kinds, near, &listed);
        if let Some(name) = near.map(|(name, _)| name.to_owned()) {
            // It is what was meant, so nobody is told that nothing uses it.
            self.find(&name);
        }
        problem
    }

    /// Every name that is defined.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|definition| definition.name.text.as_str())
    }

    /// The name of a kind that is near to a word.
    pub fn nearest_of(&self, word: &str, kind: DefinitionKind) -> Option<String> {
        let names = self.all.iter().filter(|definition| definition.kind == kind);
        nearest(word, names.map(|definition| definition.name.text.as_str())).map(str::to_owned)
    }

    /// Names that nothing uses.
    pub fn unused(&self) -> impl Iterator<Item = &NameDefinition<'a>> {
        self.all.iter().filter(|definition| !definition.used)
    }
}

fn not_a_name(definition: &NameDefinition, uses: &mut NameUses) -> crate::diagnostics::Diagnostic {
    let name = &definition.name.text;
    let replacement = match is_reserved(name) {
        true => format!("{name}_{}", if name == definition.kind.keyword() { "1" } else { definition.kind.keyword() }),
        false => {
            let lower = name.to_ascii_lowercase();
            if is_reserved(&lower) { format!("{lower}_{}", definition.kind.keyword()) } else { lower }
        }
    };
    let edits = uses.of(name).into_iter().map(|span| Edit { span, text: replacement.clone() }).collect();
    problems::not_a_name(definition.name, definition.kind, &replacement, is_reserved(name), edits)
}

/// Where names are used, by what stands before them: the tree does not keep the names that are no
/// names.
struct NameUses<'s> {
    text: &'s str,
    /// Made when first asked for, of the whole text at once: there may be as many such names as
    /// words.
    places: Option<HashMap<&'s str, Vec<Span>>>,
}

impl<'s> NameUses<'s> {
    /// The uses of a name; of one that is asked for again, none.
    fn of(&mut self, name: &str) -> Vec<Span> {
        self.places.get_or_insert_with(|| all_uses(self.text)).remove(name).unwrap_or_default()
    }
}

fn all_uses(text: &str) -> HashMap<&str, Vec<Span>> {
    let mut places: HashMap<&str, Vec<Span>> = HashMap::new();
    let mut before = "";
    for (at, word) in words_and_marks(text) {
        if word.starts_with(|c: char| c.is_ascii_alphabetic()) && comes_before_a_name(before) {
            places.entry(word).or_default().push(Span::new(at, at + word.len()));
        }
        before = word;
    }
    places
}

fn comes_before_a_name(word: &str) -> bool {
    begins_named_definition(word)
        || matches!(word, "to" | "in" | "except" | "not" | "and" | "or" | "with" | "as" | "," | "[" | "(" | ":" | "=")
}

/// Every word and every mark of a text, quoted texts and comments aside.
fn words_and_marks(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = &text[at..];
            let first = rest.chars().next()?;
            let length = match first {
                '"' => 1 + rest[1..].find(['"', '\n']).map_or(rest.len() - 1, |end| end + 1),
                '#' => rest.find('\n').unwrap_or(rest.len()),
                c if c.is_ascii_alphabetic() || c == '_' => {
                    rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len())
                }
                c => c.len_utf8(),
            };
            let found = (at, &rest[..length]);
            at += length;
            if !(first.is_whitespace() || first == '#') {
                return Some(found);
            }
        }
    })
}
