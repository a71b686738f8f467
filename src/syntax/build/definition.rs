//! Definitions, examples and proofs.

use super::value::split_window;
use super::{Pair, PairParts, Reported, Rule, TreeBuilder, problems, span, token, unreadable};
use crate::syntax::{ast, quoted, slips};

impl TreeBuilder<'_, '_> {
    pub(super) fn timezone(&mut self, pair: Pair) -> ast::Zone {
        let mut parts = PairParts::of(pair);
        parts.skip(Rule::TIMEZONE);
        self.zone(parts)
    }

    fn in_zone(&mut self, pair: Pair) -> ast::Zone {
        let mut parts = PairParts::of(pair);
        parts.skip(Rule::IN);
        self.zone(parts)
    }

    fn zone(&mut self, mut parts: PairParts) -> ast::Zone {
        let mut zone = parts.token(Rule::zone);
        if zone.text.starts_with('"') {
            let bare = zone.text.trim_matches('"').to_owned();
            self.problem(problems::quoted_zone(zone.span, &bare));
            zone.text = bare;
        }
        ast::Zone { token: zone, span: parts.whole }
    }

    /// In any form but the plain one, with a problem.
    pub(super) fn country(&mut self, pair: Pair) -> ast::HomeCountry {
        let mut parts = PairParts::of(pair);
        let mut is_plain = parts.skip(Rule::COUNTRY) && !parts.skip(Rule::EQUALS);
        let mut home = parts.token(Rule::home_country);
        if let Some(bare) = home.text.strip_prefix('"') {
            home.text = bare.trim_end_matches('"').to_owned();
            is_plain = false;
        }
        let trunk = parts.take(Rule::country_trunk).map(|pair| {
            let mut trunk = PairParts::of(pair);
            is_plain &= trunk.token(Rule::country_link).text == "on";
            is_plain &= trunk.skip(Rule::TRUNK);
            match trunk.take(Rule::name) {
                Some(name) => {
                    is_plain = false;
                    let name = token(&name);
                    ast::Text { value: name.text, holes: Box::default(), span: name.span }
                }
                None => self.next_text(&mut trunk),
            }
        });
        if !is_plain {
            let fix = match &trunk {
                Some(trunk) => format!("country {} on trunk {}", home.text, quoted(&trunk.value)),
                None => format!("country {}", home.text),
            };
            self.problem(problems::country_form(parts.whole, &fix));
        }
        ast::HomeCountry { home, trunk, span: parts.whole }
    }

    pub(super) fn agent(&mut self, pair: Pair) -> ast::Agent {
        let mut parts = PairParts::of(pair);
        parts.skip(Rule::AGENT);
        let name = parts.token(Rule::name);
        parts.skip(Rule::EQUALS);
        let id = self.next_text(&mut parts);
        ast::Agent { name, id, version: version(&mut parts), span: parts.whole }
    }

    pub(super) fn switch(&mut self, pair: Pair) -> ast::Switch {
        let mut parts = PairParts::of(pair);
        parts.skip(Rule::SWITCH);
        ast::Switch { name: parts.token(Rule::name), span: parts.whole }
    }

    pub(super) fn attribute(&mut self, pair: Pair) -> ast::Attribute {
        let mut parts = PairParts::of(pair);
        parts.skip(Rule::ATTRIBUTE);
        let name = parts.token(Rule::name);
        parts.skip(Rule::EQUALS);
        ast::Attribute { name, header: self.next_text(&mut parts), span: parts.whole }
    }

    pub(super) fn numbers(&mut self, pair: Pair) -> ast::Numbers {
        let mut parts = PairParts::of(pair);
        parts.skip(Rule::NUMBERS);
        let name = parts.token(Rule::name);
        parts.skip(Rule::EQUALS);
        let entries = self.next_list(&mut parts);
        let except = parts.take(Rule::except_list).map(|pair| {
            let mut except = PairParts::of(pair);
            except.skip(Rule::EXCEPT);
            self.next_list(&mut except)
        });
        ast::Numbers { name, entries, except, span: parts.whole }
    }

    fn next_list(&mut self, parts: &mut PairParts) -> ast::List {
        match parts.take(Rule::list) {
            Some(list) => self.list(list),
            None => ast::List { entries: Vec::new(), span: parts.whole.after() },
        }
    }

