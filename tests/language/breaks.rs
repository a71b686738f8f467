//! Plans that are broken in one place, or everywhere in the same way, as people and programs break
//! them. The same plan, way and seed always give the same broken plan.

mod tokens;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::support::Random;
use callplan::syntax::{WordKind, is_reserved, reserved_words};
use tokens::{PlanTokenKind, Token, partners, tokens};

/// A plan that was broken.
#[derive(Clone, Debug)]
pub struct Broken {
    pub text: String,
    /// The lines, from 1, on which a message may be, plus or minus one: that of the mistake, and
    /// that of the bracket's partner. Empty if all of the plan is broken.
    pub lines: Vec<usize>,
    /// The change, for people.
    pub what: String,
}

/// A kind of mistake, for the minimum results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// A bracket.
    Bracket,
    /// A quote.
    Quote,
    /// A letter of a word of the language. No other word is as near.
    Keyword,
    /// Any token.
    Token,
    /// The complete text, on its way from one program to another.
    Paste,
    /// No mistake: the plan must be accepted.
    Harmless,
}

/// A way to break a plan.
pub struct Way {
    pub name: &'static str,
    pub group: Group,
    breaks: fn(&Plan, &mut Random) -> Vec<Broken>,
}

impl Way {
    /// All broken plans of this way: one for each place, or a single one.
    pub fn broken(&self, text: &str, seed: u64) -> Vec<Broken> {
        let mut broken = (self.breaks)(&Plan::new(text), &mut Random::new(seed));
        broken.retain(|broken| broken.text != text);
        broken
    }
}

/// At most `limit` of the broken plans, spread over the plan.
pub fn spread(broken: Vec<Broken>, limit: usize) -> Vec<Broken> {
    let count = broken.len();
    if count <= limit {
        return broken;
    }
    let chosen: BTreeSet<usize> = (0..limit).map(|at| (2 * at + 1) * count / (2 * limit)).collect();
    broken.into_iter().enumerate().filter(|(at, _)| chosen.contains(at)).map(|(_, broken)| broken).collect()
}

/// The plans of `examples/` and `examples/drafts/`, each with its name.
pub fn plans() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let files = [folder.clone(), folder.join("drafts")].into_iter().flat_map(|folder| files(&folder));
    let named = |path: PathBuf| {
        let name = path.strip_prefix(&folder).unwrap_or(&path).display().to_string();
        (name, std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
    };
    files.map(named).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "callplan"));
    files.sort();
    files
}

