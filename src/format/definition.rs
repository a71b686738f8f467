//! Definitions, examples and proofs.

use super::layout::BreakStyle;
use super::printer::{CONTINUED, LINE, Printer, ROUND, SQUARE, Separator};
use crate::syntax::ast::{
    Agent, Attribute, Cell, Closure, ConditionDefinition, DayKind, Days, Example, ExampleCall, HomeCountry, Hours,
    Line, Numbers, Proof, ProofKind, Rotation, RotationLine, Row, Schedule, ScheduleLine, Statement, Switch, Table,
    Token, Value, Window, Zone,
};

/// Between the days and the hours of a schedule's line, which both have spaces in them.
const BEFORE_HOURS: Separator = Separator::Tab { gap: 2 };
const BEFORE_CELL: Separator = Separator::Tab { gap: 1 };

impl Printer<'_> {
    pub(super) fn timezone(&mut self, zone: &Zone) {
        self.attach("timezone");
        self.then_at(zone.token.span);
    }

    pub(super) fn country(&mut self, country: &HomeCountry) {
        self.attach("country");
        self.then_at(country.home.span);
        if let Some(trunk) = &country.trunk {
            self.then("on");
            self.then("trunk");
            self.then_at(trunk.span);
        }
    }

    pub(super) fn agent(&mut self, agent: &Agent) {
        self.name_and_equals("agent", &agent.name);
        self.then_at(agent.id.span);
        if let Some(version) = &agent.version {
            self.then("version");
            self.then_at(version.span);
        }
    }

    pub(super) fn switch(&mut self, switch: &Switch) {
        self.attach("switch");
        self.then_at(switch.name.span);
    }

    pub(super) fn attribute(&mut self, attribute: &Attribute) {
        self.name_and_equals("attribute", &attribute.name);
        self.then_at(attribute.header.span);
    }

    /// `numbers vips =`, a cell in the run of its like.
    fn name_and_equals(&mut self, keyword: &str, name: &Token) {
        self.layout.row();
        self.attach(keyword);
        self.then_at(name.span);
        self.layout.tab(1);
        self.attach("=");
    }

    pub(super) fn numbers(&mut self, numbers: &Numbers) {
        self.name_and_equals("numbers", &numbers.name);
        self.layout.space();
        self.value_list(&numbers.entries);
        if let Some(except) = &numbers.except {
            self.then("except");
            self.layout.space();
            self.value_list(except);
        }
    }

    pub(super) fn condition_definition(&mut self, definition: &ConditionDefinition) {
        self.name_and_equals("condition", &definition.name);
        self.whole_condition(&definition.condition);
    }

    pub(super) fn days(&mut self, days: &Days) {
        self.name_and_equals("days", &days.name);
        self.layout.space();
        let plain = days.entries.iter().all(|day| day.name.is_none() && matches!(day.kind, DayKind::Plain { .. }));
        let style = if plain { BreakStyle::Fill } else { BreakStyle::Phrases };
        self.list(SQUARE, style, &days.entries, |printer, day| printer.day(day));
    }

    pub(super) fn schedule(&mut self, schedule: &Schedule) {
        self.attach("schedule");
        self.then_at(schedule.name.span);
        self.in_zone(schedule.zone.as_ref());
        if !schedule.except.is_empty() {
            self.then("except");
            self.separate(Separator::Space);
            self.layout.nest(CONTINUED);
            self.filled(&schedule.except, |printer, name| printer.at(name.span));
            self.layout.nest(-CONTINUED);
        }
        self.layout.space();
        let mark = self.layout.mark();
        self.lines(&schedule.lines, |printer, line| match line {
            ScheduleLine::Days(line) => printer.line(line),
            ScheduleLine::Closure(closure) => printer.closure(closure),
        });
        self.layout.align(mark);
    }

    fn in_zone(&mut self, zone: Option<&Zone>) {
        if let Some(zone) = zone {
            self.then("in");
            self.then_at(zone.token.span);
        }
    }

    fn line(&mut self, line: &Line) {
        self.layout.row();
        self.layout.nest(CONTINUED);
        self.filled(&line.days, Self::day);
        self.separate(BEFORE_HOURS);
        match &line.hours {
            Hours::Closed => self.attach("closed"),
            Hours::AllDay => {
                self.attach("all");
                self.then("day");
            }
            Hours::Windows(windows) => self.filled(windows, Self::window),
            Hours::ClosedWindows(windows) => self.changed_hours("closed", windows),
            Hours::AlsoWindows(windows) => self.changed_hours("also", windows),
        }
        self.layout.nest(-CONTINUED);
    }

    fn changed_hours(&mut self, word: &str, windows: &[Window]) {
        self.attach(word);
        self.separate(Separator::Space);
        self.filled(windows, Self::window);
    }

    fn closure(&mut self, closure: &Closure) {
        self.layout.nest(CONTINUED);
        self.attach("closed");
        self.then("from");
        self.separate(Separator::Space);
        self.moment(&closure.from);
        self.then("to");
        self.separate(Separator::Space);
        self.moment(&closure.to);
        self.layout.nest(-CONTINUED);
    }

    /// Entries with commas between them, without brackets.
    fn filled<T>(&mut self, entries: &[T], print: impl Fn(&mut Self, &T)) {
        self.layout.begin(BreakStyle::Fill);
        for (index, entry) in entries.iter().enumerate() {
            if index > 0 {
                self.attach(",");
                self.separate(LINE);
            }
            print(self, entry);
        }
        self.layout.end();
    }

    pub(super) fn rotation(&mut self, rotation: &Rotation) {
        self.attach("rotation");
        self.then_at(rotation.name.span);
        self.in_zone(rotation.zone.as_ref());
        self.layout.space();
        let mark = self.layout.mark();
        self.lines(&rotation.lines, Self::rotation_line);
        self.layout.align(mark);
    }

    fn rotation_line(&mut self, line: &RotationLine) {
        self.layout.row();
        self.layout.nest(CONTINUED);
        self.attach("from");
        self.separate(Separator::Space);
        self.moment(&line.from);
        if let Some(to) = &line.to {
            self.then("to");
            self.separate(Separator::Space);
            self.moment(to);
        }
        if let Some(turns) = &line.turns {
            self.then("every");
            if let Some(count) = &turns.count {
                self.then_at(count.span);
            }
            self.then_at(turns.unit.span);
        }
        self.separate(BEFORE_HOURS);
        self.filled(&line.agents, |printer, agent| printer.at(agent.span));
        self.layout.nest(-CONTINUED);
    }

    pub(super) fn table(&mut self, table: &Table) {
        self.attach("table");
        self.then_at(table.name.span);
        self.layout.space();
        self.list(ROUND, BreakStyle::Fill, &table.columns, |printer, column| printer.at(column.span));
        self.layout.space();
        let mark = self.layout.mark();
        self.lines(&table.rows, Self::row);
        self.layout.align(mark);
    }

    fn row(&mut self, row: &Row) {
        self.layout.row();
        self.value(&row.key);
        if ends_with_figure(&row.key) {
            self.layout.space();
        }
        self.attach(":");
        for (index, cell) in row.cells.iter().enumerate() {
            if index > 0 {
                self.attach(",");
            }
            self.separate(BEFORE_CELL);
            match cell {
                Cell::Text(text) => self.at(text.span),
                Cell::Figure(token) | Cell::Number(token) | Cell::Word(token) => self.at(token.span),
            }
        }
    }

    pub(super) fn example(&mut self, example: &Example) {
        self.attach("example");
        self.then_at(example.name.span);
        self.layout.space();
        let call = std::iter::once(ExampleLine::Call(&example.call));
        let lines: Vec<_> = call.chain(example.expectations.iter().map(ExampleLine::Expect)).collect();
        self.lines(&lines, |printer, line| match line {
            ExampleLine::Call(call) => printer.call(call),
            ExampleLine::Expect(statement) => {
                printer.attach("expect");
                printer.separate(Separator::Space);
                printer.statement(statement);
            }
        });
    }

    fn call(&mut self, call: &ExampleCall) {
        self.attach("call");
        self.then("from");
        self.separate(Separator::Space);
        self.value(&call.from);
        self.then("to");
        self.separate(Separator::Space);
        self.value(&call.to);
        if let Some(number) = &call.diverted {
            self.then("diverted");
            self.then("from");
            self.separate(Separator::Space);
            self.value(number);
        }
        if let Some(number) = &call.asserted {
            self.then("asserted");
            self.separate(Separator::Space);
            self.value(number);
        }
        if let Some(word) = &call.attested {
            self.then("attested");
            self.then_at(word.span);
        }
        if let Some(name) = &call.caller_name {
            self.then("named");
            self.then_at(name.span);
        }
        if let Some(trunk) = &call.trunk {
            self.then("on");
            self.then("trunk");
            self.then_at(trunk.span);
        }
        self.then("at");
        self.then_at(call.date.span);
        self.separate(Separator::Space);
        self.figure(&call.time);
        self.in_zone(call.zone.as_ref());
        if !call.facts.is_empty() {
            self.then("with");
            self.separate(Separator::Space);
            self.layout.nest(CONTINUED);
            self.filled(&call.facts, |printer, fact| {
                printer.at(fact.name.span);
                match &fact.text {
                    Some(text) => printer.then_at(text.span),
                    None => printer.then("on"),
                }
            });
            self.layout.nest(-CONTINUED);
        }
    }

    /// On one line if it fits; otherwise its decision is on a line of its own.
    pub(super) fn proof(&mut self, proof: &Proof) {
        self.layout.begin(BreakStyle::OneEach);
        match proof.kind {
            ProofKind::Always => self.attach("always"),
            ProofKind::Never => self.attach("never"),
        }
        self.then_at(proof.name.span);
        self.then("when");
        self.whole_condition(&proof.condition);
        self.layout.space();
        self.braced(|printer| printer.statement(&proof.decision));
        self.layout.end();
    }
}

/// What stands on a line of an example.
enum ExampleLine<'t> {
    Call(&'t ExampleCall),
    Expect(&'t Statement),
}

/// Whether a `:` right after the key would be read as a part of it, as in `9:00`.
fn ends_with_figure(key: &Value) -> bool {
    match key {
        Value::Figure(figure) => !figure.text.starts_with('-'),
        Value::Range(range) => ends_with_figure(&range.high),
        Value::Number(_) | Value::Text(_) | Value::Path(_) | Value::Moment { .. } | Value::List(_) => false,
        Value::Unreadable(..) => false,
    }
}
