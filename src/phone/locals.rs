//! Exact sets of local numbers: a few texts, or all but a few.

/// Texts are sorted, each once: so equal sets are equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Locals {
    Only(Vec<Box<str>>),
    AllBut(Vec<Box<str>>),
}

impl Locals {
    pub const NONE: Self = Self::Only(Vec::new());
    pub const ALL: Self = Self::AllBut(Vec::new());

    /// Exactly these, in any order.
    pub fn only(mut texts: Vec<Box<str>>) -> Self {
        texts.sort_unstable();
        texts.dedup();
        Self::Only(texts)
    }

    pub fn contains(&self, text: &str) -> bool {
        match self {
            Self::Only(texts) => holds(texts, text),
            Self::AllBut(texts) => !holds(texts, text),
        }
    }

    pub fn complement(&self) -> Self {
        match self.clone() {
            Self::Only(texts) => Self::AllBut(texts),
            Self::AllBut(texts) => Self::Only(texts),
        }
    }

    pub fn intersect(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Only(texts), _) => Self::Only(keep(texts, |text| other.contains(text))),
            (_, Self::Only(texts)) => Self::Only(keep(texts, |text| self.contains(text))),
            (Self::AllBut(a), Self::AllBut(b)) => {
                let (Self::Only(texts) | Self::AllBut(texts)) = Self::only([&a[..], b].concat());
                Self::AllBut(texts)
            }
        }
    }

    pub fn union(&self, other: &Self) -> Self {
        self.complement().intersect(&other.complement()).complement()
    }

    /// One of them: the first that is named, else a short extension that is not named.
    pub fn witness(&self) -> Option<String> {
        match self {
            Self::Only(texts) => texts.first().map(|text| text.to_string()),
            Self::AllBut(texts) => {
                (1001..).map(|extension: u64| extension.to_string()).find(|text| !holds(texts, text))
            }
        }
    }
}

fn holds(texts: &[Box<str>], text: &str) -> bool {
    texts.binary_search_by(|held| held.as_ref().cmp(text)).is_ok()
}

fn keep(texts: &[Box<str>], wanted: impl Fn(&str) -> bool) -> Vec<Box<str>> {
    texts.iter().filter(|text| wanted(text)).cloned().collect()
}