/// All the ways, in the order of the table.
pub fn ways() -> Vec<Way> {
    let way = |group, name, breaks| Way { name, group, breaks };
    vec![
        way(Group::Bracket, "opening bracket removed", |plan, _| plan.brackets("{[(", |_| String::new())),
        way(Group::Bracket, "closing bracket removed", |plan, _| plan.brackets("}])", |_| String::new())),
        way(Group::Bracket, "opening bracket doubled", |plan, _| plan.brackets("{[(", |found| found.repeat(2))),
        way(Group::Bracket, "closing bracket doubled", |plan, _| plan.brackets("}])", |found| found.repeat(2))),
        way(Group::Bracket, "opening bracket of another kind", |plan, _| {
            plan.each(["{[(", "{[("], |found, at| plan.brackets(found, move |bracket| other_kind(bracket, "{[(", at)))
        }),
        way(Group::Bracket, "closing bracket of another kind", |plan, _| {
            plan.each(["}])", "}])"], |found, at| plan.brackets(found, move |bracket| other_kind(bracket, "}])", at)))
        }),
        way(Group::Bracket, "bracket turned round", |plan, _| plan.brackets("{[(}])", turned)),
        way(Group::Bracket, "`}` too many at the end", |plan, _| plan.ends(&["}\n", "\n}\n", "}}\n"])),
        way(Group::Quote, "typographic quotes, one pair", |plan, _| plan.pairs()),
        way(Group::Quote, "typographic quotes, all", |plan, _| plan.all_quotes()),
        way(Group::Quote, "typographic quote, opening only", |plan, _| plan.quotes(Some("“"), None)),
        way(Group::Quote, "typographic quote, closing only", |plan, _| plan.quotes(None, Some("”"))),
        way(Group::Quote, "opening quote removed", |plan, _| plan.quotes(Some(""), None)),
        way(Group::Quote, "closing quote removed", |plan, _| plan.quotes(None, Some(""))),
        way(Group::Quote, "quote doubled", |plan, _| {
            plan.each([0, 1], |at, _| match at {
                0 => plan.quotes(Some("\"\""), None),
                _ => plan.quotes(None, Some("\"\"")),
            })
        }),
        way(Group::Keyword, "keyword, letter dropped", |plan, random| plan.keywords(random, dropped)),
        way(Group::Keyword, "keyword, letter doubled", |plan, random| plan.keywords(random, doubled)),
        way(Group::Keyword, "keyword, letters swapped", |plan, random| plan.keywords(random, swapped)),
        way(Group::Keyword, "keyword, letter replaced", |plan, random| plan.keywords(random, replaced)),
        way(Group::Keyword, "keyword, in capitals", |plan, random| plan.keywords(random, capital)),
        way(Group::Token, "token dropped", |plan, _| plan.tokens(|_| true, |_| String::new())),
        way(Group::Token, "token doubled", |plan, _| plan.tokens(|_| true, |token| format!("{0} {0}", token.text))),
        way(Group::Token, "tokens swapped", |plan, _| plan.swapped_tokens()),
        way(Group::Token, "token misspelled", |plan, random| plan.misspelled(random)),
        way(Group::Token, "line dropped", |plan, _| plan.lines(|line| (!ends_condition(line)).then(String::new))),
        way(Group::Token, "line doubled", |plan, _| plan.lines(|line| Some(line.repeat(2)))),
        way(Group::Token, "sign of another language", |plan, _| plan.signs()),
        way(Group::Paste, "from a mail: `> ` before each line", |plan, _| plan.whole("> ", |line| format!("> {line}"))),
        way(Group::Paste, "from a page: `&quot;` and its like", |plan, _| plan.entities()),
        way(Group::Paste, "from a chat: three backticks around it", |plan, _| plan.fenced()),
        way(Group::Paste, "from a list: numbers before lines", |plan, _| plan.numbered()),
        way(Group::Paste, "no-break spaces for all spaces", |plan, _| plan.spaces()),
        way(Group::Paste, "long dashes for all dashes", |plan, _| plan.replaced_outside_texts("-", "–")),
        way(Group::Paste, "full-width digits", |plan, _| plan.full_width()),
        way(Group::Harmless, "Windows line ends", |plan, _| plan.of_all(plan.text.replace('\n', "\r\n"), "\\r\\n")),
        way(Group::Harmless, "byte-order mark", |plan, _| plan.of_all(format!("\u{feff}{}", plan.text), "U+FEFF")),
        way(Group::Harmless, "spaces at line ends", |plan, _| plan.of_all(plan.text.replace('\n', "  \t\n"), "spaces")),
    ]
}

/// A plan with its tokens.
struct Plan<'t> {
    text: &'t str,
    tokens: Vec<Token<'t>>,
    partners: Vec<Option<usize>>,
}

impl<'t> Plan<'t> {
    fn new(text: &'t str) -> Self {
        let tokens = tokens(text);
        Self { text, partners: partners(&tokens), tokens }
    }

    fn line(&self, at: usize) -> usize {
        1 + self.text[..at].matches('\n').count()
    }

    /// The plan with `text` in place of the text from `start` to `end`.
    fn replace(&self, start: usize, end: usize, text: &str) -> Broken {
        let shown = |text: &str| text.replace('\n', "\\n");
        let what = format!("`{}` is now `{}`", shown(&self.text[start..end]), shown(text));
        let broken = format!("{}{text}{}", &self.text[..start], &self.text[end..]);
        Broken { text: broken, lines: vec![self.line(start), self.line(end)], what }
    }

    /// A plan that is broken everywhere.
    fn of_all(&self, text: String, what: &str) -> Vec<Broken> {
        vec![Broken { text, lines: Vec::new(), what: format!("{what} everywhere") }]
    }

    /// The broken plans of some variants, one after the other.
    fn each<V: Copy>(
        &self,
        variants: impl IntoIterator<Item = V>,
        breaks: impl Fn(V, usize) -> Vec<Broken>,
    ) -> Vec<Broken> {
        variants.into_iter().enumerate().flat_map(|(at, variant)| breaks(variant, at)).collect()
    }

