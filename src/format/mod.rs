//! The one layout of a plan: from a tree back to text.
//!
//! Formatting changes white space, the comma after a list's last entry and the first digit of
//! `9:00`, and nothing else. Each word is taken from the text in the order of the tree, and
//! compared with what the tree says stands there; where the two differ there is no outcome. So no
//! word can be lost, added or moved.
//!
//! # The layout
//!
//! - A block is indented by two spaces, its `{` at the end of the header's line, its `}` alone.
//!   What goes on from the line before, as a condition does from its `when`, is indented by four,
//!   so that it stands apart from the block.
//! - A line has one statement, and 100 columns where it can be broken: a list fills its lines,
//!   metadata has a member a line, and so have days that are more than dates; a condition breaks
//!   before each `and` and `or`. What was broken and fits on one line is put on one. The arms of a
//!   split stay on a line each while all of them are one decision that fits.
//! - An empty line stays, and several become one. None is after `{` or before `}`. Rules,
//!   schedules, tables, splits and examples have one before and after them.
//! - Hours, cells and the arms of a split are aligned, and so are the `=` of definitions of one
//!   kind that stand together. A cell of more than 40 columns is out of line and leaves the others
//!   alone: padding is in proportion to the text.
//! - A comment stays after the word that it follows, or on its own line before the word that it
//!   precedes. Marks that a line cannot begin with (`,`, `:`, `=`, `{`) go before it. A list with a
//!   comment at the end of a line keeps its lines, since the comment is about its line.
//! - Texts, numbers and figures are as they were written.

// `comments` reads what stands between words, `layout` knows groups, columns and widths,
// `render` prints them, and `printer` brings words and comments into the layout. The other
// files have a function for each part of the tree.

mod comments;
mod condition;
mod definition;
mod layout;
mod printer;
mod render;
mod statement;
mod value;

use crate::source::start_of;
use crate::syntax::Tree;
use crate::syntax::ast::{Item, Plan, StatementKind};
use printer::Printer;

/// The plan in its one layout, with LF line ends and a final newline, after the byte-order mark
/// where the text has one; formatting it again gives the same text.
///
/// For a tree that was read without a problem. `None` where a part of the tree does not stand in
/// its text as the language writes it, because it could not be read or was read as something else
/// that was meant.
pub fn format(tree: &Tree) -> Option<String> {
    let text = tree.source.text();
    let mut printer = Printer::new(text);
    printer.plan(&tree.plan);
    let mut laid_out = printer.finish()?;
    laid_out.insert_str(0, &text[..start_of(text)]);
    Some(laid_out)
}

impl Printer<'_> {
    fn plan(&mut self, plan: &Plan) {
        let mut before: Option<&Item> = None;
        for item in &plan.items {
            let alike = before.is_some_and(|before| are_aligned(before, item));
            if !alike || self.blank_line_ahead() {
                self.layout.align(0);
                self.layout.flush();
            }
            let apart = stands_apart(item) || before.is_some_and(stands_apart);
            self.next_line(false, apart && before.is_some());
            self.item(item);
            before = Some(item);
        }
        self.layout.align(0);
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Timezone(zone) => self.timezone(zone),
            Item::Country(country) => self.country(country),
            Item::Agent(agent) => self.agent(agent),
            Item::Switch(switch) => self.switch(switch),
            Item::Attribute(attribute) => self.attribute(attribute),
            Item::Numbers(numbers) => self.numbers(numbers),
            Item::Condition(definition) => self.condition_definition(definition),
            Item::Days(days) => self.days(days),
            Item::Schedule(schedule) => self.schedule(schedule),
            Item::Rotation(rotation) => self.rotation(rotation),
            Item::Table(table) => self.table(table),
            Item::Example(example) => self.example(example),
            Item::Proof(proof) => self.proof(proof),
            Item::Statement(statement) => self.statement(statement),
        }
    }
}

/// Whether two definitions, one right after the other, have their `=` in one column.
fn are_aligned(first: &Item, second: &Item) -> bool {
    matches!(
        (first, second),
        (Item::Agent(_), Item::Agent(_))
            | (Item::Attribute(_), Item::Attribute(_))
            | (Item::Numbers(_), Item::Numbers(_))
            | (Item::Days(_), Item::Days(_))
            | (Item::Condition(_), Item::Condition(_))
    )
}

/// Whether an item has an empty line before and after it, even where none was written.
fn stands_apart(item: &Item) -> bool {
    match item {
        Item::Schedule(_) | Item::Rotation(_) | Item::Table(_) | Item::Example(_) => true,
        Item::Country(_) => false,
        Item::Timezone(_) | Item::Agent(_) | Item::Switch(_) | Item::Attribute(_) | Item::Numbers(_) => false,
        Item::Condition(_) | Item::Days(_) | Item::Proof(_) => false,
        Item::Statement(statement) => match statement.kind {
            StatementKind::Rule { .. } | StatementKind::When { .. } | StatementKind::Split(_) => true,
            StatementKind::Context(_) | StatementKind::Metadata(_) | StatementKind::Skip => false,
            StatementKind::Route(_) | StatementKind::Reject(_) | StatementKind::Fallback => false,
            StatementKind::Unreadable(_) => false,
        },
    }
}