    pub(super) fn condition_definition(&mut self, pair: Pair) -> ast::ConditionDefinition {
        let mut parts = PairParts::of(pair);
        parts.skip(Rule::CONDITION);
        let name = parts.token(Rule::name);
        parts.skip(Rule::EQUALS);
        ast::ConditionDefinition { name, condition: self.next_condition(&mut parts), span: parts.whole }
    }

    pub(super) fn next_condition(&mut self, parts: &mut PairParts) -> ast::Condition {
        match parts.take(Rule::condition) {
            Some(condition) => self.condition(condition),
            None => ast::Condition::Unreadable(self.missing(parts.whole.after()), parts.whole.after()),
        }
    }

    pub(super) fn days(&mut self, pair: Pair) -> ast::Days {
        let mut parts = PairParts::of(pair);
        parts.skip(Rule::DAYS);
        let name = parts.token(Rule::name);
        parts.skip(Rule::EQUALS);
        let open = parts.token(Rule::LIST_OPEN).span;
        let entries = self.day_list(&mut parts);
        let list_span = open.to(parts.token(Rule::LIST_CLOSE).span);
        if entries.is_empty() {
            self.problem(problems::empty_list(list_span));
        }
        ast::Days { name, entries, list_span, span: parts.whole }
    }

    fn day_list(&mut self, parts: &mut PairParts) -> Vec<ast::Day> {
        let mut days = Vec::new();
        loop {
            if let Some(day) = parts.take(Rule::day) {
                let mut day = self.day(day);
                day.name = parts.take(Rule::text).map(|name| Box::new(self.text(&name)));
                days.push(day);
            } else if let Some(entry) = parts.take(Rule::unreadable_entry) {
                days.push(self.unreadable_day(&entry));
            } else if !parts.skip(Rule::COMMA) {
                return days;
            }
        }
    }

    fn unreadable_day(&mut self, pair: &Pair) -> ast::Day {
        let value = ast::Value::Unreadable(self.unreadable(pair, unreadable::ExpectedPiece::Day), span(pair));
        ast::Day { kind: ast::DayKind::Plain { value, weekdays: None }, name: None, span: span(pair) }
    }

    fn day(&mut self, pair: Pair) -> ast::Day {
        let mut parts = PairParts::of(pair);
        let offset = parts.take(Rule::offset).map(offset);
        let kind = match parts.next() {
            Some(part) => match part.as_rule() {
                Rule::ordinal => ordinal(part, offset),
                Rule::EASTER => ast::DayKind::Easter { offset, orthodox: false, easter: token(&part) },
                Rule::orthodox_easter => {
                    let mut easter = PairParts::of(part);
                    let orthodox = easter.skip(Rule::ORTHODOX);
                    ast::DayKind::Easter { offset, orthodox, easter: easter.token(Rule::EASTER) }
                }
                Rule::every => self.every(part),
                _ => {
                    if let Some(problem) = slips::near_every(self.text, parts.whole) {
                        self.problem(problem);
                    }
                    ast::DayKind::Plain { value: self.value(part), weekdays: weekdays(&mut parts) }
                }
            },
            None => ast::DayKind::Plain {
                value: ast::Value::Unreadable(self.missing(parts.whole), parts.whole),
                weekdays: None,
            },
        };
        ast::Day { kind, name: None, span: parts.whole }
    }

    fn every(&mut self, pair: Pair) -> ast::DayKind {
        let mut parts = PairParts::of(pair);
        parts.skip(Rule::EVERY);
        if let Some(weeks) = parts.take(Rule::every_weeks) {
            let mut weeks = PairParts::of(weeks);
            let count = weeks.token(Rule::figure);
            weeks.skip(Rule::WEEKS);
            weeks.skip(Rule::FROM);
            let from = weeks.token(Rule::figure);
            return ast::DayKind::EveryWeeks { count, from, weekdays: weekdays(&mut parts) };
        }
        let value = self.day_value(&mut parts);
        ast::DayKind::Every { value, weekdays: weekdays(&mut parts) }
    }

    fn day_value(&mut self, parts: &mut PairParts) -> ast::Value {
        match parts.take(Rule::day_value) {
            Some(value) => self.value(value),
            None => ast::Value::Unreadable(self.missing(parts.whole.after()), parts.whole.after()),
        }
    }

