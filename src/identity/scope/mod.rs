//! Scopes: what a token is asked for and what it is good for
//! (<https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html>, both its forms).

mod layer;
mod parse;
mod patient;

use std::fmt;

use crate::error::Result;

pub(super) use layer::layer;
pub use parse::{WORDS, parse};
pub(super) use patient::patient;

/// Whose right a permission is measured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// What belongs to the patient of the launch.
    Patient,
    /// What the user may.
    User,
    /// What the client may.
    System,
}

impl Context {
    const ALL: [(Self, &str); 3] =
        [(Self::Patient, "patient"), (Self::User, "user"), (Self::System, "system")];

    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(one, _)| *one == self).map_or("", |(_, word)| word)
    }
}

/// Letters of the second form: create, read, update, delete, search.
const LETTERS: &str = "cruds";

/// What may be done: a set of those letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access(u8);

impl Access {
    const ALL: Self = Self(0b11111);

    fn of(letters: &str) -> Self {
        Self(letters.chars().filter_map(|letter| LETTERS.find(letter)).fold(0, |set, place| set | 1 << place))
    }

    pub fn has(self, letter: char) -> bool {
        LETTERS.find(letter).is_some_and(|place| self.0 & 1 << place != 0)
    }
}

/// A scope that gives access to resources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    pub context: Context,
    /// A type, or `*`.
    pub kind: String,
    pub access: Access,
    /// A search that narrows it.
    pub criteria: Option<String>,
    /// As it was asked for.
    text: String,
}

impl Permission {
    /// Whether it allows all that the other does.
    fn covers(&self, other: &Self) -> bool {
        self.context == other.context
            && (self.kind == "*" || self.kind == other.kind)
            && self.access.0 & other.access.0 == other.access.0
            && (self.criteria.is_none() || self.criteria == other.criteria)
    }

    /// What both allow.
    fn and(&self, other: &Self) -> Option<Self> {
        let access = Access(self.access.0 & other.access.0);
        let kind = match (self.kind.as_str(), other.kind.as_str()) {
            (one, "*") => one,
            ("*", other) => other,
            (one, other) if one == other => one,
            _ => return None,
        };
        if self.context != other.context || access.0 == 0 {
            return None;
        }
        let criteria = match (&self.criteria, &other.criteria) {
            (Some(one), Some(other)) if one != other => Some(format!("{one}&{other}")),
            (one, other) => one.clone().or_else(|| other.clone()),
        };
        if access == self.access && kind == self.kind && criteria == self.criteria {
            return Some(self.clone());
        }
        let letters: String = LETTERS.chars().filter(|letter| access.has(*letter)).collect();
        let narrowing = criteria.as_ref().map(|criteria| format!("?{criteria}")).unwrap_or_default();
        let text = format!("{}/{kind}.{letters}{narrowing}", self.context.word());
        Some(Self { context: self.context, kind: kind.to_owned(), access, criteria, text })
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What of a granted scope is asked for, as it is to be written; nothing where more is asked for than was granted.
pub(super) fn part(granted: &str, asked: &str) -> Result<Option<String>> {
    let (all, whole) = (granted.split(' ').collect::<Vec<&str>>(), parse(granted)?);
    let wanted: Vec<&str> = asked.split(' ').filter(|one| !one.is_empty()).collect();
    for one in wanted.iter().filter(|one| !all.contains(one)) {
        let permissions = parse(one)?.permissions;
        let covered = |one: &Permission| whole.permissions.iter().any(|granted| granted.covers(one));
        if permissions.is_empty() || !permissions.iter().all(covered) {
            return Ok(None);
        }
    }
    // Without any permission a token is as good as its holder, and that is more than was granted.
    let widens = !whole.permissions.is_empty() && parse(asked)?.permissions.is_empty();
    Ok((!wanted.is_empty() && !widens).then(|| wanted.join(" ")))
}

/// All of a token.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scopes {
    /// Those that are one word: `openid`, `launch/patient`.
    pub words: Vec<String>,
    pub permissions: Vec<Permission>,
}

impl Scopes {
    pub fn has(&self, word: &str) -> bool {
        self.words.iter().any(|one| one == word)
    }

    /// Whether tokens may be asked for without the user.
    pub fn is_offline(&self) -> bool {
        ["offline_access", "offline", "online_access"].iter().any(|word| self.has(word))
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.permissions.is_empty()
    }

    pub fn needs(&self, context: Context) -> bool {
        self.permissions.iter().any(|one| one.context == context)
    }

    /// What is left within a bound. Without any permission a token would be as good as its holder: so if none was
    /// asked for, those of the bound are what it gets.
    pub fn within(&self, bound: &Self) -> Self {
        let words = self.words.iter().filter(|word| bound.has(word)).cloned().collect();
        let permissions = if self.permissions.is_empty() {
            bound.permissions.clone()
        } else if bound.permissions.is_empty() {
            self.permissions.clone()
        } else {
            let mut both: Vec<Permission> = Vec::new();
            for one in &self.permissions {
                for other in &bound.permissions {
                    if let Some(common) = one.and(other).filter(|common| !both.contains(common)) {
                        both.push(common);
                    }
                }
            }
            both
        };
        Self { words, permissions }
    }

    /// Whether all that `asked` names is a part of this. Without permissions this is as good as its holder.
    pub fn cover(&self, asked: &Self) -> bool {
        let covers = |one: &Permission| self.permissions.iter().any(|own| one.and(own).as_ref() == Some(one));
        asked.words.iter().all(|word| self.has(word))
            && (self.permissions.is_empty() || asked.permissions.iter().all(covers))
    }

    /// Without the permissions of some contexts.
    pub fn without(mut self, contexts: &[Context]) -> Self {
        self.permissions.retain(|one| !contexts.contains(&one.context));
        self
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.words.iter().cloned().chain(self.permissions.iter().map(ToString::to_string));
        f.write_str(&all.collect::<Vec<_>>().join(" "))
    }
}
