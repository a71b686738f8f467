//! Names that are no zone: fixed offsets that people write for one, and misspellings.

use jiff::tz::TimeZoneDatabase;
use std::sync::OnceLock;

/// Why a name is no zone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ZoneProblem {
    /// No zone has this name, in this spelling.
    Misspelled {
        /// The zone probably meant; none where nothing is near.
        nearest: Option<String>,
    },
    /// An offset from UTC, or letters for one: its clock does not change between summer and winter.
    FixedOffset {
        /// A zone that many who write it mean.
        suggestion: Option<&'static str>,
    },
}

/// Letters that stand on clocks and time tables, with the zone of the most people who read them.
/// The database has some of them, for old systems.
const LETTERS: &[(&str, &str)] = &[
    ("ACDT", "Australia/Adelaide"),
    ("ACST", "Australia/Adelaide"),
    ("ADT", "America/Halifax"),
    ("AEDT", "Australia/Sydney"),
    ("AEST", "Australia/Sydney"),
    ("AKDT", "America/Anchorage"),
    ("AKST", "America/Anchorage"),
    ("AST", "America/Halifax"),
    ("AWST", "Australia/Perth"),
    ("BRT", "America/Sao_Paulo"),
    ("BST", "Europe/London"),
    ("CAT", "Africa/Maputo"),
    ("CDT", "America/Chicago"),
    ("CEST", "Europe/Paris"),
    ("CET", "Europe/Paris"),
    ("CST", "America/Chicago"),
    ("CST6CDT", "America/Chicago"),
    ("CT", "America/Chicago"),
    ("EAT", "Africa/Nairobi"),
    ("EDT", "America/New_York"),
    ("EEST", "Europe/Athens"),
    ("EET", "Europe/Athens"),
    ("EST", "America/New_York"),
    ("EST5EDT", "America/New_York"),
    ("ET", "America/New_York"),
    ("HDT", "Pacific/Honolulu"),
    ("HKT", "Asia/Hong_Kong"),
    ("HST", "Pacific/Honolulu"),
    ("IST", "Asia/Kolkata"),
    ("JST", "Asia/Tokyo"),
    ("KST", "Asia/Seoul"),
    ("MDT", "America/Denver"),
    ("MEST", "Europe/Berlin"),
    ("MESZ", "Europe/Berlin"),
    ("MET", "Europe/Berlin"),
    ("MEZ", "Europe/Berlin"),
    ("MSK", "Europe/Moscow"),
    ("MST", "America/Denver"),
    ("MST7MDT", "America/Denver"),
    ("MT", "America/Denver"),
    ("NDT", "America/St_Johns"),
    ("NST", "America/St_Johns"),
    ("NZDT", "Pacific/Auckland"),
    ("NZST", "Pacific/Auckland"),
    ("PDT", "America/Los_Angeles"),
    ("PKT", "Asia/Karachi"),
    ("PST", "America/Los_Angeles"),
    ("PST8PDT", "America/Los_Angeles"),
    ("PT", "America/Los_Angeles"),
    ("SAST", "Africa/Johannesburg"),
    ("SGT", "Asia/Singapore"),
    ("WAT", "Africa/Lagos"),
    ("WEST", "Europe/Lisbon"),
    ("WET", "Europe/Lisbon"),
];

/// Whether `name`, case aside, is a fixed offset: letters from the list above, `GMT+5`,
/// `Etc/GMT-5`, `UTC+02:00`, `+2`. The inner option is the zone probably meant; an offset of
/// nothing is `UTC`.
pub(super) fn fixed_offset(name: &str) -> Option<Option<&'static str>> {
    let upper = name.to_ascii_uppercase();
    if let Ok(found) = LETTERS.binary_search_by_key(&upper.as_str(), |(letters, _)| letters) {
        return Some(Some(LETTERS[found].1));
    }
    let rest = upper.strip_prefix("ETC/").unwrap_or(&upper);
    let rest = rest.strip_prefix("UTC").or_else(|| rest.strip_prefix("GMT")).unwrap_or(rest);
    let digits = rest.strip_prefix(['+', '-'])?;
    let is_offset = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == ':')
        && digits.len() <= "00:00:00".len();
    let is_zero = digits.chars().all(|c| c == '0' || c == ':');
    is_offset.then(|| is_zero.then_some("UTC"))
}

/// Whether a name of the database is one to write: `Factory` is there for machines not yet set up.
pub(super) fn is_a_place(name: &str) -> bool {
    name != "Factory"
}

/// A zone's name, ready to compare with what somebody wrote.
struct ZoneCandidate {
    name: String,
    plain: String,
    letters: u32,
}

