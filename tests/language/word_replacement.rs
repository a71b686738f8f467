//! No word of a plan is ignored: every word of a plan is replaced, one at a time, by a name that
//! does not exist, and the plan must then have an error there.
//!
//! Comments, strings (except their holes) and keys of metadata may have any word. So may a name
//! where it is defined, also of a column or a row: then each use of the old name is an error, if
//! there is a use.
//!
//! `WORD_REPLACEMENT_PLANS` is the number of random plans, `WORD_REPLACEMENT_WORDS` the number of
//! replaced words of each (0 for all), and `WORD_REPLACEMENT_SEED` changes the plans. `--nocapture`
//! prints the counts.

use crate::support::{Random, Writer};
use callplan::check::{self, Options};
use callplan::diagnostics::Severity;
use callplan::source::Span;
use callplan::syntax::ast::{self, Condition, Item, Json, Predicate, StatementKind};
use callplan::{Problems, Source, syntax};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

/// A word that is in no plan, and not similar to a word of the language.
const NOWHERE: &str = "zzqx_nowhere";

/// The results of the replacements.
#[derive(Default)]
struct Counts {
    plans: usize,
    at_the_word: usize,
    on_its_line: usize,
    at_its_uses: usize,
    unused_name: usize,
    key: usize,
    survivors: Vec<String>,
}

#[test]
fn no_word_of_an_example_plan_may_be_any_word() {
    let mut counts = Counts::default();
    for path in plans_in("examples") {
        counts.replace_all(&path.display().to_string(), &read(&path));
    }
    counts.judge("plans of examples/");
}

#[test]
fn no_word_of_an_accepted_case_may_be_any_word() {
    let mut counts = Counts::default();
    for folder in ["tests/cases/warn", "tests/cases/eval", "tests/cases/format"] {
        for path in plans_in(folder) {
            counts.replace_all(&path.display().to_string(), &read(&path));
        }
    }
    counts.judge("accepted cases");
}

#[test]
fn no_word_of_a_generated_plan_may_be_any_word() {
    let setting = |name: &str, default: u64| -> u64 {
        std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
    };
    let (plans, words) = (setting("WORD_REPLACEMENT_PLANS", 500), setting("WORD_REPLACEMENT_WORDS", 6) as usize);
    let seed = setting("WORD_REPLACEMENT_SEED", 1);
    let mut counts = Counts::default();
    for at in 0..plans {
        let mut random = Random::new(seed * 1_000_003 + at);
        let most = [3, 8, 16][random.below(3)];
        let rules = 2 + random.below(most);
        let text = Writer::sample(&mut random, rules).text;
        let all = replaceable(&text);
        let chosen: Vec<Span> = match words {
            0 => all,
            _ => (0..words.min(all.len())).map(|_| all[random.below(all.len())]).collect(),
        };
        counts.replace(&format!("generated plan {at} of seed {seed}"), &text, &chosen);
    }
    counts.judge("generated plans");
}

impl Counts {
    fn replace_all(&mut self, name: &str, text: &str) {
        let text = text.trim_start_matches('\u{feff}');
        self.replace(name, text, &replaceable(text));
    }

    fn replace(&mut self, name: &str, text: &str, words: &[Span]) {
        if !errors(text).is_empty() {
            return;
        }
        // The tree's places do not count the byte-order mark.
        assert!(!text.starts_with('\u{feff}'));
        self.plans += 1;
        let free = FreePlaces::of(text);
        for word in words {
            self.replace_one(name, text, *word, &free);
        }
    }

