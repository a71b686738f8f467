//! Rules that no call gets to, and calls that nobody decides.

use super::problems::{self, Blocker};
use super::study::Study;
use super::{Limits, witness};
use crate::compile::diagram::{LEAF, Node, Target};
use crate::compile::guard::Guards;
use crate::diagnostics::Problems;
use crate::plan::{Statement, StatementKind};
use crate::source::Span;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Warns of each rule, or other guarded statement, of which no leaf has anything. What stands inside of one that was told
/// is not told again.
pub(super) fn unreachable<'p>(
    study: &Study<'p>,
    guards: &mut Guards<'p>,
    never: &HashSet<Span>,
    limits: Limits,
    problems: &mut Problems,
) {
    let mut runs = vec![false; study.clauses.clauses.len()];
    for leaf in 0..study.diagram.leaves.len() {
        study.run(leaf).for_each(|clause| runs[clause] = true);
    }
    let mut told_until = 0;
    let mut questions = limits.questions;
    for (at, guarded) in study.clauses.guarded.iter().enumerate() {
        let (first, end) = guarded.clauses;
        let lives = first == end || runs[first..end].iter().any(|runs| *runs);
        if lives || first < told_until {
            continue;
        }
        told_until = end;
        if never.contains(&guarded.statement.span) {
            continue;
        }
        let beside = match questions {
            0 => None,
            _ => Study::beside_guarded(study.plan, guards, at, &study.horizon, limits.question),
        };
        questions = questions.saturating_sub(1);
        let (blockers, call) = beside.map_or((Vec::new(), None), |beside| blockers(&beside, at));
        problems.push(problems::unreachable(
            head_span(guarded.statement),
            &name_of(study, guarded.statement),
            &blockers,
            call,
        ));
    }
}

/// The rules that take the calls of a statement, those that take the most first, and one such call.
fn blockers(beside: &Study, guarded: usize) -> (Vec<Blocker>, Option<String>) {
    let shares = shares(beside);
    let whole: f64 = shares.values().sum();
    let own: Vec<&Statement> = decisions_of(beside, guarded);
    let mut found: Vec<Blocker> = shares
        .into_iter()
        .filter_map(|(clause, share)| {
            let clause = &beside.clauses.clauses[clause?];
            let decision = clause.decision?;
            let rule = clause.rule.map(|rule| beside.clauses.guarded[rule].statement);
            let statement = rule.unwrap_or(decision);
            let same = own.iter().all(|own| same_decision(own, decision)) && !own.is_empty();
            Some(Blocker { span: head_span(statement), name: name_of(beside, statement), share: share / whole, same })
        })
        .collect();
    found.sort_by(|one, other| other.share.total_cmp(&one.share).then(one.span.cmp(&other.span)));
    let leading = beside.leading_to(|leaf| beside.is_asked(leaf));
    let call = witness::find(beside, &leading).map(|call| problems::call_line(beside.plan, &call));
    (found, call)
}

fn decisions_of<'p>(study: &Study<'p>, guarded: usize) -> Vec<&'p Statement> {
    let (first, end) = study.clauses.guarded[guarded].clauses;
    study.clauses.clauses[first..end].iter().filter_map(|clause| clause.decision).collect()
}

fn same_decision(one: &Statement, other: &Statement) -> bool {
    match (&one.kind, &other.kind) {
        (StatementKind::Route { target, version }, StatementKind::Route { target: other, version: other_version }) => {
            target == other && version == other_version
        }
        (StatementKind::Reject(_), StatementKind::Reject(_)) | (StatementKind::Fallback, StatementKind::Fallback) => {
            true
        }
        _ => false,
    }
}

