//! Tables: keys, and cells of one type a column.

use super::figure::{has_leading_zero, read_decimal};
use super::problems::{names as name_problems, statements as problems};
use super::{Checked, Checker};
use crate::phone::{KeyMap, Pattern};
use crate::plan::{Cell, Column, ColumnType, Figure, Table};
use crate::source::Span;
use crate::syntax::{DefinitionKind, ast};
use std::collections::HashMap;

/// What a column has been found to hold, and where that was first seen.
#[derive(Clone, Copy)]
struct ColumnEvidence {
    column_type: ColumnType,
    span: Span,
}

impl Checker<'_, '_> {
    pub(super) fn table(&mut self, table: &ast::Table) -> Table {
        self.column_names(table);
        let mut keys = Vec::with_capacity(table.rows.len());
        let mut key_spans = Vec::with_capacity(table.rows.len());
        let mut cells = Vec::with_capacity(table.rows.iter().map(|row| row.cells.len()).sum());
        let mut seen: Vec<Option<ColumnEvidence>> = vec![None; table.columns.len()];
        let mut wrong = table.unread;
        for row in &table.rows {
            let read = self.row(table, row, &mut seen);
            match (self.pattern(&row.key, None), read) {
                (Ok(key), Ok(read)) => {
                    keys.push(key);
                    key_spans.push(row.key.span());
                    cells.extend(read);
                }
                (Err(reported), _) | (_, Err(reported)) => wrong = Some(reported),
            }
        }
        let number = self.definitions.tables.len();
        for column in (0..seen.len()).filter(|column| seen[*column].is_none()) {
            let reported = wrong.unwrap_or_else(|| self.told_before(table.name.span));
            self.untyped_columns.insert((number, column), reported);
        }
        let columns = table.columns.iter().zip(&seen).map(|(name, seen)| Column {
            name: name.text.clone(),
            // Without any row there is a problem, and no test is asked of the column.
            column_type: seen.map_or(ColumnType::Text, |seen| seen.column_type),
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

    fn row(&mut self, table: &ast::Table, row: &ast::Row, seen: &mut [Option<ColumnEvidence>]) -> Checked<Vec<Cell>> {
        if row.cells.len() != table.columns.len() {
            return self.refuse(problems::cell_count(row, table));
        }
        let cells = row.cells.iter().zip(&table.columns).zip(seen).map(|((cell, column), seen)| {
            let (found, read) = self.cell(cell)?;
            self.same_type(column, found, cell_span(cell), seen)?;
            Ok(read)
        });
        // Every cell is looked at, so that each problem is told.
        cells.collect::<Vec<Checked<Cell>>>().into_iter().collect()
    }

    /// A column has one type; with integers and decimals it is Decimal.
    fn same_type(
        &mut self,
        column: &ast::Token,
        found: ColumnType,
        span: Span,
        seen: &mut Option<ColumnEvidence>,
    ) -> Checked<()> {
        match seen {
            None => *seen = Some(ColumnEvidence { column_type: found, span }),
            Some(first) if first.column_type == found => {}
            Some(first) if is_figure(first.column_type) && is_figure(found) => first.column_type = ColumnType::Decimal,
            Some(first) => {
                let first = *first;
                let (found, wanted) = (found.value_type(), first.column_type.value_type());
                return self.refuse(problems::column_type(&column.text, span, found, first.span, wanted));
            }
        }
        Ok(())
    }

    fn cell(&mut self, cell: &ast::Cell) -> Checked<(ColumnType, Cell)> {
        match cell {
            ast::Cell::Text(text) => Ok((ColumnType::Text, Cell::Text(text.value.as_str().into()))),
            ast::Cell::Figure(token) => match read_decimal(&token.text).filter(|_| !has_leading_zero(&token.text)) {
                Some((value, has_point)) => {
                    let figure = Figure { value, written: token.text.as_str().into() };
                    let column_type = if has_point { ColumnType::Decimal } else { ColumnType::Integer };
                    Ok((column_type, Cell::Figure(Box::new(figure))))
                }
                None => self.refuse(problems::not_a_cell(&token.text, token.span)),
            },
            ast::Cell::Number(token) => self.refuse(problems::number_in_cell(token)),
            ast::Cell::Word(token) => match token.text.as_str() {
                "true" => Ok((ColumnType::Boolean, Cell::Boolean(true))),
                "false" => Ok((ColumnType::Boolean, Cell::Boolean(false))),
                _ => self.named_cell(token),
            },
        }
    }

    fn named_cell(&mut self, token: &ast::Token) -> Checked<(ColumnType, Cell)> {
        match self.names.find(&token.text) {
            Some((DefinitionKind::Agent, number)) => Ok((ColumnType::Agent, Cell::Agent(number))),
            Some((DefinitionKind::Rotation, number)) => Ok((ColumnType::Agent, Cell::Rotation(number))),
            Some((DefinitionKind::Schedule, number)) => Ok((ColumnType::Schedule, Cell::Schedule(number))),
            Some((kind, _)) => self.refuse(name_problems::not_a_cell_kind(&token.text, token.span, kind)),
            None => {
                if let Some(reported) = self.names.unread(&token.text) {
                    return Err(reported);
                }
                let unknown = self
                    .names
                    .unknown(token, &[DefinitionKind::Agent, DefinitionKind::Rotation, DefinitionKind::Schedule]);
                self.refuse(match (token.text.to_ascii_lowercase().as_str(), unknown.fixes.is_empty()) {
                    ("yes", _) => name_problems::other_word(token, "true"),
                    ("no", _) => name_problems::other_word(token, "false"),
                    (_, true) => name_problems::word_in_cell(token),
                    (_, false) => unknown,
                })
            }
        }
    }
}

fn is_figure(column_type: ColumnType) -> bool {
    matches!(column_type, ColumnType::Integer | ColumnType::Decimal)
}

fn cell_span(cell: &ast::Cell) -> Span {
    match cell {
        ast::Cell::Text(text) => text.span,
        ast::Cell::Figure(token) | ast::Cell::Number(token) | ast::Cell::Word(token) => token.span,
    }
}
