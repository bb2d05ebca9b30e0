//! The texts of mail, and how they are filled in: `{{name}}` stands for a value.

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Template {
    /// Somebody new is invited: `link`.
    Invite,
    /// Somebody who has an account was made a member.
    Welcome,
    /// A password is to be reset: `link`.
    Reset,
    /// An e-mail is to be verified: `link`.
    VerifyEmail,
    /// A code to sign in with: `code`.
    Code,
    /// To the old address: the e-mail is another one now.
    EmailChanged,
    /// The password was changed.
    PasswordChanged,
    /// A second factor was added, removed or reset.
    FactorChanged,
}

impl Template {
    /// Its name in the settings of a project.
    pub fn name(self) -> &'static str {
        match self {
            Self::Invite => "invite",
            Self::Welcome => "welcome",
            Self::Reset => "reset",
            Self::VerifyEmail => "verify-email",
            Self::Code => "code",
            Self::EmailChanged => "email-changed",
            Self::PasswordChanged => "password-changed",
            Self::FactorChanged => "factor-changed",
        }
    }

    /// A text of a project's own, or ours.
    pub(super) fn text(self, subject: Option<&str>, body: Option<&str>) -> Text {
        let (ours, text) = self.ours();
        Text { subject: subject.unwrap_or(ours).to_owned(), body: body.unwrap_or(text).to_owned() }
    }

    fn ours(self) -> (&'static str, &'static str) {
        match self {
            Self::Invite => (
                "Your invitation to {{project}}",
                "Hello {{name}},\n\nyou are invited to {{project}}. Choose a password to begin:\n\n{{link}}\n\n\
                 The link works once{{expiry}}. If you do not know what this is about, do nothing.\n",
            ),
            Self::Welcome => (
                "You are a member of {{project}}",
                "Hello {{name}},\n\nyou were made a member of {{project}}. Sign in with the account that you \
                 have:\n\n{{link}}\n",
            ),
            Self::Reset => (
                "Your new password for {{project}}",
                "Hello {{name}},\n\nsomebody, you we hope, asked for a new password. Choose it here:\n\n{{link}}\n\n\
                 The link works once{{expiry}}. If it was not you, do nothing: your password stays as it is.\n",
            ),
            Self::VerifyEmail => (
                "Is this your e-mail?",
                "Hello {{name}},\n\nplease confirm that this address is yours:\n\n{{link}}\n\nThe link works \
                 once{{expiry}}. If you do not know what this is about, do nothing.\n",
            ),
            Self::Code => (
                "Your code for {{project}}",
                "Hello {{name}},\n\nyour code is {{code}}\n\nIt works once{{expiry}}. Nobody of us will ever ask \
                 you for it.\n",
            ),
            Self::EmailChanged => (
                "Your e-mail was changed",
                "Hello {{name}},\n\nthe e-mail of your account is {{email}} now. If you did not want that, tell \
                 those who run {{project}}.\n",
            ),
            Self::PasswordChanged => (
                "Your password was changed",
                "Hello {{name}},\n\nthe password of your account was changed. If you did not do that, tell those \
                 who run {{project}}.\n",
            ),
            Self::FactorChanged => (
                "How you sign in was changed",
                "Hello {{name}},\n\na second factor of your account was {{change}}. If you did not want that, tell \
                 those who run {{project}}.\n",
            ),
        }
    }
}

/// What is filled in.
#[derive(Debug, Clone, Default)]
pub struct Values(Vec<(&'static str, String)>);

/// Values that open a door.
const SECRET: [&str; 2] = ["link", "code"];
/// Characters of a value that people chose at most: a name is no letter.
const LONGEST: usize = 80;

impl Values {
    /// For whom.
    pub fn of(name: &str) -> Self {
        Self::default().with("name", name)
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        let value = if SECRET.contains(&name) { value } else { tame(&value) };
        self.0.push((name, value));
        self
    }

    /// ` within` so many seconds, in words; nothing for 0.
    pub fn within(self, seconds: u32) -> Self {
        let words = match seconds {
            0 => return self,
            1..7200 => format!(" within {} minutes", seconds.div_ceil(60)),
            7200..172_800 => format!(" within {} hours", seconds / 3600),
            _ => format!(" within {} days", seconds / 86_400),
        };
        self.with("expiry", words)
    }

    /// With the name of the project.
    pub(super) fn complete(self, project: Option<&str>) -> Self {
        if self.get("project").is_some() { self } else { self.with("project", project.unwrap_or("Roster")) }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

/// One line of moderate length that leads nowhere: a name must not make a mail of ours an advertisement.
fn tame(value: &str) -> String {
    let line: String =
        value.chars().map(|char| if char.is_control() { ' ' } else { char }).take(LONGEST).collect();
    line.replace("://", " ").replace("www.", " ")
}

/// Subject and body, to be filled in.
#[derive(Debug, Clone)]
pub(super) struct Text {
    pub subject: String,
    pub body: String,
}

impl Text {
    /// Filled in; without `revealed`, what opens a door is left out.
    pub fn fill(&self, values: &Values, revealed: bool) -> Self {
        Self {
            subject: fill(&self.subject, values, revealed).replace(['\r', '\n'], " "),
            body: fill(&self.body, values, revealed),
        }
    }
}

fn fill(text: &str, values: &Values, revealed: bool) -> String {
    let mut filled = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let Some((name, behind)) = after.split_once("}}") else {
            filled.push_str("{{");
            rest = after;
            continue;
        };
        let name = name.trim();
        if SECRET.contains(&name) && !revealed {
            filled.push_str("(not shown)");
        } else {
            filled.push_str(values.get(name).unwrap_or_default());
        }
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::{Template, Values};

    #[test]
    fn a_text_is_filled_in_and_its_link_is_shown_only_if_that_is_wanted() {
        let values = Values::of("Ada").with("link", "https://x/1").within(3600).complete(Some("Clinic"));
        let text = Template::Invite.text(None, Some("{{name}}: {{link}}{{expiry}} {{nothing}}{{"));
        assert_eq!(text.fill(&values, true).body, "Ada: https://x/1 within 60 minutes {{");
        assert_eq!(text.fill(&values, false).body, "Ada: (not shown) within 60 minutes {{");
        assert_eq!(text.fill(&values, true).subject, "Your invitation to Clinic");
    }

    #[test]
    fn a_name_is_no_letter() {
        let values = Values::of("Ada\r\n\r\nBuy at https://evil.example");
        let text = Template::Invite.text(Some("{{name}}"), None);
        let subject = text.fill(&values, true).subject;
        assert!(!subject.contains(['\r', '\n']) && !subject.contains("://"), "{subject}");
    }
}