    fn replace_one(&mut self, name: &str, text: &str, word: Span, free: &FreePlaces) {
        let old = &text[word.range()];
        let changed = format!("{}{NOWHERE}{}", &text[..word.start as usize], &text[word.end as usize..]);
        let place = Span::new(word.start as usize, word.start as usize + NOWHERE.len());
        let errors = errors(&changed);
        let touches = |error: &Span, place: Span| error.start <= place.end && error.end >= place.start;
        let is_at_a_use = || {
            let uses: Vec<Span> = replaceable(&changed).into_iter().filter(|at| &changed[at.range()] == old).collect();
            errors.iter().any(|error| uses.iter().any(|place| touches(error, *place)))
        };
        let line = changed[..word.start as usize].matches('\n').count();
        // Or at the next word, which a comment may have put on another line.
        let to_the_next = Span { start: place.start, end: next_word(&changed, place.end) };
        let is_on_the_line =
            |error: &Span| changed[..error.start as usize].matches('\n').count() == line || touches(error, to_the_next);
        if errors.iter().any(|error| touches(error, place)) {
            self.at_the_word += 1;
        } else if free.names.contains(&word) && is_at_a_use() {
            self.at_its_uses += 1;
        } else if errors.is_empty() && free.keys.contains(&word) {
            self.key += 1;
        } else if errors.is_empty() && free.is_unused(word, text, old) {
            self.unused_name += 1;
        } else if errors.iter().any(is_on_the_line) {
            self.on_its_line += 1;
        } else {
            let what = if errors.is_empty() { "is accepted" } else { "has its errors elsewhere" };
            let shown = changed.lines().nth(line).unwrap_or_default();
            self.survivors.push(format!("{name}:{}: for `{old}`, {what}: {}", line + 1, shown.trim()));
        }
    }

    fn judge(&self, what: &str) {
        let replaced = self.at_the_word + self.on_its_line + self.at_its_uses + self.unused_name + self.key;
        println!(
            "{} {what}, {} words replaced: an error at the word {}, elsewhere on its line {}, at the uses of a name {}; \
             names that nothing uses {}, keys of metadata {}; survivors {}",
            self.plans,
            replaced + self.survivors.len(),
            self.at_the_word,
            self.on_its_line,
            self.at_its_uses,
            self.unused_name,
            self.key,
            self.survivors.len()
        );
        assert!(self.at_the_word > 1_000, "too few words were replaced");
        let shown: Vec<&str> = self.survivors.iter().map(String::as_str).take(40).collect();
        assert!(shown.is_empty(), "\n{}", shown.join("\n"));
    }
}

fn plans_in(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut plans = Vec::new();
    let mut waiting = vec![folder];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of plans").flatten() {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "callplan") {
                plans.push(path);
            }
        }
    }
    plans.sort();
    assert!(!plans.is_empty());
    plans
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The places of all errors of a text, without trying its examples and proofs.
fn errors(text: &str) -> Vec<Span> {
    let mut problems = Problems::new();
    if let Some(tree) = syntax::parse(&Source::new("plan", text), &mut problems) {
        check::check(&tree, &Options::default(), &mut problems);
    }
    let errors = problems.iter().filter(|problem| problem.severity() == Severity::Error);
    errors.map(|problem| problem.span).collect()
}

fn uses_of(text: &str, word: &str) -> usize {
    replaceable(text).into_iter().filter(|at| &text[at.range()] == word).count()
}

/// Where the next word begins, or the text ends.
fn next_word(text: &str, from: u32) -> u32 {
    let mut at = from as usize;
    loop {
        at += text[at..].len() - text[at..].trim_start().len();
        if !text[at..].starts_with('#') {
            return at as u32;
        }
        at += text[at..].find('\n').unwrap_or(text.len() - at);
    }
}