/// How much of the calls that are asked about each deciding clause takes, by the size of what leads there: numbers count
/// by their digits, times by their length, and all other ways that a node leads count alike.
fn shares(study: &Study) -> BTreeMap<Option<usize>, f64> {
    let leaf_share = |leaf: usize| -> BTreeMap<Option<usize>, f64> {
        if study.is_asked(leaf) { BTreeMap::from([(study.decided(leaf), 1.0)]) } else { BTreeMap::new() }
    };
    let leaves: Vec<_> = (0..study.diagram.leaves.len()).map(leaf_share).collect();
    let mut nodes: Vec<BTreeMap<Option<usize>, f64>> = Vec::with_capacity(study.diagram.nodes.len());
    for node in &study.diagram.nodes {
        let weights = weights(study, node);
        let whole: f64 = weights.values().sum();
        let mut shares = BTreeMap::new();
        for (target, weight) in weights {
            let below = match target & LEAF {
                0 => &nodes[target as usize],
                _ => &leaves[(target & !LEAF) as usize],
            };
            for (clause, share) in below {
                *shares.entry(*clause).or_default() += share * weight / whole;
            }
        }
        nodes.push(shares);
    }
    match study.diagram.root & LEAF {
        0 => nodes.pop().filter(|_| study.diagram.root as usize + 1 == study.diagram.nodes.len()).unwrap_or_default(),
        _ => leaves[(study.diagram.root & !LEAF) as usize].clone(),
    }
}

/// How much of what comes to a node each target takes.
fn weights(study: &Study, node: &Node) -> HashMap<Target, f64> {
    let mut weights: HashMap<Target, f64> = HashMap::new();
    let mut add = |target: Target, weight: f64| *weights.entry(target).or_default() += weight;
    match node {
        Node::Number(_, node) => {
            for (at, target) in node.targets.iter().enumerate() {
                let end = node.starts.get(at + 1).copied().unwrap_or(1_000_000_000_000_000);
                add(*target, (end - node.starts[at].max(100_000_000_000_000).min(end)) as f64);
            }
            // A whole number weighs what the longer ones that start so would.
            node.points.iter().for_each(|(number, target)| add(target, 10_f64.powi(15 - number.length() as i32)));
            node.locals.iter().for_each(|(_, target)| add(*target, 1e4));
            add(node.withheld, 1e4);
            add(node.other_local, 1e4);
        }
        Node::Time(table, targets) => {
            let table = &study.diagram.tables[*table as usize];
            for (at, class) in table.classes.iter().enumerate() {
                let end = table.starts.get(at + 1).copied().unwrap_or(study.horizon.until.as_second());
                add(targets[*class as usize], (end - table.starts[at]) as f64);
            }
        }
        Node::Bucket(_, edges) => {
            let mut start = 0;
            for (end, target) in edges {
                add(*target, f64::from(end - start));
                start = *end;
            }
        }
        Node::Length(..) | Node::Text(..) | Node::Switch(..) => {
            study.diagram.targets_of(node).into_iter().for_each(|target| add(target, 1.0));
        }
    }
    weights
}

/// Warns, once, of calls that run off the end of the plan.
pub(super) fn undecided(study: &Study, problems: &mut Problems) {
    let leading = study.leading_to(|leaf| study.decided(leaf).is_none());
    if !leading.has(study.diagram.root) {
        return;
    }
    let Some(call) = witness::find(study, &leading) else { return };
    // Nothing is shown that does not happen.
    if crate::eval::decide(study.plan, &call).line.is_none()
        && let Some(last) = study.plan.statements.last()
    {
        problems.push(problems::undecided_calls(head_span(last), study.plan, &call));
    }
}

fn name_of(study: &Study, statement: &Statement) -> String {
    match &statement.kind {
        StatementKind::Guarded { name: Some(name), .. } => format!("the rule \"{name}\""),
        _ => format!("line {}", study.plan.source().line(statement.span.start)),
    }
}

/// The first word of a statement.
fn head_span(statement: &Statement) -> Span {
    let length = match &statement.kind {
        StatementKind::Guarded { name: Some(name), .. } => "rule \"\"".len() + name.len(),
        StatementKind::Guarded { name: None, .. } => "when".len(),
        StatementKind::Split(_) | StatementKind::Route { .. } => "split".len(),
        StatementKind::Context(_) => "context".len(),
        StatementKind::Metadata(_) | StatementKind::Fallback => "fallback".len(),
        StatementKind::Skip => "skip".len(),
        StatementKind::Reject(_) => "reject".len(),
    };
    let start = statement.span.start as usize;
    Span::new(start, (start + length).min(statement.span.end as usize))
}
