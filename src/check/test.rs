//! Tests: what is tested, what is asked of it, and whether the two fit.

use super::Checker;
use super::condition::Standing;
use super::names::Kind;
use super::problems::{names as name_problems, tests as problems};
use crate::diagnostics::Grade;
use crate::fields::Field;
use crate::plan::{ColumnTest, Condition, Party, Question, RowSlot, RowTest, Test};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::Type;

/// What a test is about.
pub(super) enum Subject {
    Field(Field),
    /// A column of a row that a test found.
    Column {
        slot: RowSlot,
        column: usize,
        column_type: Type,
    },
    /// A name of the plan.
    Named(Kind, usize),
}

impl<'a> Checker<'a, '_> {
    pub(super) fn test(&mut self, test: &'a ast::Test, standing: Standing) -> Option<Condition> {
        let subject = self.subject(&test.subject, test.predicate.is_none())?;
        let Some(predicate) = &test.predicate else { return self.bare_name(test, &subject) };
        if let ast::Predicate::Membership { negated, value: ast::Value::Path(path), binding, .. } = predicate
            && let Some(table) = self.table_named(path)
        {
            return self.row_test(test, &subject, *negated, table, binding.as_ref(), standing);
        }
        if let ast::Predicate::Membership { value, binding: Some(binding), .. } = predicate {
            self.names.let_be(&binding.text);
            // A table that is not there has a problem of its own.
            let is_unknown =
                matches!(value, ast::Value::Path(path) if self.names.get(&path.name.text).is_none() && !is_word(path));
            if is_unknown && let ast::Value::Path(path) = value {
                self.names.expect(&path.name, Kind::Table, self.problems);
                return None;
            }
            self.problem(problems::binding_without_table(binding.span));
            return None;
        }
        match subject {
            Subject::Field(field) => self.value_test(test, predicate, field.entry().field_type, Target::Field(field)),
            Subject::Column { slot, column, column_type: Type::Schedule } => {
                let open = self.open_or_closed(test, predicate)?;
                Some(one(Question::Column(slot, column, ColumnTest::Open), open, test.span))
            }
            Subject::Column { column_type: Type::Agent, .. } => {
                self.problem(problems::agent_column(self.source.slice(test.subject.span), test.span));
                None
            }
            Subject::Column { slot, column, column_type } => {
                self.value_test(test, predicate, column_type, Target::Column(slot, column))
            }
            Subject::Named(Kind::Schedule, number) => {
                let open = self.open_or_closed(test, predicate)?;
                Some(one(Question::Open(number), open, test.span))
            }
            Subject::Named(Kind::Switch, number) => {
                let on = self.on_or_off(test, predicate)?;
                Some(one(Question::Switch(number), on, test.span))
            }
            Subject::Named(kind, _) => {
                self.problem(problems::not_testable(&test.subject, kind, test.span));
                None
            }
        }
    }

    /// What a path in a test, a hole or metadata stands for.
    pub(super) fn subject(&mut self, path: &ast::Path, bare: bool) -> Option<Subject> {
        let (name, after_dot) = (path.name.text.as_str(), path.field.as_ref());
        if let Some((_, slot, table)) = self.rows.iter().rev().find(|(row, ..)| row.text == name).copied() {
            return self.column(path, slot, table);
        }
        if let Some(field) = Field::find(name, after_dot.map(|token| token.text.as_str())) {
            if field.is_of_the_clock() {
                self.uses_zone(path.span, "the time");
            }
            return Some(Subject::Field(field));
        }
        if let (Some(after_dot), Some(_)) = (after_dot, Field::find(name, None)) {
            self.problem(problems::no_such_part(name, after_dot));
            return None;
        }
        let found = self.names.find(name);
        match (found, after_dot) {
            (Some((Kind::Table, _)), Some(_)) => self.problem(problems::table_without_row(path)),
            (Some((kind, _)), Some(after_dot)) => self.problem(problems::nothing_after_dot(name, kind, after_dot)),
            (Some((kind, number)), None) => return Some(Subject::Named(kind, number)),
            (None, _) if self.names.is_unread(name) || name.is_empty() => {}
            // The block of its test may have ended where it was not meant to.
            (None, Some(_)) if self.brackets_moved => {}
            (None, Some(_)) => self.problem(problems::no_such_row(path)),
            (None, None) => self.unknown_subject(&path.name, bare),
        }
        None
    }

    fn unknown_subject(&mut self, token: &ast::Token, bare: bool) {
        let fields = crate::fields::FIELDS.iter().map(|entry| entry.name);
        let near_field = crate::suggest::nearest(&token.text, fields).filter(|_| !bare);
        let near_field = near_field.map(|field| (field, self.field_spelling(&token.text, field)));
        let problem = match problems::other_word_for_field(&token.text).or(near_field) {
            Some((field, grade)) => problems::unknown_field(token, field, grade),
            None => self.names.unknown(
                token,
                if bare { &[Kind::Condition] } else { &[Kind::Schedule, Kind::Switch, Kind::Condition] },
            ),
        };
        self.problem(problem);
    }

    /// A field's misspelled name may be put right without asking where no other field or name of the plan is as near.
    fn field_spelling(&self, written: &str, field: &str) -> Grade {
        let fields = crate::fields::FIELDS.iter().map(|entry| entry.name);
        let rows = self.rows.iter().map(|(row, ..)| row.text.as_str());
        let all = fields.chain(self.names.all()).chain(rows);
        if crate::suggest::has_rival(written, field, all) { Grade::Suggestion } else { Grade::Safe }
    }

    /// Whether a word is neither a name nor a field, nor close to one.
    pub(super) fn is_nothing(&self, word: &str) -> bool {
        let fields = || crate::fields::FIELDS.iter().map(|entry| entry.name);
        let is_row = self.rows.iter().any(|(row, ..)| row.text == word);
        let is_near =
            crate::suggest::nearest(word, fields()).is_some() || problems::other_word_for_field(word).is_some();
        !is_row && !is_near && self.names.get(word).is_none() && !self.names.is_unread(word)
    }

    fn column(&mut self, path: &ast::Path, slot: RowSlot, table: usize) -> Option<Subject> {
        let number = table;
        let table = self.definitions.tables.get(number)?;
        let Some(field) = &path.field else {
            let columns: Vec<String> = table.columns.iter().take(12).map(|column| column.name.clone()).collect();
            self.problem(problems::row_without_column(path, &columns));
            return None;
        };
        let Some(column) = table.columns.iter().position(|column| column.name == field.text) else {
            let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
            let problem = problems::no_such_column(field, &table.name, &columns);
            self.problem(problem);
            return None;
        };
        // Its rows have a problem already.
        if self.untyped_columns.contains(&(number, column)) {
            return None;
        }
        Some(Subject::Column { slot, column, column_type: table.columns[column].column_type })
    }

    /// A name that stands alone must be a condition's.
    fn bare_name(&mut self, test: &ast::Test, subject: &Subject) -> Option<Condition> {
        match subject {
            Subject::Named(Kind::Condition, number) => {
                let order = self.condition_order.get(*number).copied().flatten()?;
                return Some(Condition::Named(order, test.span));
            }
            Subject::Named(kind, _) => {
                self.problem(problems::bare_definition(&test.subject.name.text, test.span, *kind))
            }
            Subject::Field(field) => self.problem(problems::bare_field(test.span, *field)),
            Subject::Column { column_type, .. } => {
                self.problem(problems::bare_column(self.source.slice(test.span), test.span, *column_type));
            }
        }
        None
    }

    fn table_named(&self, path: &ast::Path) -> Option<usize> {
        let definition = self.names.get(&path.name.text)?;
        (definition.kind == Kind::Table && path.field.is_none()).then_some(definition.number)
    }

    /// `caller in accounts as account`
    fn row_test(
        &mut self,
        test: &'a ast::Test,
        subject: &Subject,
        negated: bool,
        table: usize,
        binding: Option<&'a ast::Token>,
        standing: Standing,
    ) -> Option<Condition> {
        if let Some(ast::Predicate::Membership { value: ast::Value::Path(path), .. }) = &test.predicate {
            self.names.find(&path.name.text);
        }
        let Subject::Field(field @ (Field::Caller | Field::Dialed)) = subject else {
            self.problem(problems::only_numbers_in_table(self.source.slice(test.subject.span), test.subject.span));
            return None;
        };
        let slot = self.definitions.row_tests.len();
        self.definitions.row_tests.push(RowTest { party: party(*field), table });
        if let Some(binding) = binding {
            self.bind(binding, slot, table, negated, standing);
        }
        Some(one(Question::Row(slot), !negated, test.span))
    }

    fn bind(&mut self, binding: &'a ast::Token, slot: RowSlot, table: usize, negated: bool, standing: Standing) {
        if crate::syntax::is_reserved(&binding.text) || binding.text.starts_with(|c: char| c.is_ascii_uppercase()) {
            self.problem(problems::not_a_row_name(binding));
        }
        if let Some(first) = self.names.get(&binding.text).map(|definition| definition.name.span) {
            self.problem(name_problems::duplicate(&binding.text, binding.span, first));
        } else if let Some(first) =
            self.rows.iter().find(|(row, ..)| row.text == binding.text).map(|(row, ..)| row.span)
        {
            self.problem(name_problems::duplicate(&binding.text, binding.span, first));
        }
        match standing {
            Standing::Certain if !negated => {}
            Standing::Certain | Standing::Uncertain => self.problem(problems::row_uncertain(binding)),
            Standing::Definition => self.problem(problems::row_in_condition(binding)),
        }
        // Uses of it are let be even where it may not stand: one mistake, one message.
        self.rows.push((binding, slot, table));
    }

    fn open_or_closed(&mut self, test: &ast::Test, predicate: &ast::Predicate) -> Option<bool> {
        self.state(test, predicate, ["open", "closed"], "a schedule")
    }

    fn on_or_off(&mut self, test: &ast::Test, predicate: &ast::Predicate) -> Option<bool> {
        self.state(test, predicate, ["on", "off"], "a switch")
    }

    /// `is open`, `is closed`: one of two words, the first of which is yes.
    fn state(
        &mut self,
        test: &ast::Test,
        predicate: &ast::Predicate,
        words: [&'static str; 2],
        what: &str,
    ) -> Option<bool> {
        let subject = self.source.slice(test.subject.span).to_owned();
        if let ast::Predicate::Equality { negated, value: ast::Value::Path(path), .. } = predicate
            && path.field.is_none()
            && let Some(at) = words.iter().position(|word| *word == path.name.text)
        {
            if !negated {
                return Some(at == 0);
            }
            self.problem(problems::not_a_state(&subject, words, 1 - at, test.question()));
            return None;
        }
        let used = match predicate {
            ast::Predicate::Equality { value, .. }
            | ast::Predicate::Membership { value, .. }
            | ast::Predicate::Comparison { value, .. } => value,
        };
        self.mention(used);
        self.problem(problems::only_states(&subject, test.span, words, what));
        None
    }

    /// A name in a value that cannot be judged any further counts as used.
    pub(super) fn mention(&mut self, value: &ast::Value) {
        if let ast::Value::Path(path) = value {
            self.names.find(&path.name.text);
        }
    }
}

/// Whether a path is a word with a meaning, and so no table's name.
fn is_word(path: &ast::Path) -> bool {
    path.field.is_some() || crate::syntax::is_reserved(&path.name.text)
}

/// What a test on a value asks about.
#[derive(Clone, Copy)]
pub(super) enum Target {
    Field(Field),
    Column(RowSlot, usize),
}

/// A condition of one test.
pub(super) fn one(question: Question, expected: bool, span: Span) -> Condition {
    Condition::Test(Test { question, expected, span })
}

/// Whose number a field is, or whose number's country.
pub(super) fn party(field: Field) -> Party {
    match field {
        Field::Caller | Field::CallerCountry => Party::Caller,
        Field::Dialed | Field::DialedCountry => Party::Dialed,
        Field::Trunk
        | Field::Organization
        | Field::Time
        | Field::Date
        | Field::Weekday
        | Field::Day
        | Field::Month
        | Field::Now => Party::Caller,
    }
}
