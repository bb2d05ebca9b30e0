//! Settings: flags, environment (`ROSTER_*`) and one TOML file, in one struct. A flag beats the environment,
//! which beats the file, which beats the default.

mod mail;
mod oauth;
mod sign_in;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use serde::Deserialize;
use url::Url;

use crate::error::{Result, malformed};
pub use oauth::{OAuth, OAuthSettings, Registration};
pub use sign_in::{SignIn, SignInSettings};

pub use mail::{MailConfig, MailSettings};

const DELETES: [&str; 2] = ["single", "multiple"];
const LOG_FORMATS: [&str; 2] = ["text", "json"];
const AUDITS: [&str; 4] = ["off", "acts", "writes", "reads"];

/// What may be given; all of it is optional, anywhere.
#[derive(Debug, Default, Clone, Args, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Address to listen on [default: 127.0.0.1:8103]
    #[arg(long, global = true, env = "ROSTER_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// sqlite:FILE or postgres://USER@HOST/NAME [default: sqlite:roster.db]
    #[arg(long, global = true, env = "ROSTER_DATABASE", hide_env_values = true, value_name = "URL")]
    pub database: Option<String>,
    /// Address of the server as clients see it [default: http:// and the address it listens on]
    #[arg(long, global = true, env = "ROSTER_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Directory with further definitions; may be given more than once
    #[arg(long, global = true, env = "ROSTER_DEFINITIONS", value_delimiter = ',', value_name = "DIR")]
    pub definitions: Vec<PathBuf>,
    /// FHIR package (.tgz) with further definitions; may be given more than once
    #[arg(
        long = "package",
        global = true,
        env = "ROSTER_PACKAGES",
        value_delimiter = ',',
        value_name = "FILE"
    )]
    pub packages: Vec<PathBuf>,
    /// Directory for what was read of packages [default: that of the SQLite database, else ~/.cache/roster]
    #[arg(long, global = true, env = "ROSTER_CACHE_DIR", value_name = "DIR")]
    pub cache_dir: Option<PathBuf>,
    /// Bytes of a request body at most [default: 33554432]
    #[arg(long, global = true, env = "ROSTER_MAX_BODY", value_name = "BYTES")]
    pub max_body: Option<usize>,
    /// Entries of a page at most [default: 1000]
    #[arg(long, global = true, env = "ROSTER_MAX_PAGE", value_name = "N")]
    pub max_page: Option<usize>,
    /// Entries of a page where the client does not say [default: 20]
    #[arg(long, global = true, env = "ROSTER_DEFAULT_PAGE", value_name = "N")]
    pub default_page: Option<usize>,
    /// Threads that serve requests [default: one a core]
    #[arg(long, global = true, env = "ROSTER_WORKERS", value_name = "N")]
    pub workers: Option<usize>,
    /// Memory for hot resources, on SQLite [default: 64]
    #[arg(long, global = true, env = "ROSTER_CACHE_MIB", value_name = "MIB")]
    pub cache_mib: Option<u64>,
    /// How many a conditional delete may delete: single or multiple [default: single]
    #[arg(long, global = true, env = "ROSTER_CONDITIONAL_DELETE", value_name = "HOW", value_parser = DELETES)]
    pub conditional_delete: Option<String>,
    /// Ignore unknown search parameters, with a warning, where the client does not say
    #[arg(long, global = true, env = "ROSTER_LENIENT", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub lenient: Option<bool>,
    /// Let subscriptions send to addresses that are not public
    #[arg(long, global = true, env = "ROSTER_SUBSCRIPTION_PRIVATE", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub subscription_private: Option<bool>,
    /// How often a notification is tried before its subscription is turned off [default: 12]
    #[arg(long, global = true, env = "ROSTER_SUBSCRIPTION_ATTEMPTS", value_name = "N")]
    pub subscription_attempts: Option<u32>,
    /// Milliseconds before a notification is tried again, doubled with each failure [default: 1000]
    #[arg(long, global = true, env = "ROSTER_SUBSCRIPTION_BACKOFF", value_name = "MS")]
    pub subscription_backoff: Option<u64>,
    /// Milliseconds that a receiver has for its answer [default: 10000]
    #[arg(long, global = true, env = "ROSTER_SUBSCRIPTION_TIMEOUT", value_name = "MS")]
    pub subscription_timeout: Option<u64>,
    /// DNS server that is asked whether an organization has a domain [default: those of the machine]
    #[arg(long, global = true, env = "ROSTER_DNS", value_name = "ADDRESS")]
    pub dns: Option<SocketAddr>,
    /// Days for which the log of a subscription tells what was delivered [default: 30]
    #[arg(long, global = true, env = "ROSTER_SUBSCRIPTION_LOG_DAYS", value_name = "DAYS")]
    pub subscription_log_days: Option<u32>,
    #[command(flatten)]
    pub mail: MailSettings,
    /// What is recorded as AuditEvents: off, acts, writes or reads [default: acts]
    #[arg(long, global = true, env = "ROSTER_AUDIT", value_name = "WHAT", value_parser = AUDITS)]
    pub audit: Option<String>,
    #[command(flatten)]
    pub sign_in: SignInSettings,
    #[command(flatten)]
    pub oauth: OAuthSettings,
    /// What to log, such as info or roster=debug [default: info,actix_server=warn]
    #[arg(long, global = true, env = "ROSTER_LOG", value_name = "FILTER")]
    pub log: Option<String>,
    /// text or json [default: text]
    #[arg(long, global = true, env = "ROSTER_LOG_FORMAT", value_name = "FORMAT", value_parser = LOG_FORMATS)]
    pub log_format: Option<String>,
}

