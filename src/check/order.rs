//! Definitions that name each other, in an order in which each comes after those it names.

/// How many definitions may stand in a chain, each naming the next.
pub(super) const MAX_CHAIN: usize = crate::syntax::MAX_DEPTH;

/// The order, and what has none.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Order {
    /// Each after all that it names; those in a circle, and those in too long a chain, are left
    /// out.
    pub order: Vec<usize>,
    /// Circles, each beginning with its first definition. A definition is in one of them at most:
    /// the ways around may be very many, and the next one is reported once this one is fixed.
    pub circles: Vec<Vec<usize>>,
    /// The first definition of each chain that is too long.
    pub too_deep: Vec<usize>,
}

/// Sorts definitions, given for each the numbers of those it names. Walks with a stack of its own:
/// a plan may chain hundreds of thousands of names.
pub(super) fn order(uses: &[Vec<usize>]) -> Order {
    let states = vec![VisitState::New; uses.len()];
    let mut walk = DefinitionWalk { uses, states, path: Vec::new(), told: Vec::new(), found: Order::default() };
    for start in 0..uses.len() {
        walk.enter(start);
        while !walk.path.is_empty() {
            walk.step();
        }
    }
    walk.found
}

#[derive(Clone, Copy)]
enum VisitState {
    New,
    /// At this place of the path.
    Walking(usize),
    /// With the length of its longest chain.
    Done(usize),
}

struct DefinitionWalk<'u> {
    uses: &'u [Vec<usize>],
    states: Vec<VisitState>,
    path: Vec<PathStep>,
    /// First and last place of each circle that has been told, as far as it is still on the path.
    told: Vec<(usize, usize)>,
    found: Order,
}

/// A definition on the path.
struct PathStep {
    definition: usize,
    /// The next of its uses to look at.
    next: usize,
    /// The longest chain below it.
    depth: usize,
    /// The first place of the path that a way from here leads back to.
    back_to: usize,
}

impl DefinitionWalk<'_> {
    fn enter(&mut self, definition: usize) {
        if matches!(self.states[definition], VisitState::New) {
            self.states[definition] = VisitState::Walking(self.path.len());
            self.path.push(PathStep { definition, next: 0, depth: 0, back_to: usize::MAX });
        }
    }

    /// Looks at the next use of the last definition on the path, or leaves it.
    fn step(&mut self) {
        let Some(top) = self.path.last_mut() else { return };
        top.next += 1;
        let Some(&used) = self.uses[top.definition].get(top.next - 1) else { return self.leave() };
        match self.states[used] {
            VisitState::New => self.enter(used),
            VisitState::Walking(at) => {
                top.back_to = top.back_to.min(at);
                self.tell_circle(at);
            }
            VisitState::Done(depth) => top.depth = top.depth.max(depth + 1),
        }
    }

    fn leave(&mut self) {
        let Some(PathStep { definition, depth, back_to, .. }) = self.path.pop() else { return };
        let place = self.path.len();
        let circular = back_to <= place;
        self.states[definition] = VisitState::Done(depth);
        if !circular && depth < MAX_CHAIN {
            self.found.order.push(definition);
        } else if !circular && depth == MAX_CHAIN {
            self.found.too_deep.push(definition);
        }
        if let Some(above) = self.path.last_mut() {
            above.depth = above.depth.max(depth + 1);
            above.back_to = above.back_to.min(back_to);
        }
        match self.told.last_mut() {
            Some((first, last)) if *last == place && *first < place => *last -= 1,
            Some((_, last)) if *last == place => drop(self.told.pop()),
            _ => {}
        }
    }

    /// Tells the circle from a place to the end of the path, if none of it has been told.
    fn tell_circle(&mut self, at: usize) {
        if self.told.last().is_some_and(|(_, last)| *last >= at) {
            return;
        }
        self.told.push((at, self.path.len() - 1));
        let mut circle: Vec<usize> = self.path[at..].iter().map(|step| step.definition).collect();
        let first = (0..circle.len()).min_by_key(|at| circle[*at]).unwrap_or(0);
        circle.rotate_left(first);
        self.found.circles.push(circle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_comes_after_those_it_names() {
        assert_eq!(order(&[vec![2], vec![], vec![1]]).order, [1, 2, 0]);
    }

    #[test]
    fn a_circle_begins_with_its_first_definition() {
        let found = order(&[vec![], vec![3], vec![1], vec![2, 0]]);
        assert_eq!(found.circles, [[1, 3, 2]]);
        assert_eq!(found.order, [0]);
    }

    #[test]
    fn a_long_chain_is_named_once_and_overflows_nothing() {
        let uses: Vec<Vec<usize>> = (0..200_000).map(|at| if at == 0 { vec![] } else { vec![at - 1] }).collect();
        let found = order(&uses);
        assert_eq!((found.order.len(), found.too_deep), (MAX_CHAIN, vec![MAX_CHAIN]));
    }
}