    pub(super) fn schedule(&mut self, pair: Pair) -> ast::Schedule {
        let mut parts = PairParts::of(pair);
        parts.skip(Rule::SCHEDULE);
        let name = parts.token(Rule::name);
        let zone = parts.take(Rule::in_zone).map(|zone| self.in_zone(zone));
        let except = parts.take(Rule::except_days).map(|pair| names(pair, Rule::name)).unwrap_or_default();
        parts.skip(Rule::OPEN);
        let mut lines = Vec::new();
        let mut unreadable_lines = 0;
        while let Some(part) = parts.next() {
            match part.as_rule() {
                Rule::line => lines.push(ast::ScheduleLine::Days(self.line(part))),
                Rule::closure => lines.push(ast::ScheduleLine::Closure(closure(part))),
                Rule::unreadable_line => {
                    unreadable_lines += 1;
                    self.unreadable(&part, unreadable::ExpectedPiece::Line);
                }
                _ => {}
            }
        }
        if lines.is_empty() && unreadable_lines == 0 {
            self.problem(problems::no_lines(name.span, "schedule", "mon-fri 09:00-17:00"));
        }
        ast::Schedule { name, zone, except, lines, span: parts.whole }
    }

    fn line(&mut self, pair: Pair) -> ast::Line {
        let mut parts = PairParts::of(pair);
        let days = self.day_list(&mut parts);
        let hours = parts.take(Rule::hours).map_or(ast::Hours::Windows(Vec::new()), |pair| self.hours(pair));
        ast::Line { days, hours, span: parts.whole }
    }

    pub(super) fn rotation(&mut self, pair: Pair) -> ast::Rotation {
        let mut parts = PairParts::of(pair);
        parts.skip(Rule::ROTATION);
        let name = parts.token(Rule::name);
        let zone = parts.take(Rule::in_zone).map(|zone| self.in_zone(zone));
        parts.skip(Rule::OPEN);
        let mut lines = Vec::new();
        let mut unreadable_lines = 0;
        while let Some(part) = parts.next() {
            match part.as_rule() {
                Rule::rotation_line => lines.push(rotation_line(part)),
                Rule::unreadable_line => {
                    unreadable_lines += 1;
                    self.unreadable(&part, unreadable::ExpectedPiece::RotationLine);
                }
                _ => {}
            }
        }
        if lines.is_empty() && unreadable_lines == 0 {
            self.problem(problems::no_lines(name.span, "rotation", "from 2027-01-04 08:00 every week …"));
        }
        ast::Rotation { name, zone, lines, span: parts.whole }
    }

    pub(super) fn table(&mut self, pair: Pair) -> ast::Table {
        let mut parts = PairParts::of(pair);
        let mut table = self.table_head(&mut parts);
        while let Some(part) = parts.next() {
            self.table_part(&mut table, part);
        }
        self.finished_table(table)
    }

    /// A table without its rows.
    pub(super) fn table_head(&mut self, parts: &mut PairParts) -> ast::Table {
        parts.skip(Rule::TABLE);
        let name = parts.token(Rule::name);
        let columns = parts.take(Rule::columns).map(|columns| names(columns, Rule::column)).unwrap_or_default();
        parts.skip(Rule::OPEN);
        ast::Table { name, columns, rows: Vec::new(), unread: None, span: parts.whole }
    }

    /// Adds a row to a table.
    pub(super) fn table_part(&mut self, table: &mut ast::Table, part: Pair) {
        let begins_with_comma = part.as_str().starts_with(',');
        match part.as_rule() {
            Rule::row => match self.row(part, &table.columns) {
                Ok(row) => table.rows.push(row),
                Err(reported) => table.unread = Some(reported),
            },
            // The comma before it ended a row, and was told of.
            Rule::unreadable_row if begins_with_comma && (table.unread.is_some() || !table.rows.is_empty()) => {
                table.unread = Some(self.told_before(span(&part)));
            }
            Rule::unreadable_row => {
                table.unread = Some(self.unreadable(&part, unreadable::ExpectedPiece::Row).reported);
            }
            _ => {}
        }
    }

    /// A table, all of whose rows were read.
    pub(super) fn finished_table(&mut self, mut table: ast::Table) -> ast::Table {
        if table.rows.is_empty() && table.unread.is_none() {
            table.unread = Some(self.error(problems::no_lines(table.name.span, "table", "+14155550100: …")));
        }
        table.rows.shrink_to_fit();
        table
    }