    /// A broken plan for each selected token, with another in its place.
    fn tokens(&self, asked: impl Fn(&Token) -> bool, other: impl Fn(&Token) -> String) -> Vec<Broken> {
        let asked = self.tokens.iter().filter(|token| asked(token));
        asked.map(|token| self.replace(token.at, token.end(), &other(token))).collect()
    }

    /// Each of these brackets, with something else in its place.
    fn brackets(&self, which: &str, other: impl Fn(&str) -> String) -> Vec<Broken> {
        let brackets = self.tokens.iter().enumerate().filter(|(_, token)| token.kind == PlanTokenKind::Bracket);
        let asked = brackets.filter(|(_, token)| which.contains(token.text));
        let broken = asked.map(|(at, token)| {
            let mut broken = self.replace(token.at, token.end(), &other(token.text));
            let partner = self.partners[at].map(|partner| self.line(self.tokens[partner].at));
            broken.lines.extend(partner);
            broken
        });
        broken.collect()
    }

    /// Something more at the end.
    fn ends(&self, ends: &[&str]) -> Vec<Broken> {
        let end = self.text.len();
        ends.iter().map(|more| self.replace(end, end, more)).collect()
    }

    fn texts(&self) -> impl Iterator<Item = &Token<'t>> {
        self.tokens.iter().filter(|token| token.kind == PlanTokenKind::Text)
    }

    /// Each text in quotes of another kind, the kinds in turn.
    fn pairs(&self) -> Vec<Broken> {
        let pairs = PAIRS.iter().cycle();
        self.texts().zip(pairs).map(|(text, pair)| self.replace(text.at, text.end(), &requoted(text, pair))).collect()
    }

    /// Every text of the plan in quotes of one kind, as word processors write them: apostrophes,
    /// too, are theirs.
    fn all_quotes(&self) -> Vec<Broken> {
        let with = |pair: &&(&str, &str)| {
            let mut text = String::new();
            let mut at = 0;
            for token in self.texts() {
                text.push_str(&self.text[at..token.at]);
                text.push_str(&requoted(token, pair));
                at = token.end();
            }
            text.push_str(&self.text[at..]);
            self.of_all(text, &format!("{}…{}", pair.0, pair.1))
        };
        PAIRS.iter().collect::<Vec<_>>().iter().flat_map(with).collect()
    }

    /// Each text with another opening or closing quote.
    fn quotes(&self, opening: Option<&str>, closing: Option<&str>) -> Vec<Broken> {
        let broken = self.texts().filter(|text| text.text.len() >= 2).map(|text| {
            let inner = &text.text[1..text.text.len() - 1];
            let with = format!("{}{inner}{}", opening.unwrap_or("\""), closing.unwrap_or("\""));
            self.replace(text.at, text.end(), &with)
        });
        broken.collect()
    }

    /// Each word of the language with a slip in it, where no other word is as near to what comes
    /// out.
    fn keywords(&self, random: &mut Random, slip: fn(&str, &mut Random) -> Option<String>) -> Vec<Broken> {
        let names = self.names();
        let mut broken = Vec::new();
        for token in self.tokens.iter().filter(|token| self.is_keyword(token)) {
            let Some(misspelled) = slip(token.text, random) else { continue };
            if is_nearest(token.text, &misspelled, &names) {
                broken.push(self.replace(token.at, token.end(), &misspelled));
            }
        }
        broken
    }

    /// Words of the language where they have their meaning: no metadata key, no column, no part of
    /// a path. Weekdays, months and what a call has (`caller`, `date`) are names to a reader: a
    /// slip in them is one of [`Self::misspelled`].
    fn is_keyword(&self, token: &Token) -> bool {
        let before = self.text[..token.at].trim_end();
        let after = self.text[token.end()..].trim_start();
        let is_name = after.starts_with([':', '.'])
            || before.ends_with('.')
            || before.ends_with(['{', ',']) && after.starts_with(':');
        let in_columns = before.ends_with(['(', ',']) && after.starts_with([',', ')']);
        token.kind == PlanTokenKind::Word && is_keyword(token.text) && !is_name && !in_columns
    }

    fn names(&self) -> BTreeSet<&'t str> {
        let words = self.tokens.iter().filter(|token| token.kind == PlanTokenKind::Word);
        words.map(|token| token.text).filter(|word| !is_reserved(word)).collect()
    }

    fn swapped_tokens(&self) -> Vec<Broken> {
        let pairs = self.tokens.windows(2).filter(|pair| pair[0].text != pair[1].text);
        let swapped = pairs.map(|pair| {
            let between = &self.text[pair[0].end()..pair[1].at];
            self.replace(pair[0].at, pair[1].end(), &format!("{}{between}{}", pair[1].text, pair[0].text))
        });
        swapped.collect()
    }

    /// Each name and word with some slip.
    fn misspelled(&self, random: &mut Random) -> Vec<Broken> {
        let words = self.tokens.iter().filter(|token| token.kind == PlanTokenKind::Word);
        let broken = words.filter_map(|token| {
            let slip = [dropped, doubled, swapped, replaced][random.below(4)];
            Some(self.replace(token.at, token.end(), &slip(token.text, random)?))
        });
        broken.collect()
    }

    /// Each line that says something, in another form, where there is one.
    fn lines(&self, other: impl Fn(&str) -> Option<String>) -> Vec<Broken> {
        let mut start = 0;
        let mut broken = Vec::new();
        for line in self.text.split_inclusive('\n') {
            if !line.trim().is_empty() && !line.trim_start().starts_with('#') {
                broken.extend(other(line).map(|other| self.replace(start, start + line.len(), &other)));
            }
            start += line.len();
        }
        broken
    }

    /// Marks and words of programming languages in place of the plan's own.
    fn signs(&self) -> Vec<Broken> {
        let signs: &[(&str, &[&str])] = &[
            ("=", &[":=", "==", ":", "is"]),
            ("is", &["==", "=", "===", "equals"]),
            ("and", &["&&", "&", "AND"]),
            ("or", &["||", "|"]),
            ("not", &["!"]),
            ("when", &["if", "when when"]),
            (":", &["=", "=>", ":="]),
            ("..", &["...", "-"]),
            ("route", &["route to route", "return route"]),
            (",", &[";"]),
            ("}", &["};", "} end"]),
        ];
        let others = |token: &Token| {
            let found = signs.iter().find(|(sign, _)| *sign == token.text).map_or(&[][..], |(_, others)| others);
            found.iter().map(|other| self.replace(token.at, token.end(), other)).collect::<Vec<_>>()
        };
        self.tokens.iter().filter(|token| token.kind != PlanTokenKind::Text).flat_map(others).collect()
    }

    /// Every line, changed alike.
    fn whole(&self, what: &str, other: impl Fn(&str) -> String) -> Vec<Broken> {
        self.of_all(self.text.split_inclusive('\n').map(other).collect(), what)
    }

    /// As a page's source has it.
    fn entities(&self) -> Vec<Broken> {
        let escaped = self.text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let quoted = escaped.replace('"', "&quot;");
        let spaced = quoted.replace("  ", "&nbsp; ");
        let numbered = escaped.replace('"', "&#34;");
        self.each([&quoted, &spaced, &numbered], |text, _| self.of_all(text.clone(), "entities"))
    }

    fn fenced(&self) -> Vec<Broken> {
        let fences = ["```\n", "```callplan\n", "```text\n"];
        self.each(fences, |fence, _| self.of_all(format!("{fence}{}```\n", self.text), fence.trim()))
    }

    fn numbered(&self) -> Vec<Broken> {
        let numbered = |mark: &str| {
            let lines = self.text.split_inclusive('\n').enumerate();
            lines.map(|(at, line)| format!("{}{mark} {line}", at + 1)).collect::<String>()
        };
        self.each([".", ":", ""], |mark, _| self.of_all(numbered(mark), &format!("1{mark}")))
    }

    fn spaces(&self) -> Vec<Broken> {
        self.each(["\u{a0}", "\u{202f}", "\u{3000}"], |space, _| self.replaced_outside_texts(" ", space))
    }

    fn replaced_outside_texts(&self, found: &str, other: &str) -> Vec<Broken> {
        let mut text = String::new();
        let mut at = 0;
        for token in self.texts() {
            text.push_str(&outside_comments(&self.text[at..token.at], |code| code.replace(found, other)));
            text.push_str(token.text);
            at = token.end();
        }
        text.push_str(&outside_comments(&self.text[at..], |code| code.replace(found, other)));
        self.of_all(text, other)
    }

    fn full_width(&self) -> Vec<Broken> {
        let wide = |token: &Token| {
            let digits = token.text.chars().map(|c| match c.to_digit(10) {
                Some(digit) => char::from_u32('０' as u32 + digit).unwrap_or(c),
                None => c,
            });
            digits.collect::<String>()
        };
        let figures =
            |token: &Token| token.kind == PlanTokenKind::Figure && token.text.contains(|c: char| c.is_ascii_digit());
        self.tokens(figures, wide)
    }
}

