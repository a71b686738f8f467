//! Holes that tell of a schedule's hours, or of what a day is called.

use super::definition::items;
use super::problems::told as problems;
use super::{Checked, Checker};
use crate::fields::Field;
use crate::plan::{DAY_NAME, HoleValue, HoursPart};
use crate::syntax::{DefinitionKind, ast};

impl Checker<'_, '_> {
    /// What a hole tells of a schedule's hours, or of a day; `None` where it names neither.
    pub(super) fn told(&mut self, path: &ast::Path) -> Option<Checked<HoleValue>> {
        let name = path.name.text.as_str();
        if self.rows.iter().any(|(row, ..)| row.text == name) {
            return None;
        }
        let kind = self.names.get(name).map(|definition| definition.kind);
        let Some(part) = path.field.as_deref() else { return self.told_whole(path, kind) };
        let hours = HoursPart::ALL.into_iter().find(|known| known.name() == part.text);
        Some(match (kind, hours) {
            (Some(DefinitionKind::Schedule), hours) => {
                let (_, number) = self.names.find(name)?;
                match hours {
                    Some(hours) => Ok(HoleValue::Hours(number, hours)),
                    None => self.refuse(problems::no_such_hours(name, part)),
                }
            }
            (Some(DefinitionKind::Days), _) => {
                let (_, number) = self.names.find(name)?;
                self.day_name(path, part, number)
            }
            // Its row may have such a column.
            (Some(DefinitionKind::Table), _) | (_, None) => return None,
            (Some(kind), Some(_)) => {
                self.names.find(name);
                self.refuse(problems::hours_of_other(name, kind, part))
            }
            (None, Some(_)) if self.names.unread(name).is_some() || self.brackets_moved.is_some() => return None,
            (None, Some(_)) if Field::find(name, None).is_some() => return None,
            (None, Some(_)) => {
                let near = self.names.nearest_of(name, DefinitionKind::Schedule);
                let mut columns = self.definitions.tables.iter().flat_map(|table| table.columns.iter());
                if near.is_none() && columns.any(|column| column.name == part.text) {
                    return None;
                }
                if let Some(near) = &near {
                    self.names.find(near);
                }
                self.refuse(problems::no_such_schedule(path, part, near.as_deref()))
            }
        })
    }

    /// `{office}`, `{holidays}`, `{opens}`: what would be told is not said.
    fn told_whole(&mut self, path: &ast::Path, kind: Option<DefinitionKind>) -> Option<Checked<HoleValue>> {
        let name = path.name.text.as_str();
        match kind {
            Some(DefinitionKind::Schedule) => {
                self.names.find(name);
                Some(self.refuse(problems::whole_schedule(name, path.span)))
            }
            Some(DefinitionKind::Days) => {
                self.names.find(name);
                Some(self.refuse(problems::whole_days(name, path.span)))
            }
            Some(_) => None,
            None => {
                HoursPart::ALL.into_iter().find(|part| part.name() == name)?;
                let mut schedules = items!(self, Schedule).map(|schedule| schedule.name.text.clone());
                let (Some(schedule), None) = (schedules.next(), schedules.next()) else { return None };
                self.names.find(&schedule);
                Some(self.refuse(problems::hours_without_schedule(&path.name, &schedule)))
            }
        }
    }

    fn day_name(&mut self, path: &ast::Path, part: &ast::Token, number: usize) -> Checked<HoleValue> {
        if part.text != DAY_NAME {
            return self.refuse(problems::no_such_part_of_days(&path.name.text, part));
        }
        let set = self.day_set(number, path.span)?;
        if set.all_entries().iter().all(|entry| entry.name.is_none()) {
            self.problem(problems::days_without_names(&path.name.text, path.span));
        }
        self.uses_zone(path.span, "the time");
        Ok(HoleValue::DayName(number))
    }
}
