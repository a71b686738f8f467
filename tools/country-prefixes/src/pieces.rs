//! Patterns of prefixes as what they are: a few texts of digits.

use std::error::Error;

use regex_syntax::hir::{Class, Hir, HirKind, Look};

use crate::metadata::Dialing;

/// Some of the ten digits, a bit each, and the group that they stand in.
type Piece = (u16, Option<u32>);

/// One way to match a pattern, and whether it takes the whole number.
#[derive(Clone, Default)]
struct Way {
    pieces: Vec<Piece>,
    is_whole: bool,
}

/// What may stand before a national number, and what it becomes: `before` is dropped, `kept` is
/// kept, `after` is dropped, and `insert` comes first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct Rewrite {
    before: String,
    kept: String,
    after: String,
    insert: String,
}

impl Rewrite {
    pub fn as_rust(&self) -> String {
        let Self { before, kept, after, insert } = self;
        match kept.is_empty() && insert.is_empty() {
            true => format!("Rewrite::prefix(\"{before}\")"),
            false => format!(
                "Rewrite {{ before: \"{before}\", kept: \"{kept}\", after: \"{after}\", insert: \"{insert}\" }}"
            ),
        }
    }
}

/// The prefixes before a country's code, the shortest first.
pub fn international(pattern: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let mut prefixes: Vec<String> = ways(pattern)?.iter().map(|way| written(&way.pieces)).collect();
    prefixes.retain(|prefix| !prefix.is_empty());
    prefixes.sort_by_key(|prefix| digits_of(prefix));
    prefixes.dedup();
    Ok(prefixes)
}

/// What may stand before a national number, the shortest first. What does not begin with the
/// national prefix, or another in its place, is left out: carrier codes alone, and local numbers that
/// the metadata completes.
pub fn rewrites(dialing: &Dialing, national: &str) -> Result<Vec<Rewrite>, Box<dyn Error>> {
    let mut found = Vec::new();
    for way in ways(&dialing.for_parsing)? {
        let first_group = way.pieces.iter().position(|(_, group)| group.is_some());
        if way.is_whole || way.pieces.is_empty() || first_group == Some(0) {
            continue;
        }
        let wanted: Option<u32> = dialing.transform.split('$').nth(1).and_then(|rest| rest.parse().ok());
        let insert = dialing.transform.split('$').next().unwrap_or_default().to_owned();
        let kept = way.pieces.iter().position(|(_, group)| wanted.is_some() && *group == wanted);
        let Some(from) = kept else {
            found.push(Rewrite {
                before: written(&way.pieces),
                kept: String::new(),
                after: String::new(),
                insert: String::new(),
            });
            continue;
        };
        let end = from + way.pieces[from..].iter().take_while(|(_, group)| *group == wanted).count();
        if end == way.pieces.len() && insert.is_empty() {
            // The group is the number itself.
            found.push(Rewrite {
                before: written(&way.pieces[..from]),
                kept: String::new(),
                after: String::new(),
                insert,
            });
        } else {
            found.push(Rewrite {
                before: written(&way.pieces[..from]),
                kept: written(&way.pieces[from..end]),
                after: written(&way.pieces[end..]),
                insert,
            });
        }
    }
    if found.is_empty() {
        found.push(Rewrite {
            before: national.to_owned(),
            kept: String::new(),
            after: String::new(),
            insert: String::new(),
        });
    }
    found.sort_by_key(|rewrite| (digits_of(&rewrite.before) + digits_of(&rewrite.kept), rewrite.as_rust()));
    found.dedup();
    Ok(found)
}

/// How many digits a written prefix has.
fn digits_of(prefix: &str) -> usize {
    let mut count = 0;
    let mut in_class = false;
    for character in prefix.chars() {
        match character {
            '[' => in_class = true,
            ']' => {
                in_class = false;
                count += 1;
            }
            _ if !in_class => count += 1,
            _ => {}
        }
    }
    count
}

/// Digits, `x` for any of them, and `[…]` for one of some.
fn written(pieces: &[Piece]) -> String {
    let mut text = String::new();
    for (digits, _) in pieces {
        let all: String = (0..10_u32).filter(|digit| digits >> digit & 1 == 1).map(|digit| digit.to_string()).collect();
        match all.len() {
            1 => text += &all,
            10 => text += "x",
            _ => text += &format!("[{all}]"),
        }
    }
    text
}

fn ways(pattern: &str) -> Result<Vec<Way>, Box<dyn Error>> {
    // The metadata puts this around each pattern.
    let pattern = pattern.strip_prefix("^(?:").and_then(|rest| rest.strip_suffix(")$")).unwrap_or(pattern);
    let hir = regex_syntax::parse(&pattern.replace("\\d", "[0-9]"))?;
    expand(&hir, None)
}

fn expand(hir: &Hir, group: Option<u32>) -> Result<Vec<Way>, Box<dyn Error>> {
    let one = |digits: u16| vec![Way { pieces: vec![(digits, group)], is_whole: false }];
    Ok(match hir.kind() {
        HirKind::Empty => vec![Way::default()],
        HirKind::Literal(literal) => {
            let pieces = literal.0.iter().map(|digit| (1 << (digit - b'0'), group)).collect();
            vec![Way { pieces, is_whole: false }]
        }
        HirKind::Class(Class::Unicode(class)) => {
            let digits = class.iter().flat_map(|range| u32::from(range.start())..=u32::from(range.end()));
            one(digits.map(|digit| 1 << (digit - u32::from('0'))).sum())
        }
        HirKind::Class(Class::Bytes(class)) => {
            let digits = class.iter().flat_map(|range| range.start()..=range.end());
            one(digits.map(|digit| 1 << (digit - b'0')).sum())
        }
        HirKind::Look(look) => vec![Way { pieces: vec![], is_whole: *look == Look::End }],
        HirKind::Repetition(repetition) => {
            let max = repetition.max.ok_or("a prefix without an end")?;
            let mut all = Vec::new();
            for count in repetition.min..=max {
                let mut some = vec![Way::default()];
                for _ in 0..count {
                    some = both(&some, &expand(&repetition.sub, group)?);
                }
                all.extend(some);
            }
            all
        }
        HirKind::Capture(capture) => expand(&capture.sub, Some(capture.index))?,
        HirKind::Concat(parts) => {
            let mut all = vec![Way::default()];
            for part in parts {
                all = both(&all, &expand(part, group)?);
            }
            all
        }
        HirKind::Alternation(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(expand(part, group)?);
            }
            all
        }
    })
}

fn both(first: &[Way], second: &[Way]) -> Vec<Way> {
    let join = |one: &Way, other: &Way| Way {
        pieces: one.pieces.iter().chain(&other.pieces).copied().collect(),
        is_whole: one.is_whole || other.is_whole,
    };
    first.iter().flat_map(|one| second.iter().map(move |other| join(one, other))).collect()
}
