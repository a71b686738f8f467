//! A call that ends up at one of some leaves: one that a person would recognise. Numbers are from the plan or could be
//! dialed, the time is soon and on the minute.

use super::study::{Leading, Study};
use crate::call::Call;
use crate::compile::diagram::{LEAF, Node, NumberNode, Target};
use crate::eval::bucket;
use crate::phone::{E164, Number};
use jiff::{SignedDuration, Timestamp};
use std::ops::Range;

/// Numbers that are set aside for examples, each of eleven digits.
const FAMILIAR: [u64; 2] = [14_155_550_100, 18_005_550_100];

/// Where a caller or a time must vary to fall into a split's arm.
const MOST_VARIATIONS: usize = 50_000;

/// A call that leads to one of the leaves, if one is found. What it does is for the reference evaluator to say.
pub(super) fn find(study: &Study, leading: &Leading) -> Option<Call> {
    if !leading.has(study.diagram.root) {
        return None;
    }
    let mut path = Path::default();
    let mut target = study.diagram.root;
    while target & LEAF == 0 {
        target = path.step(study, &study.diagram.nodes[target as usize], leading)?;
    }
    path.call(study)
}

/// What a path through the diagram asks of a call.
#[derive(Default)]
struct Path {
    dialed: Option<Choice>,
    caller: Option<Choice>,
    trunk: Option<String>,
    organization: Option<String>,
    switches: Vec<usize>,
    instants: Option<Range<i64>>,
    buckets: Vec<(usize, Range<u32>)>,
}

/// A number, or where one may be chosen.
#[derive(Clone)]
enum Choice {
    Point(E164),
    /// Keys, and the lengths that may be chosen.
    Interval(Range<u64>, u16),
    Withheld,
    Local(String),
}

impl Path {
    /// Takes an edge that leads on; gives its target.
    fn step(&mut self, study: &Study, node: &Node, leading: &Leading) -> Option<Target> {
        match node {
            Node::Number(dialed, node) => {
                let (choice, target) = choose_number(study, node, leading)?;
                *self.number(*dialed) = Some(choice);
                Some(target)
            }
            Node::Length(dialed, by_length) => {
                let wanted = (1..16)
                    .filter(|length| leading.has(by_length[*length]))
                    .fold(0_u16, |lengths, length| lengths | 1 << length);
                let choice = self.number(*dialed);
                let possible = match choice {
                    Some(Choice::Interval(keys, lengths)) => {
                        *lengths &= wanted;
                        let number = number_in(keys, *lengths, |_| false)?;
                        *lengths = 1 << number.length();
                        number.length()
                    }
                    Some(Choice::Point(number)) => number.length(),
                    _ => return None,
                };
                Some(by_length[possible as usize])
            }
            Node::Text(is_trunk, listed, other) => {
                let chosen = listed.iter().find(|(_, target)| leading.has(*target));
                let (text, target) = match chosen {
                    _ if leading.has(*other) => (None, *other),
                    Some((text, target)) => (Some(text.to_string()), *target),
                    None => return None,
                };
                // An absent text is the empty one; where that is listed, another is needed.
                let text =
                    text.or_else(|| listed.first().filter(|(text, _)| text.is_empty()).map(|_| "other".to_owned()));
                *(if *is_trunk { &mut self.trunk } else { &mut self.organization }) = text;
                Some(target)
            }
            Node::Switch(switch, on, off) => {
                if leading.has(*off) {
                    return Some(*off);
                }
                self.switches.push(*switch as usize);
                Some(*on)
            }
            Node::Time(table, targets) => {
                let table = &study.diagram.tables[*table as usize];
                let soon = study.soon();
                let stretch = (0..table.starts.len()).find(|at| {
                    let ends = table.starts.get(at + 1).copied().unwrap_or(i64::MAX);
                    ends > soon && leading.has(targets[table.classes[*at] as usize])
                })?;
                let end = table.starts.get(stretch + 1).copied().unwrap_or(study.horizon.until.as_second());
                self.instants = Some(table.starts[stretch].max(soon)..end);
                Some(targets[table.classes[stretch] as usize])
            }
            Node::Bucket(split, edges) => {
                let at = edges.iter().position(|(_, target)| leading.has(*target))?;
                let start = if at == 0 { 0 } else { edges[at - 1].0 };
                self.buckets.push((*split as usize, start..edges[at].0));
                Some(edges[at].1)
            }
        }
    }

    fn number(&mut self, dialed: bool) -> &mut Option<Choice> {
        if dialed { &mut self.dialed } else { &mut self.caller }
    }

    /// The call, varied until each split puts it where the path needs it.
    fn call(self, study: &Study) -> Option<Call> {
        let dialed = written(&self.dialed, "+18005550100", 0)?;
        let switches = self.switches.iter().map(|switch| study.plan.definitions.switches[*switch].clone()).collect();
        let instants = self.instants.clone().unwrap_or_else(|| study.soon()..study.horizon.until.as_second());
        let mut call = Call {
            caller_number: None,
            called_number: dialed,
            trunk_id: self.trunk.clone(),
            organization_id: self.organization.clone(),
            timestamp: Timestamp::UNIX_EPOCH,
            switches,
        };
        let most = if self.buckets.is_empty() { 1 } else { MOST_VARIATIONS };
        for variation in 0..most {
            call.caller_number = Some(written(&self.caller, "+14155550100", variation)?);
            call.timestamp = at(&instants, variation as i64);
            if self.buckets.iter().all(|(split, buckets)| buckets.contains(&bucket_of(study, *split, &call))) {
                return Some(call);
            }
        }
        None
    }
}

