//! Whether a password is good enough to be chosen: long enough, and hard to guess, also for who knows the person.
//!
//! <https://pages.nist.gov/800-63-4/sp800-63b.html#password>: no rules of composition, no expiry. The lists of common
//! passwords and names are those of zxcvbn (<https://github.com/dropbox/zxcvbn>), which needs no network.

use crate::config::SignIn;
use crate::error::{Result, invalid};
use crate::identity::Identity;

/// What is asked of a password before anybody looks at it.
#[derive(Debug, Clone, Copy)]
pub struct Demands {
    /// Characters at least, and bytes at most.
    pub shortest: usize,
    pub longest: usize,
    /// Wrong ones after which one has to wait; 0 for any number.
    pub failures: u32,
}

impl Identity {
    pub fn demands(&self) -> Demands {
        let (shortest, failures) = (self.settings.password_min.max(1), self.settings.free_failures);
        Demands { shortest, longest: super::LONGEST, failures }
    }
}

/// What one who knows somebody would try first.
#[derive(Debug, Default)]
pub(in crate::identity) struct Person {
    pub words: Vec<String>,
}

impl Person {
    /// Each text as a whole, and its parts: names, an e-mail, the name of a project.
    pub fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut words: Vec<String> = vec!["roster".to_owned()];
        for text in texts {
            words.push(text.to_lowercase());
            let parts =
                text.split(|char: char| !char.is_alphanumeric()).filter(|part| part.chars().count() > 2);
            words.extend(parts.map(str::to_lowercase));
        }
        Self { words }
    }
}

/// The characters that zxcvbn is shown: it takes long for long texts, and what is longer is long enough.
const SHOWN: usize = 100;

/// Fails for a password that is too short or too easily guessed.
pub(in crate::identity) fn judge(
    settings: &SignIn,
    password: &str,
    person: &Person,
    place: &str,
) -> Result<()> {
    super::acceptable(password, place)?;
    let refuse = |text: String| Err(invalid(text).coded("business-rule").at(place));
    if password.chars().count() < settings.password_min.max(1) {
        return refuse(format!("a password has at least {} characters", settings.password_min.max(1)));
    }
    let shown: String = password.chars().take(SHOWN).collect();
    let words: Vec<&str> = person.words.iter().map(String::as_str).collect();
    // What is left without the words that whoever knows the person begins with.
    let mut rest = shown.to_lowercase();
    for word in words.iter().filter(|word| word.chars().count() > 2) {
        rest = rest.replace(word, "");
    }
    let score = |text: &str| u8::from(zxcvbn::zxcvbn(text, &words).score());
    if score(&shown).min(score(&rest)) < settings.password_score.min(4) {
        return refuse(
            "this password is too easily guessed; a few words that do not belong together are better".into(),
        );
    }
    Ok(())
}