/// The zone whose name is nearest, if it is near: apart from case, spaces and underscores it
/// differs in a third of its letters at most, or is the zone's city alone (`london`). The first by
/// name of equally near ones.
pub(super) fn nearest(name: &str) -> Option<String> {
    let plain = plain(name);
    let written = letters(&plain);
    let limit = plain.chars().count() / 3;
    // The longest name has 32 letters; nothing near is half as long again.
    if plain.is_empty() || plain.len() > 64 {
        return None;
    }
    let city = |candidate: &&ZoneCandidate| candidate.plain.rsplit('/').next() == Some(plain.as_str());
    let near = candidates()
        .iter()
        // A distance costs a microsecond; letters that only one of the two has bound it from below
        // in one.
        .filter(|candidate| {
            (candidate.letters & !written).count_ones().max((written & !candidate.letters).count_ones()) as usize
                <= limit
        })
        .map(|candidate| (strsim::osa_distance(&candidate.plain, &plain), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance);
    let exact = near.filter(|(distance, _)| *distance == 0).map(|(_, candidate)| candidate);
    exact
        .or_else(|| candidates().iter().find(city))
        .or(near.map(|(_, candidate)| candidate))
        .map(|candidate| candidate.name.clone())
}

/// The names of all zones, in order.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    candidates().iter().map(|candidate| candidate.name.as_str())
}

/// Every zone that [`super::Zone::find`] finds, by name.
fn candidates() -> &'static [ZoneCandidate] {
    static CANDIDATES: OnceLock<Vec<ZoneCandidate>> = OnceLock::new();
    CANDIDATES.get_or_init(|| {
        let database = TimeZoneDatabase::bundled();
        let names = database.available().map(|name| name.as_str().to_owned());
        let mut candidates: Vec<_> = names
            .filter(|name| is_a_place(name) && fixed_offset(name).is_none())
            .map(|name| {
                let plain = plain(&name);
                ZoneCandidate { letters: letters(&plain), name, plain }
            })
            .collect();
        candidates.sort_by(|a, b| a.name.cmp(&b.name));
        candidates
    })
}

/// What is left when case, spaces and joining marks are put aside.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | ' ' | '-')).map(|c| c.to_ascii_lowercase()).collect()
}

/// A bit for each letter that occurs; all that is no letter shares some of the rest.
fn letters(plain: &str) -> u32 {
    plain.bytes().fold(0, |bits, byte| bits | 1 << (byte % 32))
}

#[cfg(test)]
mod tests {
    use super::super::Zone;
    use super::*;

    fn problem(name: &str) -> ZoneProblem {
        Zone::find(name).unwrap_err()
    }

    fn misspelled(nearest: Option<&str>) -> ZoneProblem {
        ZoneProblem::Misspelled { nearest: nearest.map(str::to_owned) }
    }

    #[test]
    fn a_misspelled_zone_names_the_nearest() {
        for (written, meant) in [
            ("America/NewYork", "America/New_York"),
            ("america/new_york", "America/New_York"),
            ("America/New York", "America/New_York"),
            ("Amercia/Chicago", "America/Chicago"),
            ("Europe/Lodnon", "Europe/London"),
            ("Europe/Kyjiv", "Europe/Kyiv"),
            ("London", "Europe/London"),
            ("newyork", "America/New_York"),
            ("utc", "UTC"),
        ] {
            assert_eq!(problem(written), misspelled(Some(meant)), "{written}");
        }
    }

    #[test]
    fn a_zone_that_nothing_is_near_to_has_no_nearest() {
        for written in ["", "Mars/Olympus_Mons", "x", "Etc/Unknown2345678", "Factory", "é"] {
            assert_eq!(problem(written), misspelled(None), "{written}");
        }
        assert_eq!(problem(&"America/New_York".repeat(1000)), misspelled(None));
    }

    #[test]
    fn a_fixed_offset_is_refused_with_the_zone_probably_meant() {
        for (written, meant) in [
            ("EST", Some("America/New_York")),
            ("est", Some("America/New_York")),
            ("EST5EDT", Some("America/New_York")),
            ("PST", Some("America/Los_Angeles")),
            ("HST", Some("Pacific/Honolulu")),
            ("CET", Some("Europe/Paris")),
            ("GMT+5", None),
            ("Etc/GMT-5", None),
            ("UTC+2", None),
            ("+02:00", None),
            ("-0530", None),
            ("Etc/GMT+0", Some("UTC")),
            ("GMT-0", Some("UTC")),
        ] {
            assert_eq!(problem(written), ZoneProblem::FixedOffset { suggestion: meant }, "{written}");
        }
    }

    #[test]
    fn what_is_no_fixed_offset() {
        for name in ["UTC", "Etc/UTC", "GMT", "Etc/GMT", "Zulu", "GB", "US/Eastern", "America/Port-au-Prince"] {
            assert_eq!(Zone::find(name).map(|zone| zone.name().to_owned()), Ok(name.to_owned()));
        }
    }

    #[test]
    fn letters_are_sorted_and_their_zones_exist() {
        assert!(LETTERS.is_sorted_by_key(|(letters, _)| letters));
        for (_, zone) in LETTERS {
            assert!(Zone::find(zone).is_ok(), "{zone}");
        }
    }
}
