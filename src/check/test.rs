//! Tests: what is tested, what is asked of it, and whether the two fit.

use super::condition::ConditionPlace;
use super::problems::{names as name_problems, tests as problems, told};
use super::value::{Tested, TestedText};
use super::{Checked, Checker};
use crate::diagnostics::{Grade, Reported};
use crate::fields::Field;
use crate::plan::{CallText, ColumnTest, ColumnType, Condition, DAY_NAME, HoursPart, Question, RowSlot, RowTest, Test};
use crate::source::Span;
use crate::suggest::{has_rival, nearest};
use crate::syntax::{DefinitionKind, ast};

/// What a test is about.
pub(super) enum Subject {
    Field(Field),
    /// A column of a row that a test found.
    Column {
        slot: RowSlot,
        column: usize,
        column_type: ColumnType,
    },
    /// A name of the plan.
    Named(DefinitionKind, usize),
}

impl<'a> Checker<'a, '_> {
    pub(super) fn test(&mut self, test: &'a ast::Test, standing: ConditionPlace) -> Checked<Condition> {
        let subject = self.subject(&test.subject, test.predicate.is_none())?;
        let Some(predicate) = &test.predicate else { return self.bare_name(test, &subject) };
        if let ast::Predicate::Membership { negated, value: ast::Value::Path(path), binding, .. } = predicate
            && let Some(table) = self.table_named(path)
        {
            return self.row_test(test, &subject, *negated, table, binding.as_deref(), standing);
        }
        if let ast::Predicate::Membership { value, binding: Some(binding), .. } = predicate {
            let reported = self.binding_without_table(value, binding);
            self.names.let_be(&binding.text, reported);
            return Err(reported);
        }
        match subject {
            Subject::Field(field) => self.value_test(test, predicate, Tested::of_field(field)),
            Subject::Column { slot, column, column_type } => {
                self.column_test(test, predicate, slot, column, column_type)
            }
            Subject::Named(DefinitionKind::Schedule, number) => {
                let open = self.open_or_closed(test, predicate)?;
                Ok(one(Question::Open(number), open, test.span))
            }
            Subject::Named(DefinitionKind::Switch, number) => {
                let on = self.on_or_off(test, predicate)?;
                Ok(one(Question::Switch(number), on, test.span))
            }
            Subject::Named(DefinitionKind::Rotation, number) => self.rotation_test(test, predicate, number),
            Subject::Named(DefinitionKind::Attribute, number) => {
                self.value_test(test, predicate, Tested::Text(TestedText::OfCall(CallText::Attribute(number))))
            }
            Subject::Named(
                kind @ (DefinitionKind::Agent
                | DefinitionKind::Numbers
                | DefinitionKind::Condition
                | DefinitionKind::Days
                | DefinitionKind::Table),
                _,
            ) => self.refuse(problems::not_testable(&test.subject, kind, test.span)),
        }
    }

    fn column_test(
        &mut self,
        test: &'a ast::Test,
        predicate: &'a ast::Predicate,
        slot: RowSlot,
        column: usize,
        column_type: ColumnType,
    ) -> Checked<Condition> {
        let tested = match column_type {
            ColumnType::Text => Tested::Text(TestedText::Column(slot, column)),
            ColumnType::Integer => Tested::Figure { slot, column, has_point: false },
            ColumnType::Decimal => Tested::Figure { slot, column, has_point: true },
            ColumnType::Boolean => Tested::Boolean(slot, column),
            ColumnType::Schedule => {
                let open = self.open_or_closed(test, predicate)?;
                return Ok(one(Question::Column(slot, column, ColumnTest::Open), open, test.span));
            }
            ColumnType::Agent => {
                return self.refuse(problems::agent_column(self.source.slice(test.subject.span), test.span));
            }
        };
        self.value_test(test, predicate, tested)
    }

    /// `as NAME` after anything but a table; one that is not there has a problem of its own.
    fn binding_without_table(&mut self, value: &ast::Value, binding: &ast::Token) -> Reported {
        if let ast::Value::Path(path) = value
            && self.names.get(&path.name.text).is_none()
            && !is_word(path)
            && let Err(reported) = self.names.expect(&path.name, DefinitionKind::Table, self.problems)
        {
            return reported;
        }
        self.error(problems::binding_without_table(binding.span))
    }

    /// What a path in a test, a hole or metadata stands for.
    pub(super) fn subject(&mut self, path: &ast::Path, bare: bool) -> Checked<Subject> {
        let (name, after_dot) = (path.name.text.as_str(), path.field.as_ref());
        if let Some((_, slot, table)) = self.rows.iter().rev().find(|(row, ..)| row.text == name).copied() {
            return self.column(path, slot, table);
        }
        let field = Field::find(name, after_dot.map(|token| token.text.as_str()));
        let is_taken = self.names.get(name).is_some() || self.names.unread(name).is_some();
        if let Some(field) = field.filter(|field| !(field.is_free_word() && is_taken)) {
            if field.is_of_the_clock() {
                self.uses_zone(path.span, "the time");
            }
            return Ok(Subject::Field(field));
        }
        if let (Some(after_dot), Some(_)) = (after_dot, Field::find(name, None)) {
            return self.refuse(problems::no_such_part(name, after_dot));
        }
        let found = self.names.find(name);
        // The block of a row's test may have ended where it was not meant to.
        let row_lost = self.brackets_moved.filter(|_| after_dot.is_some());
        match (found, after_dot) {
            (Some((DefinitionKind::Table, _)), Some(_)) => self.refuse(problems::table_without_row(path)),
            (Some((DefinitionKind::Schedule, _)), Some(part))
                if HoursPart::ALL.iter().any(|known| known.name() == part.text) =>
            {
                let problem = told::told_in_test(name, part, path.span);
                self.refuse(problem.help(format!("a test asks whether it is open: `{name} is open`")))
            }
            (Some((DefinitionKind::Days, _)), Some(part)) if part.text == DAY_NAME => {
                let problem = told::told_in_test(name, part, path.span);
                self.refuse(problem.help(format!("a test asks for the date: `date in {name}`")))
            }
            (Some((kind, _)), Some(after_dot)) => self.refuse(problems::nothing_after_dot(name, kind, after_dot)),
            (Some((kind, number)), None) => Ok(Subject::Named(kind, number)),
            (None, after_dot) => Err(match self.names.unread(name).or(row_lost) {
                Some(reported) => reported,
                None if after_dot.is_some() => self.error(problems::no_such_row(path)),
                None => self.unknown_subject(&path.name, bare),
            }),
        }
    }

    fn unknown_subject(&mut self, token: &ast::Token, bare: bool) -> Reported {
        let fields = crate::fields::FIELDS.iter().map(|entry| entry.name);
        let near_field = nearest(&token.text, fields).filter(|_| !bare);
        let near_field = near_field.map(|field| (field, self.field_spelling(&token.text, field)));
        let problem = match problems::other_word_for_field(&token.text).or(near_field) {
            Some((field, grade)) => problems::unknown_field(token, field, grade),
            None if problems::instead_of(&token.text).is_some() => problems::no_such_field(token),
            None => self.names.unknown(
                token,
                if bare {
                    &[DefinitionKind::Condition]
                } else {
                    &[
                        DefinitionKind::Schedule,
                        DefinitionKind::Switch,
                        DefinitionKind::Rotation,
                        DefinitionKind::Attribute,
                        DefinitionKind::Condition,
                    ]
                },
            ),
        };
        self.error(problem)
    }

    /// A field's misspelled name may be put right without asking where no other field or name of
    /// the plan is as near.
    fn field_spelling(&self, written: &str, field: &str) -> Grade {
        let fields = crate::fields::FIELDS.iter().map(|entry| entry.name);
        let rows = self.rows.iter().map(|(row, ..)| row.text.as_str());
        let all = fields.chain(self.names.all()).chain(rows);
        if has_rival(written, field, all) { Grade::Suggestion } else { Grade::Safe }
    }

    /// Whether a word is neither a name nor a field, nor close to one.
    pub(super) fn is_nothing(&self, word: &str) -> bool {
        let fields = || crate::fields::FIELDS.iter().map(|entry| entry.name);
        let is_row = self.rows.iter().any(|(row, ..)| row.text == word);
        let is_near = nearest(word, fields()).is_some() || problems::other_word_for_field(word).is_some();
        !is_row && !is_near && self.names.get(word).is_none() && self.names.unread(word).is_none()
    }

    fn column(&mut self, path: &ast::Path, slot: RowSlot, number: usize) -> Checked<Subject> {
        let Some(table) = self.definitions.tables.get(number) else { return Err(self.told_before(path.span)) };
        let Some(field) = &path.field else {
            let columns: Vec<String> = table.columns.iter().take(12).map(|column| column.name.clone()).collect();
            return self.refuse(problems::row_without_column(path, &columns));
        };
        let Some(column) = table.columns.iter().position(|column| column.name == field.text) else {
            let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
            let problem = problems::no_such_column(field, &table.name, &columns);
            return self.refuse(problem);
        };
        match self.untyped_columns.get(&(number, column)) {
            Some(reported) => Err(*reported),
            None => Ok(Subject::Column { slot, column, column_type: table.columns[column].column_type }),
        }
    }

    /// A name that stands alone must be a condition's.
    fn bare_name(&mut self, test: &ast::Test, subject: &Subject) -> Checked<Condition> {
        match subject {
            Subject::Named(DefinitionKind::Condition, number) => {
                let order = self.condition_order.get(*number).copied().flatten();
                let order = order.unwrap_or_else(|| Err(self.told_before(test.span)))?;
                Ok(Condition::Named(order, test.span))
            }
            Subject::Named(kind, _) => {
                self.refuse(problems::bare_definition(&test.subject.name.text, test.span, *kind))
            }
            Subject::Field(field) => self.refuse(problems::bare_field(test.span, *field)),
            Subject::Column { column_type, .. } => {
                self.refuse(problems::bare_column(self.source.slice(test.span), test.span, *column_type))
            }
        }
    }

    fn table_named(&self, path: &ast::Path) -> Option<usize> {
        let definition = self.names.get(&path.name.text)?;
        (definition.kind == DefinitionKind::Table && path.field.is_none()).then_some(definition.number)
    }

    /// `caller in accounts as account`
    fn row_test(
        &mut self,
        test: &'a ast::Test,
        subject: &Subject,
        negated: bool,
        table: usize,
        binding: Option<&'a ast::Token>,
        standing: ConditionPlace,
    ) -> Checked<Condition> {
        if let Some(ast::Predicate::Membership { value: ast::Value::Path(path), .. }) = &test.predicate {
            self.names.find(&path.name.text);
        }
        let Subject::Field(Field::Number(party)) = subject else {
            return self
                .refuse(problems::only_numbers_in_table(self.source.slice(test.subject.span), test.subject.span));
        };
        let slot = self.definitions.row_tests.len();
        self.definitions.row_tests.push(RowTest { party: *party, table });
        if let Some(binding) = binding {
            self.bind(binding, slot, table, negated, standing)?;
        }
        Ok(one(Question::Row(slot), !negated, test.span))
    }

    /// Names the row that a test finds.
    fn bind(
        &mut self,
        binding: &'a ast::Token,
        slot: RowSlot,
        table: usize,
        negated: bool,
        standing: ConditionPlace,
    ) -> Checked<()> {
        let mut wrong = None;
        if crate::syntax::is_reserved(&binding.text) || binding.text.starts_with(|c: char| c.is_ascii_uppercase()) {
            wrong = Some(self.error(problems::not_a_row_name(binding)));
        }
        let definition = self.names.get(&binding.text).map(|definition| definition.name.span);
        let row = || self.rows.iter().find(|(row, ..)| row.text == binding.text).map(|(row, ..)| row.span);
        if let Some(first) = definition.or_else(row) {
            wrong = Some(self.error(name_problems::duplicate(&binding.text, binding.span, first)));
        }
        match standing {
            ConditionPlace::Certain if !negated => {}
            ConditionPlace::Certain | ConditionPlace::Uncertain => {
                wrong = Some(self.error(problems::row_uncertain(binding)))
            }
            ConditionPlace::Definition => wrong = Some(self.error(problems::row_in_condition(binding))),
        }
        // Uses of it are let be even where it may not stand: one mistake, one message.
        self.rows.push((binding, slot, table));
        wrong.map_or(Ok(()), Err)
    }

    fn open_or_closed(&mut self, test: &ast::Test, predicate: &ast::Predicate) -> Checked<bool> {
        self.state(test, predicate, ["open", "closed"], "a schedule")
    }

    fn on_or_off(&mut self, test: &ast::Test, predicate: &ast::Predicate) -> Checked<bool> {
        self.state(test, predicate, ["on", "off"], "a switch")
    }

    /// `is open`, `is closed`: one of two words, the first of which is yes.
    fn state(
        &mut self,
        test: &ast::Test,
        predicate: &ast::Predicate,
        words: [&'static str; 2],
        what: &str,
    ) -> Checked<bool> {
        let subject = self.source.slice(test.subject.span).to_owned();
        if let ast::Predicate::Equality { negated, value: ast::Value::Path(path), .. } = predicate
            && path.field.is_none()
            && let Some(at) = words.iter().position(|word| *word == path.name.text)
        {
            if !negated {
                return Ok(at == 0);
            }
            return self.refuse(problems::not_a_state(&subject, words, 1 - at, test.question()));
        }
        let used = predicate.value();
        self.mention(used);
        let unknown = used.as_word().filter(|word| self.names.get(&word.text).is_none());
        let misspelled = unknown.and_then(|word| {
            let near = nearest(&word.text, words).filter(|near| !has_rival(&word.text, near, words))?;
            Some((used.span(), near))
        });
        self.refuse(problems::only_states(&subject, test.span, words, what, misspelled))
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

/// A condition of one test.
pub(super) fn one(question: Question, expected: bool, span: Span) -> Condition {
    Condition::Test(Test { question, expected, span })
}