    /// The row, unless its last comma has no value after it.
    fn row(&mut self, pair: Pair, columns: &[ast::Token]) -> Result<ast::Row, Reported> {
        let mut parts = PairParts::of(pair);
        let key = match parts.take(Rule::key) {
            Some(key) => self.value(key),
            None => ast::Value::Unreadable(self.missing(parts.whole), parts.whole),
        };
        let mut cells = Vec::new();
        let mut comma = None;
        let mut slip = None;
        while let Some(part) = parts.next() {
            match part.as_rule() {
                Rule::cell => {
                    comma = None;
                    cells.extend(part.into_inner().next().map(|cell| self.cell(&cell)));
                }
                Rule::cell_slip => {
                    let place = span(&part);
                    // `1_000`: one value with something between its digits, and not two.
                    if self.text[..place.start as usize].ends_with(|c: char| c.is_ascii_digit()) {
                        self.problem(problems::digits_apart(place, part.as_str().trim_end()));
                        continue;
                    }
                    slip = Some(cells.len());
                    let (place, found) = (span(&part), part.as_str().trim_end());
                    let grade = slips::comma(self.text, place, found);
                    self.problem(problems::missing_comma(self.text, place, found, grade));
                    let cell = part.into_inner().next().and_then(|cell| cell.into_inner().next());
                    cells.extend(cell.map(|cell| self.cell(&cell)));
                }
                Rule::COMMA => comma = Some(span(&part)),
                _ => {}
            }
        }
        // A row that swallowed the next one has been told of.
        if let Some(slip) = slip.filter(|_| cells.len() > columns.len()) {
            cells.remove(slip);
            cells.truncate(columns.len().max(1));
        }
        match (comma, columns.get(cells.len())) {
            (Some(comma), Some(column)) => return Err(self.error(problems::missing_cell(comma, &column.text))),
            (Some(comma), None) => self.problem(problems::comma_after_row(comma)),
            (None, _) => {}
        }
        cells.shrink_to_fit();
        Ok(ast::Row { key, cells, span: parts.whole })
    }

    fn cell(&mut self, pair: &Pair) -> ast::Cell {
        match pair.as_rule() {
            Rule::text => ast::Cell::Text(self.text(pair)),
            Rule::number => ast::Cell::Number(token(pair)),
            Rule::name => ast::Cell::Word(token(pair)),
            _ => ast::Cell::Figure(token(pair)),
        }
    }

    fn hours(&mut self, pair: Pair) -> ast::Hours {
        let mut parts = PairParts::of(pair);
        if parts.skip(Rule::ALL) {
            return ast::Hours::AllDay;
        }
        let (is_closed, is_also) = (parts.skip(Rule::CLOSED), parts.skip(Rule::ALSO));
        parts.skip(Rule::time_like);
        let windows = parts.pairs.into_iter().flatten().filter(|part| part.as_rule() == Rule::window);
        let windows: Vec<ast::Window> = windows.map(|window| self.window(window)).collect();
        match (is_closed, is_also) {
            (true, _) if windows.is_empty() => ast::Hours::Closed,
            (true, _) => ast::Hours::ClosedWindows(windows),
            (false, true) => ast::Hours::AlsoWindows(windows),
            (false, false) => ast::Hours::Windows(windows),
        }
    }

    fn window(&mut self, pair: Pair) -> ast::Window {
        let mut parts = PairParts::of(pair);
        let start = parts.token(Rule::figure);
        if let Some(mark) = parts.take(Rule::range_mark).filter(|mark| mark.as_str() == "..") {
            self.problem(problems::window_dots(span(&mark)));
        }
        match parts.take_token(Rule::figure) {
            Some(end) => ast::Window { start, end: Some(end), span: parts.whole },
            None => match split_window(&start).or_else(|| split_hours(&start)) {
                Some((start, end)) => ast::Window { start, end: Some(end), span: parts.whole },
                None => ast::Window { start, end: None, span: parts.whole },
            },
        }
    }

