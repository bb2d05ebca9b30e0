//! Settings of sign-in: in the file they are the table `[sign_in]`. Of every limit, 0 switches it off.

use std::time::Duration;

use clap::Args;
use serde::Deserialize;

/// Declares each setting once: its flag, its environment, its default.
macro_rules! settings {
    ($($(#[doc = $doc:literal])* $name:ident: $type:ty = $default:expr, $env:literal, $value:literal;)*) => {
        /// What may be given; all of it is optional, anywhere.
        #[derive(Debug, Default, Clone, Args, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct SignInSettings {
            $($(#[doc = $doc])* #[arg(long, global = true, env = $env, value_name = $value, hide_env_values = true)]
            pub $name: Option<$type>,)*
        }

        /// What holds.
        #[derive(Debug, Clone)]
        pub struct SignIn {
            $($(#[doc = $doc])* pub $name: $type,)*
        }

        impl Default for SignIn {
            fn default() -> Self {
                Self::settle(SignInSettings::default(), SignInSettings::default())
            }
        }

        impl SignIn {
            pub(super) fn settle(given: SignInSettings, written: SignInSettings) -> Self {
                Self { $($name: given.$name.or(written.$name).unwrap_or_else(|| $default),)* }
            }
        }
    };
}

settings! {
    /// Cost of bcrypt, as a power of two, from 4 to 20 [default: 12]
    bcrypt_cost: u32 = 12, "ROSTER_BCRYPT_COST", "N";
    /// Threads that hash passwords [default: half of the cores]
    hash_threads: usize = default_threads(), "ROSTER_HASH_THREADS", "N";
    /// Whether passwords are hashed only while nothing else wants the processor; otherwise as urgently as all else is done [default: true]
    hash_idle: bool = true, "ROSTER_HASH_IDLE", "BOOL";
    /// Passwords that may wait to be hashed; more are refused with 503 [default: 64]
    hash_queue: usize = 64, "ROSTER_HASH_QUEUE", "N";
    /// Characters of a password at least [default: 8]
    password_min: usize = 8, "ROSTER_PASSWORD_MIN", "N";
    /// How hard a password is to guess, from 0 to 4, as zxcvbn says; 0 = whatever [default: 3]
    password_score: u8 = 3, "ROSTER_PASSWORD_SCORE", "N";
    /// Whether anybody may make an account (auth/newuser) and a project [default: true]
    registration: bool = true, "ROSTER_REGISTRATION", "BOOL";
    /// Whether who makes an account verifies its e-mail before anything else, so that the answer tells nobody whether there is one [default: false]
    verified_sign_up: bool = false, "ROSTER_VERIFIED_SIGN_UP", "BOOL";
    /// Whether PKCE `plain` is taken from who signs in without naming a client [default: true]
    plain_pkce: bool = true, "ROSTER_PLAIN_PKCE", "BOOL";
    /// Seconds that an access token of a person is good for, more than 300 [default: 3600]
    access_lifetime: i64 = 3600, "ROSTER_ACCESS_LIFETIME", "SECONDS";
    /// Seconds in which a code is exchanged for tokens [default: 60]
    code_lifetime: i64 = 60, "ROSTER_CODE_LIFETIME", "SECONDS";
    /// Seconds in which somebody has to allow what a device without a browser asks for [default: 600]
    device_lifetime: i64 = 600, "ROSTER_DEVICE_LIFETIME", "SECONDS";
    /// Seconds without a refresh after which a session ends; 0 = never [default: 1209600]
    session_idle: i64 = 14 * 86_400, "ROSTER_SESSION_IDLE", "SECONDS";
    /// Seconds after which a session ends whatever happens; 0 = never [default: 7776000]
    session_lifetime: i64 = 90 * 86_400, "ROSTER_SESSION_LIFETIME", "SECONDS";
    /// Seconds in which a refresh token that was just replaced gets the same successor [default: 20]
    refresh_grace: i64 = 20, "ROSTER_REFRESH_GRACE", "SECONDS";
    /// Seconds after a sign-in in which factors and e-mail may be changed without the password; 0 = always [default: 600]
    fresh_sign_in: i64 = 600, "ROSTER_FRESH_SIGN_IN", "SECONDS";
    /// Wrong passwords of an account that cost nothing; each one more doubles the wait; 0 = no waiting [default: 5]
    free_failures: u32 = 5, "ROSTER_FREE_FAILURES", "N";
    /// Wrong passwords in a row after which only a reset helps, or a browser that knows the account; 0 = never [default: 100]
    most_failures: u32 = 100, "ROSTER_MOST_FAILURES", "N";
    /// Seconds of waiting at most, for account and address [default: 900]
    longest_wait: u64 = 900, "ROSTER_LONGEST_WAIT", "SECONDS";
    /// Wrong passwords from an address that cost nothing; 0 = no waiting [default: 30]
    free_failures_address: u32 = 30, "ROSTER_FREE_FAILURES_ADDRESS", "N";
    /// Sign-ins and registrations a minute from one address; 0 = any number [default: 60]
    login_rate: u32 = 60, "ROSTER_LOGIN_RATE", "N";
    /// Other requests to /auth a minute from one address; 0 = any number [default: 600]
    auth_rate: u32 = 600, "ROSTER_AUTH_RATE", "N";
    /// Mails (reset, verification, codes) an hour for one account; 0 = any number [default: 6]
    mail_rate: u32 = 6, "ROSTER_MAIL_RATE", "N";
    /// Codes of devices that are typed at one address in five minutes; 0 = any number [default: 20]
    user_code_rate: u32 = 20, "ROSTER_USER_CODE_RATE", "N";
    /// Requests of one key in a minute, where WorkOS' API is spoken; 0 = any number [default: 6000]
    key_rate: u32 = 6_000, "ROSTER_KEY_RATE", "N";
    /// Sign-ins of one person through an application in a minute, there; 0 = any number [default: 10]
    person_rate: u32 = 10, "ROSTER_PERSON_RATE", "N";
    /// Codes of one sort for one person in a minute, there; 0 = any number [default: 3]
    code_rate: u32 = 3, "ROSTER_CODE_RATE", "N";
    /// Proxies in front of the server: how many of the last entries of X-Forwarded-For are theirs [default: 0]
    proxies: usize = 0, "ROSTER_PROXIES", "N";
    /// What seeds of second factors are encrypted with, 32 characters or more [default: kept in the database]
    secret_key: String = String::new(), "ROSTER_SECRET_KEY", "TEXT";
}

impl SignIn {
    /// The cost as bcrypt takes it.
    pub fn cost(&self) -> u32 {
        self.bcrypt_cost.clamp(4, 20)
    }

    /// No session is shorter than the token that it gives out.
    pub fn access(&self) -> i64 {
        self.access_lifetime.max(301)
    }

    pub fn wait_at_most(&self) -> Duration {
        Duration::from_secs(self.longest_wait)
    }
}

fn default_threads() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| cores.get().div_ceil(2))
}