/// What holds, after all are read.
#[derive(Debug, Clone)]
pub struct Config {
    pub listen: SocketAddr,
    pub database: String,
    /// Without a slash at the end.
    pub public_url: String,
    /// Whether anybody said so: without, it follows from where the server listens.
    pub addressed: bool,
    pub definitions: Vec<PathBuf>,
    pub packages: Vec<PathBuf>,
    /// Nowhere, if neither was there a directory named nor is there one that suggests itself.
    pub cache_dir: Option<PathBuf>,
    pub max_body: usize,
    pub max_page: usize,
    pub default_page: usize,
    pub workers: usize,
    pub cache_bytes: u64,
    pub conditional_delete_many: bool,
    pub lenient: bool,
    pub subscription_private: bool,
    pub subscription_attempts: u32,
    pub subscription_backoff: Duration,
    pub subscription_timeout: Duration,
    /// None for those of the machine.
    pub dns: Option<SocketAddr>,
    pub subscription_log: Duration,
    pub oauth: OAuth,
    pub mail: MailConfig,
    pub audit: String,
    pub sign_in: SignIn,
    pub log: String,
    pub log_json: bool,
}

/// Read where no other file is named, if it is there.
const FILE: &str = "roster.toml";

impl Config {
    /// `file` is what was named; `given` are flags and environment.
    pub fn read(file: Option<&Path>, given: Settings) -> Result<Self> {
        let found = match file {
            Some(file) => Some(file),
            None => Some(Path::new(FILE)).filter(|file| file.exists()),
        };
        let written = match found {
            None => Settings::default(),
            Some(file) => {
                let text = std::fs::read_to_string(file)
                    .map_err(|error| malformed(format!("cannot read {}: {error}", file.display())))?;
                toml::from_str(&text).map_err(|error| {
                    let line = error.message().lines().next().unwrap_or_default().to_owned();
                    malformed(format!("{} is no configuration: {line}", file.display()))
                })?
            }
        };
        one_of("conditional_delete", written.conditional_delete.as_deref(), &DELETES)?;
        one_of("client_registration", written.oauth.client_registration.as_deref(), &oauth::REGISTRATIONS)?;
        one_of("log_format", written.log_format.as_deref(), &LOG_FORMATS)?;
        one_of("audit", written.audit.as_deref(), &AUDITS)?;
        let config = Self::settle(given, written)?;
        if is_public(&config.public_url) {
            Ok(config)
        } else {
            let url = &config.public_url;
            Err(malformed(format!(
                "'{url}' is no public address: use http://HOST or https://HOST, with a path or without"
            )))
        }
    }

