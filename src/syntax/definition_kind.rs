//! The kinds of things that a plan defines by a name.

/// What a name of a plan may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DefinitionKind {
    Agent,
    Switch,
    Attribute,
    Numbers,
    Condition,
    Days,
    Schedule,
    Rotation,
    Table,
}

impl DefinitionKind {
    /// With its article.
    pub fn with_article(self) -> &'static str {
        match self {
            Self::Agent => "an agent",
            Self::Switch => "a switch",
            Self::Attribute => "an attribute",
            Self::Numbers => "a set of numbers",
            Self::Condition => "a condition",
            Self::Days => "a set of days",
            Self::Schedule => "a schedule",
            Self::Rotation => "a rotation",
            Self::Table => "a table",
        }
    }

    /// As in "no agent is called …".
    pub fn noun(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Switch => "switch",
            Self::Attribute => "attribute",
            Self::Numbers => "set of numbers",
            Self::Condition => "condition",
            Self::Days => "set of days",
            Self::Schedule => "schedule",
            Self::Rotation => "rotation",
            Self::Table => "table",
        }
    }

    /// The word that begins its definition.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Switch => "switch",
            Self::Attribute => "attribute",
            Self::Numbers => "numbers",
            Self::Condition => "condition",
            Self::Days => "days",
            Self::Schedule => "schedule",
            Self::Rotation => "rotation",
            Self::Table => "table",
        }
    }

    /// What a word begins the definition of.
    pub fn of_keyword(word: &str) -> Option<Self> {
        let all = [
            Self::Agent,
            Self::Switch,
            Self::Attribute,
            Self::Numbers,
            Self::Condition,
            Self::Days,
            Self::Schedule,
            Self::Rotation,
            Self::Table,
        ];
        all.into_iter().find(|kind| kind.keyword() == word)
    }
}
