//! The tree of a plan: what the admin wrote, in the order it was written, with its places.
//!
//! Nothing here is judged: a [`Value`] is told apart by its shape alone, and whether `25:00` is a
//! time is for [`crate::check()`] to say. Words that stand for the same thing have the same name as
//! in the grammar.

use crate::diagnostics::Reported;
use crate::source::Span;

/// A whole plan.
#[derive(Debug, Default)]
pub struct Plan {
    /// Definitions and statements, as they stand.
    pub items: Vec<Item>,
}

/// What may stand outside of blocks.
#[derive(Debug)]
pub enum Item {
    /// `timezone America/New_York`
    Timezone(Zone),
    /// `country GB [on trunk "…"]`
    Country(HomeCountry),
    /// `agent frontdesk = "…"`
    Agent(Agent),
    /// `switch storm`
    Switch(Switch),
    /// `attribute campaign = "…"`
    Attribute(Attribute),
    /// `numbers vips = [ … ]`
    Numbers(Numbers),
    /// `condition quiet = …`
    Condition(Box<ConditionDefinition>),
    /// `days holidays = [ … ]`
    Days(Days),
    /// `schedule office { … }`
    Schedule(Schedule),
    /// `rotation on_call { … }`
    Rotation(Rotation),
    /// `table accounts (…) { … }`
    Table(Table),
    /// `example "…" { … }`
    Example(Box<Example>),
    /// `always "…" when … { … }`, and `never`
    Proof(Box<Proof>),
    /// A statement.
    Statement(Statement),
}

/// A piece of the text as it stands: a word, a number, a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// As written.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// A quoted text, its escapes undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// What it says, without its holes.
    pub value: String,
    /// Its holes, in order; empty except in `context` and in metadata.
    pub holes: Box<[Hole]>,
    /// With its quotes.
    pub span: Span,
}

/// `{caller}` in a text: the value goes in at byte `at` of the text's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    /// The byte of [`Text::value`] before which the value goes.
    pub at: usize,
    /// What is shown.
    pub path: Path,
}

/// A name, and what follows a dot: `caller`, `caller.country`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// What stands first.
    pub name: Token,
    /// What follows the dot.
    pub field: Option<Box<Token>>,
    /// Both.
    pub span: Span,
}

/// `America/New_York`
#[derive(Debug)]
pub struct Zone {
    /// As written.
    pub token: Token,
    /// The whole of `timezone …` or `in …`.
    pub span: Span,
}

/// `country GB [on trunk "…"]`
#[derive(Debug)]
pub struct HomeCountry {
    /// The code, or `any`.
    pub home: Token,
    /// On which trunk; without it, on all others.
    pub trunk: Option<Text>,
    /// The whole definition.
    pub span: Span,
}

/// `agent NAME = "id" [version N]`
#[derive(Debug)]
pub struct Agent {
    /// Its name in this plan.
    pub name: Token,
    /// What the platform calls it.
    pub id: Text,
    /// Without one, the newest published.
    pub version: Option<Token>,
    /// The whole definition.
    pub span: Span,
}

/// `switch NAME`
#[derive(Debug)]
pub struct Switch {
    /// Its name.
    pub name: Token,
    /// The whole definition.
    pub span: Span,
}

/// `attribute NAME = "…"`
#[derive(Debug)]
pub struct Attribute {
    /// Its name in this plan.
    pub name: Token,
    /// What calls name it.
    pub header: Text,
    /// The whole definition.
    pub span: Span,
}

/// `numbers NAME = [ … ] [except [ … ]]`
#[derive(Debug)]
pub struct Numbers {
    /// Its name.
    pub name: Token,
    /// What is in it.
    pub entries: List,
    /// What is not, after all.
    pub except: Option<List>,
    /// The whole definition.
    pub span: Span,
}

/// `condition NAME = CONDITION`
#[derive(Debug)]
pub struct ConditionDefinition {
    /// Its name.
    pub name: Token,
    /// What it stands for.
    pub condition: Condition,
    /// The whole definition.
    pub span: Span,
}