    fn settle(given: Settings, written: Settings) -> Result<Self> {
        let addressed = [&given, &written].iter().any(|one| one.public_url.is_some() || one.listen.is_some());
        let listen = given.listen.or(written.listen).unwrap_or(([127, 0, 0, 1], 8103).into());
        let public_url =
            given.public_url.or(written.public_url).unwrap_or_else(|| format!("http://{listen}"));
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let database = given.database.or(written.database).unwrap_or_else(|| "sqlite:roster.db".to_owned());
        let cache_dir = given.cache_dir.or(written.cache_dir).or_else(|| beside(&database));
        let mail = MailConfig::settle(given.mail, written.mail, &public_url)?;
        Ok(Self {
            listen,
            database,
            public_url: public_url.trim_end_matches('/').to_owned(),
            addressed,
            definitions: if given.definitions.is_empty() { written.definitions } else { given.definitions },
            packages: if given.packages.is_empty() { written.packages } else { given.packages },
            cache_dir,
            max_body: given.max_body.or(written.max_body).unwrap_or(32 << 20),
            max_page: given.max_page.or(written.max_page).unwrap_or(1000).max(1),
            default_page: given.default_page.or(written.default_page).unwrap_or(20).max(1),
            workers: given.workers.or(written.workers).unwrap_or(cores).max(1),
            cache_bytes: given.cache_mib.or(written.cache_mib).unwrap_or(64) << 20,
            conditional_delete_many: given.conditional_delete.or(written.conditional_delete).as_deref()
                == Some("multiple"),
            lenient: given.lenient.or(written.lenient).unwrap_or(false),
            subscription_private: given
                .subscription_private
                .or(written.subscription_private)
                .unwrap_or(false),
            subscription_attempts: given
                .subscription_attempts
                .or(written.subscription_attempts)
                .unwrap_or(12)
                .max(1),
            subscription_backoff: Duration::from_millis(
                given.subscription_backoff.or(written.subscription_backoff).unwrap_or(1000).max(1),
            ),
            dns: given.dns.or(written.dns),
            subscription_timeout: Duration::from_millis(
                given.subscription_timeout.or(written.subscription_timeout).unwrap_or(10_000).max(1),
            ),
            subscription_log: Duration::from_secs(
                24 * 3600
                    * u64::from(given.subscription_log_days.or(written.subscription_log_days).unwrap_or(30)),
            ),
            mail,
            audit: given.audit.or(written.audit).unwrap_or_else(|| "acts".to_owned()),
            sign_in: SignIn::settle(given.sign_in, written.sign_in),
            oauth: OAuth::settle(given.oauth, written.oauth),
            log: given.log.or(written.log).unwrap_or_else(|| "info,actix_server=warn".to_owned()),
            log_json: given.log_format.or(written.log_format).as_deref() == Some("json"),
        })
    }
}

/// Of flags and environment `clap` says so, of the file nobody else does.
fn one_of(name: &str, value: Option<&str>, all: &[&str]) -> Result<()> {
    match value.filter(|value| !all.contains(value)) {
        Some(value) => Err(malformed(format!("{name} is one of {}, not '{value}'", all.join(" and ")))),
        None => Ok(()),
    }
}

/// Where a cache goes that nobody named a place for: beside the database, if that is a file, else where the
/// user's caches are (<https://specifications.freedesktop.org/basedir-spec/latest/>).
fn beside(database: &str) -> Option<PathBuf> {
    if let Some(file) = database.strip_prefix("sqlite:") {
        let file = Path::new(file.strip_prefix("//").unwrap_or(file));
        return file.parent().map(|folder| if folder == "" { Path::new(".") } else { folder }.to_owned());
    }
    let folder = |name| std::env::var_os(name).map(PathBuf::from).filter(|folder| folder.is_absolute());
    let caches = folder("XDG_CACHE_HOME").or_else(|| Some(folder("HOME")?.join(".cache")))?;
    Some(caches.join("roster"))
}

/// Whether links and tokens may name this as the server.
fn is_public(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.query().is_none()
            && url.fragment().is_none()
    })
}
