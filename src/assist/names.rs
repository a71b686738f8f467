//! What a text defines, by the words that begin a definition, and the texts that it compares fields
//! with.

use super::tokens::{Shape, TextToken, TextTokens};
use crate::syntax::DefinitionKind;
use std::collections::{BTreeMap, BTreeSet};

/// A definition, as far as it is written.
#[derive(Clone, Debug)]
pub(super) struct WrittenDefinition<'t> {
    pub sort: DefinitionKind,
    pub name: &'t str,
    /// The numbers of its tokens, from the word that begins it to before what follows it.
    pub tokens: std::ops::Range<usize>,
    /// A table's columns, each with the first cell below it.
    pub columns: Vec<(&'t str, Option<TextToken<'t>>)>,
}

/// The names that a text defines.
#[derive(Debug, Default)]
pub(super) struct TextNames<'t> {
    /// In the order of the text. A name that is there twice counts once.
    pub definitions: Vec<WrittenDefinition<'t>>,
    by_name: BTreeMap<&'t str, usize>,
    /// The texts, with their quotes, that a field is compared with, by its name.
    pub compared: BTreeMap<&'t str, BTreeSet<&'t str>>,
}

impl<'t> TextNames<'t> {
    pub fn of(tokens: &TextTokens<'t>) -> Self {
        let all = &tokens.all;
        let mut names = Self::default();
        let begins: Vec<usize> = (0..all.len()).filter(|at| begins(all, *at)).collect();
        for (number, at) in begins.iter().enumerate() {
            let (Some(sort), Some(name)) = (DefinitionKind::of_keyword(all[*at].text), all.get(at + 1)) else {
                continue;
            };
            let is_new = !names.by_name.contains_key(name.text);
            if is_name(name) && is_new && is_defined(sort, all.get(at + 2)) {
                let tokens = *at..begins.get(number + 1).copied().unwrap_or(all.len());
                let columns = if sort == DefinitionKind::Table { columns(&all[tokens.clone()]) } else { Vec::new() };
                names.by_name.insert(name.text, names.definitions.len());
                names.definitions.push(WrittenDefinition { sort, name: name.text, tokens, columns });
            }
        }
        for three in all.windows(4) {
            let [field, is, value, next] = three else { continue };
            let text = if value.is("not") { next } else { value };
            if is.is("is") && text.shape == Shape::Text {
                names.compared.entry(field.text).or_default().insert(text.text);
            }
        }
        names
    }

    pub fn find(&self, name: &str) -> Option<&WrittenDefinition<'t>> {
        self.by_name.get(name).map(|at| &self.definitions[*at])
    }

    /// All of these sorts, in the order of the text.
    pub fn all_of<'n>(&'n self, sorts: &'n [DefinitionKind]) -> impl Iterator<Item = &'n WrittenDefinition<'t>> {
        self.definitions.iter().filter(|definition| sorts.contains(&definition.sort))
    }
}

/// Whether a token begins a statement or a definition. Some of these words stand elsewhere, too:
/// after a rule's name, as a key of metadata, a column or what follows a dot.
fn begins(all: &[TextToken], at: usize) -> bool {
    let token = &all[at];
    let before = at.checked_sub(1).map(|before| &all[before]);
    let is_after = |mark: &str| before.is_some_and(|before| before.is(mark));
    token.shape == Shape::Word
        && (super::words::is_starter(token.text) || begins_contextual(all, at) || begins_home_country(all, at))
        && !is_after(".")
        && !(is_after(",") || is_after("(") || all.get(at + 1).is_some_and(|next| next.is(":") || next.is("as")))
        && !(token.is("when") && before.is_some_and(|before| before.shape == Shape::Text))
}

/// Whether `attribute NAME =` or `rotation NAME {` stands here; the word alone may be a name.
pub(super) fn begins_contextual(all: &[TextToken], at: usize) -> bool {
    let is = |at: usize, word: &str| all.get(at).is_some_and(|token| token.is(word));
    let goes_on = match all.get(at).map(|token| token.text) {
        Some("attribute") => is(at + 2, "="),
        Some("rotation") => is(at + 2, "{") || is(at + 2, "in"),
        Some(_) | None => false,
    };
    goes_on && all.get(at + 1).is_some_and(is_name)
}

/// Whether `country GB` stands here; after a dot the word is a field.
pub(super) fn begins_home_country(all: &[TextToken], at: usize) -> bool {
    let is_code = |text: &str| text == "any" || (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()));
    all.get(at).is_some_and(|token| token.is("country"))
        && !at.checked_sub(1).is_some_and(|before| all[before].is("."))
        && all.get(at + 1).is_some_and(|next| next.shape == Shape::Word && is_code(next.text))
}

fn is_name(token: &TextToken) -> bool {
    token.shape == Shape::Word && !crate::syntax::is_reserved(token.text)
}

/// Whether what follows a name goes on with its definition.
fn is_defined(sort: DefinitionKind, next: Option<&TextToken>) -> bool {
    let is = |words: &[&str]| next.is_some_and(|next| words.iter().any(|word| next.is(word)));
    match sort {
        DefinitionKind::Agent
        | DefinitionKind::Attribute
        | DefinitionKind::Numbers
        | DefinitionKind::Condition
        | DefinitionKind::Days => is(&["="]),
        DefinitionKind::Schedule => is(&["{", "in", "except"]),
        DefinitionKind::Rotation => is(&["{", "in"]),
        DefinitionKind::Table => is(&["("]),
        DefinitionKind::Switch => true,
    }
}

/// The columns of `table NAME ( … ) { KEY: CELL, … }`, with the cells of the first row.
fn columns<'t>(tokens: &[TextToken<'t>]) -> Vec<(&'t str, Option<TextToken<'t>>)> {
    let open = tokens.iter().position(|token| token.is("(")).map_or(tokens.len(), |open| open + 1);
    let close = tokens[open..].iter().position(|token| token.is(")")).map_or(tokens.len(), |close| open + close);
    let named = tokens[open..close].iter().filter(|token| token.shape == Shape::Word);
    let mut cells = tokens[close..].iter().skip_while(|token| !token.is(":")).skip(1).filter(|token| !token.is(","));
    named.map(|name| (name.text, cells.next().copied().filter(|cell| cell.shape != Shape::Mark))).collect()
}