/// `days NAME = [ … ]`
#[derive(Debug)]
pub struct Days {
    /// Its name.
    pub name: Token,
    /// Its days.
    pub entries: Vec<Day>,
    /// From bracket to bracket.
    pub list_span: Span,
    /// The whole definition.
    pub span: Span,
}

/// `schedule NAME [in ZONE] [except NAME, …] { LINES }`
#[derive(Debug)]
pub struct Schedule {
    /// Its name.
    pub name: Token,
    /// Its own zone; without one, the plan's.
    pub zone: Option<Zone>,
    /// Names of `days` on which no window starts.
    pub except: Vec<Token>,
    /// Its lines, in any order.
    pub lines: Vec<ScheduleLine>,
    /// The whole definition.
    pub span: Span,
}

impl Schedule {
    /// Its lines of days and hours.
    pub fn day_lines(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter_map(|line| match line {
            ScheduleLine::Days(line) => Some(line),
            ScheduleLine::Closure(_) => None,
        })
    }

    /// Its closures.
    pub fn closures(&self) -> impl Iterator<Item = &Closure> {
        self.lines.iter().filter_map(|line| match line {
            ScheduleLine::Closure(closure) => Some(closure),
            ScheduleLine::Days(_) => None,
        })
    }
}

/// A line of a schedule.
#[derive(Debug)]
pub enum ScheduleLine {
    /// Days and hours.
    Days(Line),
    /// `closed from … to …`
    Closure(Closure),
}

/// `closed from 2026-12-24 12:00 to 2027-01-04 09:00`
#[derive(Debug)]
pub struct Closure {
    /// The first moment.
    pub from: Moment,
    /// The moment after the last.
    pub to: Moment,
    /// The whole line.
    pub span: Span,
}

/// A date and a time.
#[derive(Debug)]
pub struct Moment {
    /// The date.
    pub date: Token,
    /// The time; absent where only a date was written.
    pub time: Option<Token>,
    /// Both.
    pub span: Span,
}

/// A line of a schedule: days and hours.
#[derive(Debug)]
pub struct Line {
    /// On which days.
    pub days: Vec<Day>,
    /// Which hours.
    pub hours: Hours,
    /// The whole line.
    pub span: Span,
}

/// The hours of a schedule's line.
#[derive(Debug)]
pub enum Hours {
    /// `closed`
    Closed,
    /// `all day`
    AllDay,
    /// `09:00-12:30, 13:30-17:30`
    Windows(Vec<Window>),
    /// `closed 13:00-15:00`
    ClosedWindows(Vec<Window>),
    /// `also 18:00-20:00`
    AlsoWindows(Vec<Window>),
}

impl Hours {
    /// The windows that it writes.
    pub fn windows(&self) -> &[Window] {
        match self {
            Self::Closed | Self::AllDay => &[],
            Self::Windows(windows) | Self::ClosedWindows(windows) | Self::AlsoWindows(windows) => windows,
        }
    }
}

/// `09:00-12:30`
#[derive(Debug)]
pub struct Window {
    /// When it opens.
    pub start: Token,
    /// When it closes; absent where only one time was written.
    pub end: Option<Token>,
    /// Both.
    pub span: Span,
}

/// `rotation NAME [in ZONE] { LINES }`
#[derive(Debug)]
pub struct Rotation {
    /// Its name.
    pub name: Token,
    /// Its own zone; without one, the plan's.
    pub zone: Option<Zone>,
    /// Its lines, in any order.
    pub lines: Vec<RotationLine>,
    /// The whole definition.
    pub span: Span,
}

/// `from 2027-01-04 08:00 every week bell, chen, diaz`
#[derive(Debug)]
pub struct RotationLine {
    /// When it begins.
    pub from: Moment,
    /// When it ends, if it does.
    pub to: Option<Moment>,
    /// How often it hands over, if it does.
    pub turns: Option<Turns>,
    /// Names of agents, in turn.
    pub agents: Vec<Token>,
    /// The whole line.
    pub span: Span,
}

