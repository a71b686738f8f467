//! Tables: keys, and cells of one type a column.

use super::Checker;
use super::figure::read_decimal;
use super::names::Kind;
use super::problems::{names as name_problems, statements as problems};
use crate::phone::{KeyMap, Pattern};
use crate::plan::{Cell, Column, Figure, Table};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::Type;
use std::collections::HashMap;

/// What a column has been found to hold, and where that was first seen.
#[derive(Clone, Copy)]
struct Seen {
    column_type: Type,
    span: Span,
}

impl Checker<'_, '_> {
    pub(super) fn table(&mut self, table: &ast::Table) -> Table {
        self.column_names(table);
        let mut keys = Vec::with_capacity(table.rows.len());
        let mut key_spans = Vec::with_capacity(table.rows.len());
        let mut cells = Vec::with_capacity(table.rows.iter().map(|row| row.cells.len()).sum());
        let mut seen: Vec<Option<Seen>> = vec![None; table.columns.len()];
        for row in &table.rows {
            let read = self.row(table, row, &mut seen);
            if let (Some(key), Some(read)) = (self.pattern(&row.key, None), read) {
                keys.push(key);
                key_spans.push(row.key.span());
                cells.extend(read);
            }
        }
        let number = self.definitions.tables.len();
        let untyped = seen.iter().enumerate().filter(|(_, seen)| seen.is_none());
        self.untyped_columns.extend(untyped.map(|(column, _)| (number, column)));
        let columns = table.columns.iter().zip(&seen).map(|(name, seen)| Column {
            name: name.text.clone(),
            // Without any row there is a problem, and no test is asked of the column.
            column_type: seen.map_or(Type::Text, |seen| seen.column_type),
        });
        let columns = columns.collect();
        let map = self.key_map(&keys, &key_spans);
        Table { name: table.name.text.clone(), columns, cells, patterns: keys, keys: map }
    }

    fn column_names(&mut self, table: &ast::Table) {
        let mut first: HashMap<&str, Span> = HashMap::new();
        for column in &table.columns {
            match first.get(column.text.as_str()) {
                Some(first) => self.problem(problems::duplicate_column(column, *first)),
                None => {
                    first.insert(&column.text, column.span);
                }
            }
        }
    }

    fn key_map(&mut self, keys: &[Pattern], spans: &[Span]) -> KeyMap {
        let (map, conflicts) = KeyMap::new(keys);
        for (first, again) in conflicts.equal {
            self.problem(problems::equal_keys(self.source.slice(spans[again]), spans[again], spans[first]));
        }
        for (first, later) in conflicts.crossing {
            let (one, other) = (self.source.slice(spans[first]), self.source.slice(spans[later]));
            self.problem(problems::crossing_keys(other, spans[later], one, spans[first]));
        }
        map
    }

    fn row(&mut self, table: &ast::Table, row: &ast::Row, seen: &mut [Option<Seen>]) -> Option<Vec<Cell>> {
        if row.cells.len() != table.columns.len() {
            self.problem(problems::cell_count(row, table));
            return None;
        }
        let cells = row.cells.iter().zip(&table.columns).zip(seen).map(|((cell, column), seen)| {
            let (found, read) = self.cell(cell)?;
            self.same_type(column, found, cell_span(cell), seen)?;
            Some(read)
        });
        // Every cell is looked at, so that each problem is told.
        cells.collect::<Vec<Option<Cell>>>().into_iter().collect()
    }

    /// A column has one type; with integers and decimals it is Decimal.
    fn same_type(&mut self, column: &ast::Token, found: Type, span: Span, seen: &mut Option<Seen>) -> Option<()> {
        match seen {
            None => *seen = Some(Seen { column_type: found, span }),
            Some(first) if first.column_type == found => {}
            Some(first) if is_figure(first.column_type) && is_figure(found) => first.column_type = Type::Decimal,
            Some(first) => {
                let first = *first;
                self.problem(problems::column_type(&column.text, span, found, first.span, first.column_type));
                return None;
            }
        }
        Some(())
    }

    fn cell(&mut self, cell: &ast::Cell) -> Option<(Type, Cell)> {
        match cell {
            ast::Cell::Text(text) => Some((Type::Text, Cell::Text(text.value.as_str().into()))),
            ast::Cell::Figure(token) => match read_decimal(&token.text) {
                Some((value, has_point)) => {
                    let figure = Figure { value, written: token.text.as_str().into() };
                    let column_type = if has_point { Type::Decimal } else { Type::Integer };
                    Some((column_type, Cell::Figure(Box::new(figure))))
                }
                None => {
                    self.problem(problems::not_a_cell(&token.text, token.span));
                    None
                }
            },
            ast::Cell::Number(token) => {
                self.problem(problems::number_in_cell(token));
                None
            }
            ast::Cell::Word(token) => match token.text.as_str() {
                "true" => Some((Type::Boolean, Cell::Boolean(true))),
                "false" => Some((Type::Boolean, Cell::Boolean(false))),
                _ => self.named_cell(token),
            },
        }
    }

    fn named_cell(&mut self, token: &ast::Token) -> Option<(Type, Cell)> {
        match self.names.find(&token.text) {
            Some((Kind::Agent, number)) => Some((Type::Agent, Cell::Agent(number))),
            Some((Kind::Schedule, number)) => Some((Type::Schedule, Cell::Schedule(number))),
            Some((kind, _)) => {
                self.problem(name_problems::not_a_cell_kind(&token.text, token.span, kind));
                None
            }
            None if self.names.is_unread(&token.text) => None,
            None => {
                let unknown = self.names.unknown(token, &[Kind::Agent, Kind::Schedule]);
                self.problem(match (token.text.to_ascii_lowercase().as_str(), unknown.fixes.is_empty()) {
                    ("yes", _) => name_problems::other_word(token, "true"),
                    ("no", _) => name_problems::other_word(token, "false"),
                    (_, true) => name_problems::word_in_cell(token),
                    (_, false) => unknown,
                });
                None
            }
        }
    }
}

fn is_figure(column_type: Type) -> bool {
    matches!(column_type, Type::Integer | Type::Decimal)
}

fn cell_span(cell: &ast::Cell) -> Span {
    match cell {
        ast::Cell::Text(text) => text.span,
        ast::Cell::Figure(token) | ast::Cell::Number(token) | ast::Cell::Word(token) => token.span,
    }
}
