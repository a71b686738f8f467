//! The nearest of some words to one that nobody knows.

/// Letters of candidates that are compared, at most: a plan may have as many misspelled words as names.
const MOST_LETTERS: usize = 10_000;

/// The candidate that is closest to `word`, if it is close: at most a third of the word's letters differ, case aside.
/// Of equally close ones, the first.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    // A long word is no slip of the finger; comparing takes time with both lengths.
    if word.len() > 64 {
        return None;
    }
    let lower = word.to_lowercase();
    let limit = lower.chars().count().max(3) / 3;
    let mut letters = MOST_LETTERS;
    let close = candidates.into_iter().filter(|candidate| candidate.len().abs_diff(word.len()) <= 4 * limit);
    let close = close.map_while(|candidate| {
        letters = letters.checked_sub(candidate.len())?;
        Some(candidate)
    });
    let ranked = close.map(|candidate| (strsim::osa_distance(&lower, &candidate.to_lowercase()), candidate));
    ranked
        // One letter for another is a slip only where others stay.
        .filter(|(distance, near)| *distance <= limit && (*distance < word.len().min(near.len()) || *distance == 0))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn only_close_words_are_suggested() {
        assert_eq!(nearest("frontdsk", ["afterhours", "frontdesk"]), Some("frontdesk"));
        assert_eq!(nearest("Route", ["rule", "route"]), Some("route"));
        assert_eq!(nearest("spam", ["vips", "office"]), None);
        assert_eq!(nearest("a", ["b", ":"]), None);
    }
}