/// `every week`, `every 2 weeks`
#[derive(Debug)]
pub struct Turns {
    /// Every how many; one, if it is not written.
    pub count: Option<Token>,
    /// `day`, `days`, `week`, `weeks` or `month`
    pub unit: Token,
    /// With its `every`.
    pub span: Span,
}

/// One entry of `days` or of a schedule's line.
#[derive(Debug)]
pub struct Day {
    /// Which days.
    pub kind: DayKind,
    /// What people call them, in `days`: `every 12-25 "Christmas Day"`.
    pub name: Option<Box<Text>>,
    /// The days, without their name.
    pub span: Span,
}

/// The ways to name days.
#[derive(Debug)]
pub enum DayKind {
    /// `mon-fri`, `2026-12-24`, `2026-12-28..2027-01-01 mon-fri`, a name of `days`
    Plain {
        /// A word or a figure, or a range of them.
        value: Value,
        /// Only these weekdays.
        weekdays: Option<Weekdays>,
    },
    /// `every 12-24..12-26 mon-fri`
    Every {
        /// A day of the year, or a range of them.
        value: Value,
        /// Only these weekdays.
        weekdays: Option<Weekdays>,
    },
    /// `every 2 weeks from 2026-11-30 mon-fri`
    EveryWeeks {
        /// Every how many weeks.
        count: Token,
        /// The date from which is counted.
        from: Token,
        /// These weekdays of the week, if not that of the date.
        weekdays: Option<Weekdays>,
    },
    /// `2 days before easter`; the Sunday itself, if it is not the orthodox one, is a `Plain` name.
    Easter {
        /// `2 days before`
        offset: Option<DayOffset>,
        /// `orthodox`
        orthodox: bool,
        /// `easter`
        easter: Token,
    },
    /// `day after fourth thu of nov`
    Ordinal {
        /// `day after`
        offset: Option<DayOffset>,
        /// `first`, `second`, `third`, `fourth`, `fifth`, `last`
        which: Token,
        /// The weekdays that count.
        weekdays: Weekdays,
        /// `nov`, or `month` for every month.
        month: Token,
    },
}

/// `day after`, `2 days before`
#[derive(Debug)]
pub struct DayOffset {
    /// How many days; one, if it is not written.
    pub count: Option<Token>,
    /// `day` or `days`
    pub unit: Token,
    /// `before`, and not `after`
    pub before: bool,
    /// All of it.
    pub span: Span,
}

/// `thu`, `mon-fri`
#[derive(Debug)]
pub struct Weekdays {
    /// The first.
    pub first: Token,
    /// The last, if more than one is meant.
    pub last: Option<Token>,
    /// Both.
    pub span: Span,
}

/// `table NAME (column, …) { ROWS }`
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: Token,
    /// The names of its columns.
    pub columns: Vec<Token>,
    /// Its rows, in any order.
    pub rows: Vec<Row>,
    /// Set where there is no row, or one that could not be read.
    pub unread: Option<Reported>,
    /// The whole definition.
    pub span: Span,
}

/// `KEY: value, …`
#[derive(Debug)]
pub struct Row {
    /// A number, prefix, range, local number or `anonymous`.
    pub key: Value,
    /// A value for each column.
    pub cells: Vec<Cell>,
    /// The whole row.
    pub span: Span,
}

/// A value in a table.
#[derive(Debug)]
pub enum Cell {
    /// `"gold"`
    Text(Text),
    /// `3`, `-0.5`
    Figure(Token),
    /// `+14155550100`, which no column takes
    Number(Token),
    /// `true`, or the name of an agent or a schedule
    Word(Token),
}

