//! Definitions that name each other, in an order in which each comes after those it names.

/// How many definitions may stand in a chain, each naming the next.
pub(super) const MAX_CHAIN: usize = crate::syntax::MAX_DEPTH;

/// The order, and what has none.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Order {
    /// Each after all that it names; those in a circle, and those in too long a chain, are left out.
    pub order: Vec<usize>,
    /// Each circle once, beginning with its first definition.
    pub circles: Vec<Vec<usize>>,
    /// The first definition of each chain that is too long.
    pub too_deep: Vec<usize>,
}

/// Sorts definitions, given for each the numbers of those it names. Walks with a stack of its own: a plan may chain
/// hundreds of thousands of names.
pub(super) fn order(uses: &[Vec<usize>]) -> Order {
    let mut result = Order::default();
    // Not seen; being walked, at this place of the path; done, with the length of its longest chain.
    #[derive(Clone, Copy)]
    enum State {
        New,
        Walking(usize),
        Done(usize),
    }
    let mut states = vec![State::New; uses.len()];
    for start in 0..uses.len() {
        if !matches!(states[start], State::New) {
            continue;
        }
        states[start] = State::Walking(0);
        // The definition, the next of its uses to look at, the longest chain below it, whether it is in a circle.
        let mut path: Vec<(usize, usize, usize, bool)> = vec![(start, 0, 0, false)];
        while let Some(top) = path.last_mut() {
            let (current, next, ..) = *top;
            top.1 += 1;
            let Some(&used) = uses[current].get(next) else {
                let (_, _, depth, circular) = *top;
                path.pop();
                states[current] = State::Done(depth);
                if !circular && depth < MAX_CHAIN {
                    result.order.push(current);
                } else if !circular && depth == MAX_CHAIN {
                    result.too_deep.push(current);
                }
                if let Some(above) = path.last_mut() {
                    above.2 = above.2.max(depth + 1);
                }
                continue;
            };
            match states[used] {
                State::New => {
                    states[used] = State::Walking(path.len());
                    path.push((used, 0, 0, false));
                }
                State::Walking(at) => {
                    let mut circle: Vec<usize> = path[at..].iter().map(|step| step.0).collect();
                    path[at..].iter_mut().for_each(|step| step.3 = true);
                    let first = (0..circle.len()).min_by_key(|at| circle[*at]).unwrap_or(0);
                    circle.rotate_left(first);
                    result.circles.push(circle);
                }
                State::Done(depth) => top.2 = top.2.max(depth + 1),
            }
        }
    }
    result
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
