//! The nearest of some words to one that nobody knows.

/// Letters of candidates that are compared, at most: a plan may have as many misspelled words as
/// names.
const MAX_LETTERS: usize = 10_000;

/// The candidate that is closest to `word`, if it is close: at most a third of the word's letters
/// differ, case aside. Of equally close ones, the first.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    // A long word is no slip of the finger; comparing takes time with both lengths.
    if word.len() > 64 {
        return None;
    }
    let lower = word.to_lowercase();
    let limit = lower.chars().count().max(3) / 3;
    let mut letters = MAX_LETTERS;
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

/// Whether another candidate is as near to `word` as `near`, so that either could be meant.
pub fn has_rival<'c>(word: &str, near: &str, candidates: impl IntoIterator<Item = &'c str>) -> bool {
    let lower = word.to_lowercase();
    let distance = |candidate: &str| strsim::osa_distance(&lower, &candidate.to_lowercase());
    let least = distance(near);
    let mut letters = MAX_LETTERS;
    candidates.into_iter().filter(|candidate| candidate.len().abs_diff(word.len()) <= 4 * least).any(|candidate| {
        let is_beyond = candidate.len() > letters;
        letters = letters.saturating_sub(candidate.len());
        is_beyond || candidate != near && distance(candidate) <= least
    })
}

#[cfg(test)]
mod tests {
    use super::{has_rival, nearest};

    #[test]
    fn a_rival_is_another_word_as_near() {
        assert!(has_rival("dat", "date", ["day", "date"]));
        assert!(!has_rival("wekday", "weekday", ["day", "weekday"]));
        assert!(!has_rival("Route", "route", ["rule", "route"]));
    }

    #[test]
    fn only_close_words_are_suggested() {
        assert_eq!(nearest("frontdsk", ["afterhours", "frontdesk"]), Some("frontdesk"));
        assert_eq!(nearest("Route", ["rule", "route"]), Some("route"));
        assert_eq!(nearest("spam", ["vips", "office"]), None);
        assert_eq!(nearest("a", ["b", ":"]), None);
    }
}
