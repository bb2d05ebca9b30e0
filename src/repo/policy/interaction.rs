//! What can be done to resources, as policies and scopes name it (`fhir/valueset/access-policy-interaction`).

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interaction {
    Create,
    Read,
    Vread,
    Update,
    Delete,
    History,
    Search,
}

impl Interaction {
    pub const ALL: [Self; 7] =
        [Self::Create, Self::Read, Self::Vread, Self::Update, Self::Delete, Self::History, Self::Search];

    /// By its code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Vread => "vread",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::History => "history",
            Self::Search => "search",
        }
    }

    /// As a sentence has it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Vread => "read versions of",
            Self::History => "read the history of",
            other => other.code(),
        }
    }

    pub(super) fn writes(self) -> bool {
        matches!(self, Self::Create | Self::Update | Self::Delete)
    }
}

/// Several of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interactions(u8);

impl Interactions {
    pub const NONE: Self = Self(0);
    pub const ALL: Self = Self(0b111_1111);
    /// All that change nothing.
    pub const READING: Self = Self::NONE
        .with(Interaction::Read)
        .with(Interaction::Vread)
        .with(Interaction::History)
        .with(Interaction::Search);

    pub const fn with(self, one: Interaction) -> Self {
        Self(self.0 | 1 << one as u8)
    }

    pub const fn has(self, one: Interaction) -> bool {
        self.0 & 1 << one as u8 != 0
    }

    pub const fn without(self, one: Interaction) -> Self {
        Self(self.0 & !(1 << one as u8))
    }

    /// What both have.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub fn is_empty(self) -> bool {
        self == Self::NONE
    }
}
