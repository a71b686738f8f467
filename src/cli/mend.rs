//! Mends a plan by the edits that its problems offer.

use crate::check::Options;
use crate::diagnostics::fix;
use crate::{Problems, Source};
use std::collections::HashSet;

/// The most times that a plan is mended and checked again. Mends that meet take one pass each, and few meet.
const MOST_PASSES: usize = 50;

/// A plan after its mends.
pub struct Mended {
    /// Its text now.
    pub source: Source,
    /// What is still wrong with it.
    pub problems: Problems,
    /// How many mends were made.
    pub count: usize,
}

/// Makes each mend that leaves nothing to choose, checks what came of it, and does so again until there is none left.
pub fn mend(mut source: Source, options: &Options) -> Mended {
    let mut count = 0;
    let mut seen = HashSet::new();
    for _ in 0..MOST_PASSES {
        let problems = crate::check(&source, options).problems;
        let (text, made) = fix::apply_all(source.text(), fix::certain(&problems));
        // Two mends that undo each other would go round for ever.
        if made == 0 || text == source.text() || !seen.insert(source.text().to_owned()) || seen.contains(&text) {
            return Mended { source, problems, count };
        }
        count += made;
        source = Source::new(source.name(), text);
    }
    let problems = crate::check(&source, options).problems;
    Mended { source, problems, count }
}