    pub(super) fn example(&mut self, pair: Pair) -> ast::Example {
        let mut parts = PairParts::of(pair);
        let keyword = parts.token(Rule::EXAMPLE).span;
        let name = self.next_text(&mut parts);
        parts.skip(Rule::OPEN);
        let call = self.example_call(parts.take(Rule::call).map_or(PairParts::nothing(parts.whole), PairParts::of));
        let mut expectations = Vec::new();
        while let Some(expectation) = parts.take(Rule::expectation) {
            let mut inner = PairParts::of(expectation);
            inner.skip(Rule::EXPECT);
            expectations
                .extend(inner.next().map(|statement| self.statement(statement, unreadable::ExpectedPiece::Block)));
        }
        if expectations.is_empty() {
            self.problem(problems::no_expectation(keyword));
        }
        ast::Example { name, call, expectations, keyword, span: parts.whole }
    }

    fn example_call(&mut self, mut parts: PairParts) -> ast::ExampleCall {
        parts.skip(Rule::CALL);
        parts.skip(Rule::FROM);
        let from = self.call_number(&mut parts);
        parts.skip(Rule::TO);
        let to = self.call_number(&mut parts);
        let diverted = parts.take(Rule::diverted).map(|pair| self.number_in(pair));
        let asserted = parts.take(Rule::asserted).map(|pair| self.number_in(pair));
        let attested = parts.take(Rule::attested).and_then(|pair| PairParts::of(pair).last());
        let caller_name = parts.take(Rule::named).and_then(|pair| self.text_in(pair));
        let trunk = parts.take(Rule::on_trunk).and_then(|pair| self.text_in(pair));
        parts.skip(Rule::AT);
        let date = parts.token(Rule::figure);
        let time = parts.token(Rule::figure);
        let zone = parts.take(Rule::in_zone).map(|zone| self.in_zone(zone));
        let facts = parts.take(Rule::with_facts).map(|facts| self.call_facts(facts)).unwrap_or_default();
        ast::ExampleCall {
            from,
            to,
            diverted,
            asserted,
            attested,
            caller_name,
            trunk,
            date,
            time,
            zone,
            facts,
            span: parts.whole,
        }
    }

    /// The number after the words of a pair.
    fn number_in(&mut self, pair: Pair) -> ast::Value {
        let mut parts = PairParts::of(pair);
        while parts.skip(Rule::DIVERTED) || parts.skip(Rule::FROM) || parts.skip(Rule::ASSERTED) {}
        self.call_number(&mut parts)
    }

    /// The text among the parts of a pair.
    fn text_in(&mut self, pair: Pair) -> Option<ast::Text> {
        let text = pair.into_inner().find(|part| part.as_rule() == Rule::text)?;
        Some(self.text(&text))
    }

    fn call_facts(&mut self, pair: Pair) -> Vec<ast::CallFact> {
        let facts = pair.into_inner().filter(|part| part.as_rule() == Rule::call_fact);
        let fact = |fact: Pair| {
            let mut parts = PairParts::of(fact);
            let name = parts.token(Rule::name);
            ast::CallFact { name, text: parts.take(Rule::text).map(|text| self.text(&text)) }
        };
        facts.map(fact).collect()
    }

    fn call_number(&mut self, parts: &mut PairParts) -> ast::Value {
        let inner = parts.take(Rule::call_number).and_then(|number| number.into_inner().next());
        match inner {
            Some(word) if word.as_rule() == Rule::word => {
                let name = token(&word);
                ast::Value::Path(Box::new(ast::Path { span: name.span, name, field: None }))
            }
            Some(other) => self.single(other),
            None => ast::Value::Unreadable(self.missing(parts.whole.after()), parts.whole.after()),
        }
    }

    pub(super) fn proof(&mut self, pair: Pair) -> ast::Proof {
        let mut parts = PairParts::of(pair);
        let (kind, keyword) = match parts.take(Rule::ALWAYS) {
            Some(always) => (ast::ProofKind::Always, span(&always)),
            None => (ast::ProofKind::Never, parts.token(Rule::NEVER).span),
        };
        let name = self.next_text(&mut parts);
        parts.skip(Rule::WHEN);
        let condition = self.next_condition(&mut parts);
        parts.skip(Rule::OPEN);
        let decision = match parts.next() {
            Some(decision) => self.statement(decision, unreadable::ExpectedPiece::Block),
            None => {
                let place = parts.whole;
                ast::Statement { kind: ast::StatementKind::Fallback, label: place, head: place, span: place }
            }
        };
        ast::Proof { kind, name, condition, decision, keyword, span: parts.whole }
    }