/// A statement.
#[derive(Debug)]
pub struct Statement {
    /// What it does.
    pub kind: StatementKind,
    /// What reports mark: the keyword, and a rule's name.
    pub label: Span,
    /// What stands before its block; the whole of a statement without one.
    pub head: Span,
    /// The whole of it.
    pub span: Span,
}

/// What a statement does.
#[derive(Debug)]
pub enum StatementKind {
    /// `rule "name" [when C] { … }`
    Rule {
        /// Shown in traces, logs and reports.
        name: Text,
        /// Without one, it takes whatever gets that far.
        condition: Option<Box<Condition>>,
        /// What it does.
        block: Block,
    },
    /// `when C { … }`
    When {
        /// When it runs.
        condition: Box<Condition>,
        /// What it does.
        block: Block,
    },
    /// `split "name" by caller { … }`
    Split(Split),
    /// `context "…"`
    Context(Text),
    /// `metadata { … }`
    Metadata(Object),
    /// `skip pre_conversation_workflow`
    Skip,
    /// `route to AGENT [version N]`
    Route(Route),
    /// `reject ["why"]`
    Reject(Option<Text>),
    /// `fallback`
    Fallback,
    /// What could not be read; a problem says so.
    Unreadable(Unreadable),
}

impl StatementKind {
    /// Whether it is one of the three that decide a call.
    pub(crate) fn is_decision(&self) -> bool {
        match self {
            Self::Route(_) | Self::Reject(_) | Self::Fallback => true,
            Self::Rule { .. } | Self::When { .. } | Self::Split(_) => false,
            Self::Context(_) | Self::Metadata(_) | Self::Skip | Self::Unreadable(_) => false,
        }
    }
}

/// Text that could not be read. The names in it count as used, so that one mistake gives one
/// message.
#[derive(Debug)]
pub struct Unreadable {
    /// Every word in it.
    pub words: Vec<Token>,
    /// Its problem has been raised.
    pub reported: Reported,
}

/// Statements in braces.
#[derive(Debug)]
pub struct Block {
    /// In the order they run.
    pub statements: Vec<Statement>,
    /// From brace to brace.
    pub span: Span,
}

/// `split "name" by caller { ARMS }`
#[derive(Debug)]
pub struct Split {
    /// Goes into the hash: one name, one bucket.
    pub name: Text,
    /// What goes into the hash beside the name.
    pub by: SplitBy,
    /// In the order in which they take buckets.
    pub arms: Vec<Arm>,
    /// Set where one of its arms could not be read.
    pub unread: Option<Reported>,
}

/// What a split hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SplitBy {
    /// The same caller stays in the same arm.
    Caller,
    /// Each call anew.
    Call,
}

/// `5% { … }`
#[derive(Debug)]
pub struct Arm {
    /// The figure, without its `%`.
    pub share: Token,
    /// What this share of calls does.
    pub block: Block,
    /// The whole arm.
    pub span: Span,
}

/// `route to AGENT [version N]`
#[derive(Debug)]
pub struct Route {
    /// Who.
    pub target: Target,
    /// Goes before the agent's own.
    pub version: Option<Token>,
}

/// Who a call is routed to.
#[derive(Debug)]
pub enum Target {
    /// The platform's id.
    Id(Text),
    /// An agent's name, or a table's agent column.
    Path(Path),
}

/// `{ key: value, … }`
#[derive(Debug)]
pub struct Object {
    /// In order.
    pub members: Vec<(Token, Json)>,
    /// From brace to brace.
    pub span: Span,
}

/// A value in metadata.
#[derive(Debug)]
pub enum Json {
    /// `{ … }`
    Object(Object),
    /// `[ … ]`
    Array(Vec<Json>, Span),
    /// Text with holes.
    Text(Text),
    /// `3`, `-0.5`
    Figure(Token),
    /// `true`, `null`, a call field or a row's column.
    Path(Path),
}