/// Quotes that are opened and closed by these.
const PAIRS: [(&str, &str); 8] =
    [("“", "”"), ("„", "“"), ("«", "»"), ("‘", "’"), ("”", "”"), ("‹", "›"), ("„", "”"), ("»", "«")];

/// Whether a word is one of the language and neither a value, a field nor one that narrows another.
fn is_keyword(word: &str) -> bool {
    let kind = reserved_words().find_map(|(reserved, kind)| (reserved == word).then_some(kind));
    kind.is_some_and(|kind| {
        matches!(kind, WordKind::Definition | WordKind::Statement | WordKind::Connective | WordKind::Setting)
    })
}

/// A text in other quotes, with typographic apostrophes in it.
fn requoted(text: &Token, (opening, closing): &(&str, &str)) -> String {
    let inner = text.text[1..text.text.len() - 1].replace('\'', "’");
    format!("{opening}{inner}{closing}")
}

/// Code, changed, with its comments as they are.
fn outside_comments(code: &str, change: impl Fn(&str) -> String) -> String {
    let line = |line: &str| {
        let comment = line.find('#').unwrap_or(line.len());
        change(&line[..comment]) + &line[comment..]
    };
    code.split_inclusive('\n').map(line).collect()
}

fn other_kind(bracket: &str, kinds: &str, at: usize) -> String {
    let place = kinds.find(bracket).unwrap_or(0);
    kinds[(place + 1 + at) % 3..][..1].to_owned()
}

