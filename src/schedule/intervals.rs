//! Sets of instants, minutes or classes, as intervals.

/// Puts intervals in order, and makes one of those that touch or overlap.
pub(crate) fn join_touching<T: Copy + Ord>(intervals: &mut Vec<(T, T)>) {
    intervals.sort_unstable();
    intervals.dedup_by(|later, earlier| {
        let touches = later.0 <= earlier.1;
        if touches {
            earlier.1 = earlier.1.max(later.1);
        }
        touches
    });
}
