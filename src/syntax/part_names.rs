//! What messages call the parts of a plan: a table over the rules of the grammar, in which the
//! compiler misses any rule that is added.

use super::Rule;

/// How a message names what could stand at a place; `None` for what it does not name.
pub(super) fn name_of(kind: Rule) -> Option<&'static str> {
    Some(match kind {
        Rule::plan
        | Rule::item
        | Rule::item_alone
        | Rule::rule_head
        | Rule::when_head
        | Rule::block_part
        | Rule::table_head
        | Rule::table_part
        | Rule::numbers_head
        | Rule::except_head
        | Rule::list_part
        | Rule::unreadable
        | Rule::BYTE_ORDER_MARK
        | Rule::EOI
        | Rule::nameless
        | Rule::exponent
        | Rule::extension => return None,
        Rule::definition | Rule::statement | Rule::starter | Rule::statement_word | Rule::decision => {
            "a statement or a definition"
        }
        Rule::timezone => "`timezone`",
        Rule::country | Rule::country_head | Rule::COUNTRY => "`country`",
        Rule::home_country | Rule::country_name => "a country such as `GB`, or `any`",
        Rule::country_trunk | Rule::country_link => "`on trunk`",
        Rule::agent => "`agent`",
        Rule::version | Rule::VERSION => "`version`",
        Rule::switch | Rule::SWITCH => "`switch`",
        Rule::attribute | Rule::attribute_head | Rule::ATTRIBUTE => "`attribute`",
        Rule::numbers | Rule::NUMBERS => "`numbers`",
        Rule::except_list | Rule::except_days | Rule::EXCEPT => "`except`",
        Rule::condition_definition | Rule::CONDITION => "`condition`",
        Rule::days | Rule::DAYS => "`days`",
        Rule::schedule | Rule::SCHEDULE => "`schedule`",
        Rule::in_zone | Rule::IN => "`in`",
        Rule::line => "a line such as `mon-fri 09:00-17:00`",
        Rule::day | Rule::day_value | Rule::day_alone | Rule::days_alone | Rule::day_entry | Rule::single => {
            "a day such as `mon-fri`, `2026-12-24` or `every 12-25`"
        }
        Rule::ordinal | Rule::which => "a weekday of a month such as `last fri of month`",
        Rule::month => "a month such as `nov`, or `month`",
        Rule::every => "`every`",
        Rule::offset => "an offset such as `2 days before`",
        Rule::orthodox_easter | Rule::ORTHODOX => "`orthodox easter`",
        Rule::every_weeks => "weeks such as `2 weeks from 2026-12-05`",
        Rule::weekdays | Rule::weekday => "a weekday such as `mon`",
        Rule::hours => "hours such as `09:00-17:00`, `all day` or `closed`",
        Rule::window | Rule::windows | Rule::time_like => "a window such as `09:00-17:00`",
        Rule::closure => "`closed from`",
        Rule::moment => "a date and a time such as `2026-12-24 12:00`",
        Rule::rotation | Rule::rotation_head | Rule::ROTATION => "`rotation`",
        Rule::rotation_line => "a line such as `from 2027-01-04 08:00 every week …`",
        Rule::turns => "`every`",
        Rule::rotation_agents | Rule::rotation_agent => "an agent's name",
        Rule::table => "`table`",
        Rule::columns => "the columns in parentheses",
        Rule::column => "a column's name",
        Rule::row | Rule::key => "a row such as `+14155550100: …`",
        Rule::cell | Rule::cell_slip => "a text, a number, `true`, `false` or a name",
        Rule::rule_head_alone => "`when` or `{`",
        Rule::rule | Rule::rule_alone | Rule::RULE => "`rule`",
        Rule::when | Rule::when_alone | Rule::WHEN => "`when`",
        Rule::split | Rule::SPLIT => "`split`",
        Rule::arm | Rule::share => "a share such as `5%`",
        Rule::block | Rule::object | Rule::OPEN => "`{`",
        Rule::context | Rule::CONTEXT => "`context`",
        Rule::metadata | Rule::METADATA => "`metadata`",
        Rule::member => "a key such as `tier:`",
        Rule::json => "a value",
        Rule::array | Rule::list | Rule::LIST_OPEN => "`[`",
        Rule::skip | Rule::SKIP => "`skip`",
        Rule::route | Rule::ROUTE => "`route`",
        Rule::target | Rule::target_path => "an agent's name",
        Rule::reject | Rule::REJECT => "`reject`",
        Rule::fallback | Rule::FALLBACK => "`fallback`",
        Rule::condition | Rule::operand | Rule::test | Rule::subject | Rule::condition_alone => {
            "a condition such as `caller is anonymous`"
        }
        Rule::group | Rule::PAREN_OPEN => "`(`",
        Rule::connective => "`and` or `or`",
        Rule::predicate | Rule::equality | Rule::comparison => "a test such as `is open` or `in vips`",
        Rule::membership => "`in`",
        // Only for texts, so other tests are named.
        Rule::search | Rule::search_words | Rule::search_word | Rule::search_in_one | Rule::search_end | Rule::DOES => {
            return None;
        }
        Rule::binding | Rule::AS => "`as`",
        Rule::comparator => "`<`, `<=`, `>` or `>=`",
        Rule::example => "`example`",
        Rule::call | Rule::CALL => "`call`",
        Rule::call_number => "a number",
        Rule::on_trunk | Rule::ON => "`on`",
        Rule::diverted | Rule::DIVERTED => "`diverted from`",
        Rule::asserted | Rule::ASSERTED => "`asserted`",
        Rule::attested | Rule::ATTESTED => "`attested`",
        Rule::named | Rule::NAMED => "`named`",
        Rule::with_facts | Rule::WITH => "`with`",
        Rule::call_fact => "a switch such as `storm on`",
        Rule::expectation | Rule::EXPECT => "`expect`",
        Rule::proof => "`always` or `never`",
        Rule::value | Rule::entry | Rule::entry_alone | Rule::entry_that_stands | Rule::list_alone => "a value",
        Rule::range_mark | Rule::DOTS => "`..`",
        Rule::number | Rule::number_part | Rule::number_group => "a number such as `+14155550100`",
        Rule::text => "a text in double quotes",
        Rule::figure | Rule::negative | Rule::clock => "a number, a date or a time",
        Rule::path | Rule::name | Rule::word | Rule::word_rest => "a name",
        Rule::zone | Rule::zone_rest => "a time zone such as `Europe/London`",
        Rule::AFTER => "`after`",
        Rule::AGENT => "`agent`",
        Rule::ALL => "`all day`",
        Rule::ALSO => "`also`",
        Rule::ALWAYS => "`always`",
        Rule::AND => "`and`",
        Rule::AT => "`at`",
        Rule::BEFORE => "`before`",
        Rule::BY => "`by`",
        Rule::CALLER => "`caller`",
        Rule::CLOSED => "`closed`",
        Rule::DAY => "`day`",
        Rule::EASTER => "`easter`",
        Rule::EVERY => "`every`",
        Rule::EXAMPLE => "`example`",
        Rule::FROM => "`from`",
        Rule::IS => "`is`",
        Rule::MONTH => "`month`",
        Rule::NEVER => "`never`",
        Rule::NOT => "`not`",
        Rule::OF => "`of`",
        Rule::OR => "`or`",
        Rule::PRE_CONVERSATION_WORKFLOW => "`pre_conversation_workflow`",
        Rule::TABLE => "`table`",
        Rule::TIMEZONE => "`timezone`",
        Rule::TO => "`to`",
        Rule::TRUNK => "`trunk`",
        Rule::WEEK => "`week`",
        Rule::WEEKS => "`weeks`",
        Rule::CLOSE => "`}`",
        Rule::LIST_CLOSE => "`]`",
        Rule::PAREN_CLOSE => "`)`",
        Rule::COLON => "`:`",
        Rule::COMMA => "`,`",
        Rule::EQUALS => "`=`",
        Rule::PERCENT => "`%`",
        Rule::DASH => "`-`",
        // Slips are read so that they can be refused; no message offers one.
        Rule::connective_slip
        | Rule::not_slip
        | Rule::in_slip
        | Rule::predicate_slip
        | Rule::slip_words
        | Rule::slip_word => return None,
        Rule::unreadable_condition
        | Rule::unreadable_line
        | Rule::unreadable_row
        | Rule::unreadable_arm
        | Rule::unreadable_entry => {
            return None;
        }
        Rule::gap | Rule::line_end => return None,
        Rule::skipped | Rule::braces | Rule::brackets | Rule::parens | Rule::WHITESPACE | Rule::COMMENT => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_message_names_a_rule_of_the_grammar() {
        for kind in Rule::all_rules() {
            let Some(name) = name_of(*kind) else { continue };
            let inner = format!("{kind:?}");
            assert!(
                !inner.contains('_') || !name.contains(&inner) || name == format!("`{}`", inner.to_lowercase()),
                "{inner}: {name}"
            );
        }
    }
}