fn bucket_of(study: &Study, split: usize, call: &Call) -> u32 {
    let (name, by_caller) = &study.splits[split];
    let facts = crate::eval::Facts::of(call, &study.plan.definitions);
    bucket(name, &facts.subject(*by_caller))
}

/// The first whole minute of a stretch, or a later one.
fn at(instants: &Range<i64>, minute: i64) -> Timestamp {
    let first = (instants.start + 59).div_euclid(60) * 60;
    let first = if first < instants.end { first } else { instants.start };
    let wanted = first + minute * 60;
    let second = if wanted < instants.end { wanted } else { first };
    Timestamp::UNIX_EPOCH.checked_add(SignedDuration::from_secs(second)).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Prefers what the plan itself names, then numbers that could be dialed.
fn choose_number(study: &Study, node: &NumberNode, leading: &Leading) -> Option<(Choice, Target)> {
    let point = node.points.iter().filter(|(_, target)| leading.has(*target)).min_by_key(|(number, _)| *number);
    if let Some((number, target)) = point {
        return Some((Choice::Point(number), target));
    }
    // Where a familiar number lies, one can be found; elsewhere one is made up.
    let is_familiar = |at: &usize| {
        FAMILIAR.iter().any(|number| node.starts.partition_point(|start| *start <= number * 10_000) == at + 1)
    };
    let (near, far): (Vec<usize>, Vec<usize>) = (0..node.targets.len()).partition(is_familiar);
    for at in near.into_iter().chain(far) {
        let target = &node.targets[at];
        if !leading.has(*target) {
            continue;
        }
        let end = node.starts.get(at + 1).copied().unwrap_or(1_000_000_000_000_000);
        let keys = node.starts[at]..end;
        let lengths = lengths_leading(study, *target, leading);
        // A point within may go another way.
        if let Some(number) = number_in(&keys, lengths, |number| node.points.get(number).is_some()) {
            return Some((Choice::Interval(number.key()..end, 1 << number.length()), *target));
        }
    }
    if leading.has(node.withheld) {
        return Some((Choice::Withheld, node.withheld));
    }
    if let Some((text, target)) = node.locals.iter().find(|(_, target)| leading.has(*target)) {
        return Some((Choice::Local(text.to_string()), *target));
    }
    let unnamed = (1000..)
        .map(|extension: u32| extension.to_string())
        .find(|text| node.locals.iter().all(|(local, _)| **local != **text));
    unnamed.filter(|_| leading.has(node.other_local)).map(|text| (Choice::Local(text), node.other_local))
}

/// The lengths for which a target leads on, if it asks for the length at all.
fn lengths_leading(study: &Study, target: Target, leading: &Leading) -> u16 {
    match target & LEAF {
        0 => match &study.diagram.nodes[target as usize] {
            Node::Length(_, by_length) => (1..16)
                .filter(|length| leading.has(by_length[*length]))
                .fold(0, |lengths, length| lengths | 1 << length),
            _ => u16::MAX,
        },
        _ => u16::MAX,
    }
}

/// A number in an interval of keys that could be dialed: of eleven digits, if there is one, and not one that is taken.
fn number_in(keys: &Range<u64>, lengths: u16, taken: impl Fn(E164) -> bool) -> Option<E164> {
    const BY_HABIT: [u32; 15] = [11, 12, 10, 13, 9, 14, 8, 15, 7, 6, 5, 4, 3, 2, 1];
    for length in BY_HABIT.into_iter().filter(|length| lengths >> length & 1 == 1) {
        let unit = 10_u64.pow(15 - length);
        let low = keys.start.max(100_000_000_000_000).div_ceil(unit);
        let high = (keys.end - 1) / unit;
        let number = |value: &u64| E164::parse(&format!("+{value}")).ok().filter(|number| number.length() == length);
        let fits = |number: &E164| !taken(*number) && matches!(Number::read(&number.to_string()), Number::E164(_));
        let known = FAMILIAR.iter().filter(|value| (low..=high).contains(value)).filter_map(number).find(fits);
        // The last digits of a number that is made up: 5550100 is nobody's.
        let made_up = [low / 10_000_000 * 10_000_000 + 5_550_100, low + 5_550_100]
            .into_iter()
            .filter(|value| (low..=high).contains(value));
        let found =
            known.or_else(|| made_up.chain(low..=high.min(low + 2_000)).filter_map(|value| number(&value)).find(fits));
        if found.is_some() {
            return found;
        }
    }
    None
}

fn written(choice: &Option<Choice>, default: &str, variation: usize) -> Option<String> {
    match choice {
        None => E164::parse(default)
            .ok()
            .and_then(|number| E164::parse(&format!("+{}", number.value() + variation as u64)).ok())
            .map(|number| number.to_string()),
        Some(Choice::Point(number)) => Some(number.to_string()),
        Some(Choice::Interval(keys, lengths)) => {
            let number = number_in(keys, *lengths, |_| false)?;
            let varied = E164::parse(&format!("+{}", number.value() + variation as u64)).ok()?;
            (varied.key() < keys.end).then(|| varied.to_string())
        }
        Some(Choice::Withheld) => Some("anonymous".to_owned()),
        Some(Choice::Local(text)) => Some(text.clone()),
    }
}