/// A condition.
#[derive(Debug)]
pub enum Condition {
    /// Two or more, joined.
    Chain {
        /// What is joined.
        operands: Vec<Condition>,
        /// What stands between them: one fewer.
        connectives: Vec<Connective>,
        /// The whole of it.
        span: Span,
    },
    /// `not …`
    Not(Box<Condition>, Span),
    /// `( … )`
    Group(Box<Condition>, Span),
    /// A test, or the name of a condition.
    Test(Test),
    /// What could not be read; a problem says so.
    Unreadable(Unreadable, Span),
}

impl Condition {
    /// The whole of it.
    pub fn span(&self) -> Span {
        match self {
            Self::Chain { span, .. } | Self::Not(_, span) | Self::Group(_, span) | Self::Unreadable(_, span) => *span,
            Self::Test(test) => test.span,
        }
    }
}

/// `and` or `or`, with its place.
#[derive(Clone, Copy, Debug)]
pub struct Connective {
    /// Which of the two.
    pub kind: ConnectiveKind,
    /// Where it stands.
    pub span: Span,
}

/// `and` or `or`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectiveKind {
    /// Both hold.
    And,
    /// One holds, or both.
    Or,
}

impl Test {
    /// What stands between the subject and the value: `is not`, `in`. A bare name has nothing
    /// there.
    pub fn operator(&self) -> Span {
        self.predicate.as_ref().map_or(self.subject.span.after(), Predicate::operator)
    }

    /// What is asked of the subject: `in vips`, without the name of a row.
    pub fn question(&self) -> Span {
        self.predicate
            .as_ref()
            .map_or(self.subject.span.after(), |predicate| predicate.operator().to(predicate.value().span()))
    }
}

/// `caller in vips`; without a predicate, the name of a condition.
#[derive(Debug)]
pub struct Test {
    /// What is tested.
    pub subject: Path,
    /// What must be so.
    pub predicate: Option<Predicate>,
    /// The whole test.
    pub span: Span,
}

/// What a test asks of its subject.
#[derive(Debug)]
pub enum Predicate {
    /// `is V`, `is not V`
    Equality {
        /// `is not`
        negated: bool,
        /// Where `is` or `is not` stands.
        operator: Span,
        /// One value.
        value: Value,
    },
    /// `in S`, `not in S`
    Membership {
        /// `not in`
        negated: bool,
        /// Where `in` or `not in` stands.
        operator: Span,
        /// A list, a range, a prefix or a name.
        value: Value,
        /// `as NAME`
        binding: Option<Box<Token>>,
    },
    /// `< V` and its like
    Comparison {
        /// How the two are compared.
        comparator: Comparator,
        /// Where it stands.
        comparator_span: Span,
        /// One value.
        value: Value,
    },
    /// `contains V`, `starts with V`, and other words for these, which are refused
    Search {
        /// Where the words stand.
        operator: Span,
        /// One text, or a list.
        value: Value,
    },
}

impl Predicate {
    /// Where `is`, `not in`, `<` and their like stand.
    pub fn operator(&self) -> Span {
        match self {
            Self::Equality { operator, .. } | Self::Membership { operator, .. } | Self::Search { operator, .. } => {
                *operator
            }
            Self::Comparison { comparator_span, .. } => *comparator_span,
        }
    }

    /// The value that the subject is compared with.
    pub fn value(&self) -> &Value {
        match self {
            Self::Equality { value, .. }
            | Self::Membership { value, .. }
            | Self::Comparison { value, .. }
            | Self::Search { value, .. } => value,
        }
    }
}

/// `<`, `<=`, `>`, `>=`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparator {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

impl Comparator {
    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
        }
    }
}

/// A value by its shape; what it means is judged where it stands.
#[derive(Debug)]
pub enum Value {
    /// Begins with `+`.
    Number(Token),
    /// Quoted.
    Text(Box<Text>),
    /// Begins with a digit, or a minus and a digit.
    Figure(Token),
    /// A word, or two with a dot.
    Path(Box<Path>),
    /// `mon-fri`, `1..7`, `09:00-12:30`
    Range(Box<Range>),
    /// `2026-11-30 08:00`
    Moment {
        /// The first figure.
        date: Box<Token>,
        /// The second.
        time: Box<Token>,
        /// Both.
        span: Span,
    },
    /// `[ … ]`
    List(List),
    /// What could not be read; a problem says so.
    Unreadable(Unreadable, Span),
}