    pub(super) fn next_text(&mut self, parts: &mut PairParts) -> ast::Text {
        match parts.take(Rule::text) {
            Some(text) => self.text(&text),
            None => ast::Text { value: String::new(), holes: Box::default(), span: parts.whole.after() },
        }
    }
}

/// The figure of `version N`.
pub(super) fn version(parts: &mut PairParts) -> Option<ast::Token> {
    let version = parts.take(Rule::version)?;
    version.into_inner().find(|part| part.as_rule() == Rule::figure).as_ref().map(token)
}

fn names(pair: Pair, kind: Rule) -> Vec<ast::Token> {
    pair.into_inner().filter(|part| part.as_rule() == kind).map(|part| token(&part)).collect()
}

fn closure(pair: Pair) -> ast::Closure {
    let mut parts = PairParts::of(pair);
    parts.skip(Rule::CLOSED);
    parts.skip(Rule::FROM);
    let from = moment(&mut parts);
    parts.skip(Rule::TO);
    ast::Closure { from, to: moment(&mut parts), span: parts.whole }
}

fn moment(parts: &mut PairParts) -> ast::Moment {
    let mut moment = parts.take(Rule::moment).map_or(PairParts::nothing(parts.whole), PairParts::of);
    let date = moment.token(Rule::figure);
    ast::Moment { date, time: moment.take_token(Rule::figure), span: moment.whole }
}

fn rotation_line(pair: Pair) -> ast::RotationLine {
    let mut parts = PairParts::of(pair);
    parts.skip(Rule::FROM);
    let from = moment(&mut parts);
    let to = parts.skip(Rule::TO).then(|| moment(&mut parts));
    let turns = parts.take(Rule::turns).map(turns);
    let agents = parts.take(Rule::rotation_agents).into_iter().flat_map(Pair::into_inner);
    let agents = agents.filter(|part| part.as_rule() == Rule::rotation_agent).map(|agent| token(&agent)).collect();
    ast::RotationLine { from, to, turns, agents, span: parts.whole }
}

fn turns(pair: Pair) -> ast::Turns {
    let mut parts = PairParts::of(pair);
    parts.skip(Rule::EVERY);
    let count = parts.take_token(Rule::figure);
    let units = [Rule::DAYS, Rule::WEEKS, Rule::DAY, Rule::WEEK];
    let unit = units.into_iter().find_map(|unit| parts.take_token(unit));
    ast::Turns { count, unit: unit.unwrap_or_else(|| parts.token(Rule::MONTH)), span: parts.whole }
}

fn offset(pair: Pair) -> ast::DayOffset {
    let mut parts = PairParts::of(pair);
    let count = parts.take_token(Rule::figure);
    let unit = parts.take_token(Rule::DAYS).unwrap_or_else(|| parts.token(Rule::DAY));
    ast::DayOffset { count, unit, before: parts.skip(Rule::BEFORE), span: parts.whole }
}

fn ordinal(pair: Pair, offset: Option<ast::DayOffset>) -> ast::DayKind {
    let mut parts = PairParts::of(pair);
    let which = parts.token(Rule::which);
    let weekdays = weekdays(&mut parts);
    parts.skip(Rule::OF);
    let month = parts.token(Rule::month);
    let weekdays = weekdays.unwrap_or(ast::Weekdays { first: which.clone(), last: None, span: which.span });
    ast::DayKind::Ordinal { offset, which, weekdays, month }
}

fn weekdays(parts: &mut PairParts) -> Option<ast::Weekdays> {
    let mut inner = PairParts::of(parts.take(Rule::weekdays)?);
    let first = inner.token(Rule::weekday);
    inner.skip(Rule::DASH);
    Some(ast::Weekdays { first, last: inner.take_token(Rule::weekday), span: inner.whole })
}

/// `9-17`, which looks like a day of the year but stands where hours stand.
fn split_hours(figure: &ast::Token) -> Option<(ast::Token, ast::Token)> {
    let (low, high) = figure.text.split_once('-')?;
    let start = figure.span.start as usize;
    let part = |text: &str, at: usize| ast::Token {
        text: text.to_owned(),
        span: crate::source::Span::new(at, at + text.len()),
    };
    (!high.contains('-')).then(|| (part(low, start), part(high, start + low.len() + 1)))
}