fn turned(bracket: &str) -> String {
    let place = "{[(}])".find(bracket).unwrap_or(0);
    "{[(}])"[(place + 3) % 6..][..1].to_owned()
}

/// Whether no word of the language and no name of the plan is as near to a misspelled word as the
/// right one.
fn is_nearest(right: &str, misspelled: &str, names: &BTreeSet<&str>) -> bool {
    let lower = misspelled.to_lowercase();
    let distance = |word: &str| strsim::osa_distance(&lower, &word.to_lowercase());
    let others = reserved_words().map(|(word, _)| word).filter(|word| *word != right);
    let nearest = others.chain(names.iter().copied()).map(distance).min();
    !is_reserved(misspelled) && !names.contains(misspelled) && nearest.is_none_or(|nearest| nearest > distance(right))
}

fn dropped(word: &str, random: &mut Random) -> Option<String> {
    (word.len() > 2).then(|| {
        let at = random.below(word.len());
        format!("{}{}", &word[..at], &word[at + 1..])
    })
}

fn doubled(word: &str, random: &mut Random) -> Option<String> {
    let at = random.below(word.len());
    Some(format!("{}{}", &word[..=at], &word[at..]))
}

fn swapped(word: &str, random: &mut Random) -> Option<String> {
    let at = random.below(word.len().checked_sub(1)?);
    let mut letters: Vec<char> = word.chars().collect();
    letters.swap(at, at + 1);
    let swapped: String = letters.into_iter().collect();
    (swapped != word).then_some(swapped)
}

fn replaced(word: &str, random: &mut Random) -> Option<String> {
    let at = random.below(word.len());
    let letter = char::from(b'a' + u8::try_from(random.below(26)).unwrap_or(0));
    let replaced = format!("{}{letter}{}", &word[..at], &word[at + 1..]);
    (replaced != word && word.len() > 2).then_some(replaced)
}

fn capital(word: &str, random: &mut Random) -> Option<String> {
    let capitals = word.to_uppercase();
    Some(if random.one_in(2) { capitals } else { format!("{}{}", &capitals[..1], &word[1..]) })
}

/// Whether a line is the end of a condition, with the `{` after it: without such a line, a plan is
/// the same text as one that has lost the `{` alone, and nobody can tell which it was.
fn ends_condition(line: &str) -> bool {
    let line = line.trim();
    (line.starts_with("and ") || line.starts_with("or ")) && line.ends_with('{')
}