impl Value {
    /// The whole of it.
    pub fn span(&self) -> Span {
        match self {
            Self::Number(token) | Self::Figure(token) => token.span,
            Self::Text(text) => text.span,
            Self::Path(path) => path.span,
            Self::Range(range) => range.low.span().to(range.high.span()),
            Self::Moment { span, .. } | Self::Unreadable(_, span) => *span,
            Self::List(list) => list.span,
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&Text> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The figure, if it is one.
    pub fn as_figure(&self) -> Option<&Token> {
        if let Self::Figure(token) = self { Some(token) } else { None }
    }

    /// The word, if it is one without anything after a dot.
    pub fn as_word(&self) -> Option<&Token> {
        if let Self::Path(path) = self
            && path.field.is_none()
        {
            return Some(&path.name);
        }
        None
    }
}

/// Two values with a mark between them.
#[derive(Debug)]
pub struct Range {
    /// The first.
    pub low: Value,
    /// The second.
    pub high: Value,
    /// What stands between them.
    pub mark: RangeMark,
    /// Where the mark stands.
    pub mark_span: Span,
}

/// What stands between the ends of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeMark {
    /// `-`, between words and times
    Dash,
    /// `..`, between numbers, days and dates
    Dots,
}

/// Values in brackets.
#[derive(Debug)]
pub struct List {
    /// In order; a list within a list is not among them.
    pub entries: Vec<Value>,
    /// From bracket to bracket.
    pub span: Span,
}

/// `example "name" { call … expect … }`
#[derive(Debug)]
pub struct Example {
    /// Shown in reports.
    pub name: Text,
    /// The call.
    pub call: ExampleCall,
    /// What is expected of it.
    pub expectations: Vec<Statement>,
    /// `example`
    pub keyword: Span,
    /// The whole example.
    pub span: Span,
}

/// `call from N to N [diverted from N] [asserted N] [attested A] [named "…"] [on trunk "T"] at DATE
/// TIME [in ZONE] [with SWITCH on, …]`
#[derive(Debug)]
pub struct ExampleCall {
    /// Who calls.
    pub from: Value,
    /// Which number was dialed.
    pub to: Value,
    /// Who sent it on.
    pub diverted: Option<Value>,
    /// The number that the caller's carrier asserts.
    pub asserted: Option<Value>,
    /// How far the caller's number is vouched for.
    pub attested: Option<Token>,
    /// Which name the caller shows.
    pub caller_name: Option<Text>,
    /// On which trunk.
    pub trunk: Option<Text>,
    /// The day.
    pub date: Token,
    /// The time.
    pub time: Token,
    /// The zone of both; without one, the plan's.
    pub zone: Option<Zone>,
    /// Which switches are on, and what attributes say.
    pub facts: Vec<CallFact>,
    /// The whole call.
    pub span: Span,
}

/// `storm on`, `campaign "spring"`
#[derive(Debug)]
pub struct CallFact {
    /// Of a switch or an attribute.
    pub name: Token,
    /// What an attribute says; a switch is on.
    pub text: Option<Text>,
}

/// `always "name" when C { DECISION }`, and `never`
#[derive(Debug)]
pub struct Proof {
    /// Which of the two.
    pub kind: ProofKind,
    /// Shown in reports.
    pub name: Text,
    /// For which calls.
    pub condition: Condition,
    /// The decision that all, or none, of them get.
    pub decision: Statement,
    /// `always` or `never`
    pub keyword: Span,
    /// The whole proof.
    pub span: Span,
}

/// What a proof claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofKind {
    /// Every such call gets the decision.
    Always,
    /// None does.
    Never,
}