/// Every word outside of comments and texts, and in the holes of texts.
fn replaceable(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let is_start = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let mut words = Vec::new();
    let mut at = 0;
    let (mut in_text, mut in_hole) = (false, false);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if in_text => at += 1,
            b'"' => (in_text, in_hole) = (!in_text, false),
            b'{' if in_text => in_hole = true,
            b'}' if in_text => in_hole = false,
            b'#' if !in_text => {
                at += text[at..].find('\n').unwrap_or(text.len() - at);
                continue;
            }
            byte if is_start(byte) && (!in_text || in_hole) => {
                let length = bytes[at..].iter().position(|byte| !is_word(*byte)).unwrap_or(bytes.len() - at);
                words.push(Span::new(at, at + length));
                at += length;
                continue;
            }
            // The letters of a figure are not a word.
            byte if is_word(byte) || byte == b'+' => {
                at += 1 + bytes[at + 1..].iter().position(|byte| !is_word(*byte)).unwrap_or(bytes.len() - at - 1);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    words
}

/// The places where a plan may have any word.
#[derive(Default)]
struct FreePlaces {
    /// Keys of metadata.
    keys: HashSet<Span>,
    /// Names where they are defined: those of definitions, columns and rows.
    names: HashSet<Span>,
    /// The table of each column.
    columns: HashMap<Span, String>,
    /// Each table with the name of a row of it.
    rows: Vec<(String, String)>,
}

impl FreePlaces {
    fn of(text: &str) -> Self {
        let mut places = Self::default();
        let tree = syntax::parse(&Source::new("plan", text), &mut Problems::new()).expect("a plan that can be read");
        tree.plan.items.iter().for_each(|item| places.item(item));
        places
    }

    /// Whether a name is defined at a place and not used. Other tables may have a column with the
    /// same name.
    fn is_unused(&self, place: Span, text: &str, name: &str) -> bool {
        match self.columns.get(&place) {
            None => self.names.contains(&place) && uses_of(text, name) == 1,
            Some(table) => {
                let rows = self.rows.iter().filter(|(of, _)| of == table);
                rows.map(|(_, row)| format!("{row}.{name}")).all(|used| !text.contains(&used))
            }
        }
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Agent(agent) => drop(self.names.insert(agent.name.span)),
            Item::Switch(switch) => drop(self.names.insert(switch.name.span)),
            Item::Attribute(attribute) => drop(self.names.insert(attribute.name.span)),
            Item::Numbers(numbers) => drop(self.names.insert(numbers.name.span)),
            Item::Days(days) => drop(self.names.insert(days.name.span)),
            Item::Schedule(schedule) => drop(self.names.insert(schedule.name.span)),
            Item::Rotation(rotation) => drop(self.names.insert(rotation.name.span)),
            Item::Condition(definition) => {
                self.names.insert(definition.name.span);
                self.condition(&definition.condition);
            }
            Item::Table(table) => {
                self.names.insert(table.name.span);
                self.names.extend(table.columns.iter().map(|column| column.span));
                let columns = table.columns.iter().map(|column| (column.span, table.name.text.clone()));
                self.columns.extend(columns);
            }
            Item::Example(example) => example.expectations.iter().for_each(|statement| self.statement(statement)),
            Item::Proof(proof) => self.condition(&proof.condition),
            Item::Statement(statement) => self.statement(statement),
            Item::Timezone(_) | Item::Country(_) => {}
        }
    }

    fn statement(&mut self, statement: &ast::Statement) {
        match &statement.kind {
            StatementKind::Rule { condition, block, .. } => {
                condition.iter().for_each(|condition| self.condition(condition));
                block.statements.iter().for_each(|statement| self.statement(statement));
            }
            StatementKind::When { condition, block } => {
                self.condition(condition);
                block.statements.iter().for_each(|statement| self.statement(statement));
            }
            StatementKind::Split(split) => {
                let statements = split.arms.iter().flat_map(|arm| &arm.block.statements);
                statements.for_each(|statement| self.statement(statement));
            }
            StatementKind::Metadata(object) => self.object(object),
            StatementKind::Context(_)
            | StatementKind::Skip
            | StatementKind::Route(_)
            | StatementKind::Reject(_)
            | StatementKind::Fallback
            | StatementKind::Unreadable(_) => {}
        }
    }

    fn object(&mut self, object: &ast::Object) {
        for (key, value) in &object.members {
            self.keys.insert(key.span);
            self.json(value);
        }
    }

    fn json(&mut self, json: &Json) {
        match json {
            Json::Object(object) => self.object(object),
            Json::Array(entries, _) => entries.iter().for_each(|entry| self.json(entry)),
            Json::Text(_) | Json::Figure(_) | Json::Path(_) => {}
        }
    }

    fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::Chain { operands, .. } => operands.iter().for_each(|operand| self.condition(operand)),
            Condition::Not(inner, _) | Condition::Group(inner, _) => self.condition(inner),
            Condition::Test(test) => {
                if let Some(Predicate::Membership { binding: Some(binding), value, .. }) = &test.predicate {
                    self.names.insert(binding.span);
                    if let ast::Value::Path(table) = value {
                        self.rows.push((table.name.text.clone(), binding.text.clone()));
                    }
                }
            }
            Condition::Unreadable(..) => {}
        }
    }
}
