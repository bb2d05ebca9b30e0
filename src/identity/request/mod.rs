//! Secrets that are mailed to people, and what they allow: to accept an invitation, to choose another password, to
//! prove that an e-mail is theirs. Each is good once, for a while, and for one user.

mod issue;
mod redeem;

pub use issue::{For, Issued};
pub use redeem::Held;

use crate::config::MailConfig;

/// What a secret that was mailed allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Invite,
    VerifyEmail,
    Reset,
}

impl Purpose {
    /// As UserSecurityRequest.type has it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Invite => "invite",
            Self::VerifyEmail => "verify-email",
            Self::Reset => "reset",
        }
    }

    fn parse(code: &str) -> Option<Self> {
        [Self::Invite, Self::VerifyEmail, Self::Reset].into_iter().find(|purpose| purpose.code() == code)
    }

    /// Seconds; 0 for no limit.
    fn lifetime(self, settings: &MailConfig) -> u32 {
        match self {
            Self::Invite => settings.invite_lifetime,
            Self::VerifyEmail => settings.verify_lifetime,
            Self::Reset => settings.reset_lifetime,
        }
    }

    /// The page that a link leads to.
    fn page(self) -> &'static str {
        match self {
            Self::Invite | Self::Reset => "setpassword",
            Self::VerifyEmail => "verifyemail",
        }
    }
}
