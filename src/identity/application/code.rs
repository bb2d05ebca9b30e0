//! Codes and tokens that an application hands to people itself: each kept sealed, so that it can be read again as long as
//! it is good, and good once. Their records are UserSecurityRequests of the application's project.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::error::{Error, Result, busy};
use crate::identity::acting::{self, in_name_of, reason};
use crate::identity::member::moment;
use crate::identity::user::written;
use crate::identity::{Identity, system};
use crate::repo::audit::{Act, Audit};
use crate::repo::{Repo, Retain, absent};
use crate::resource::secret;
use crate::store::{Row, Secret};

/// Tries of a code of six digits.
const TRIES: u32 = 10;
const ATTEMPTS: usize = 8;
const SEALED: &str = "sealed";
const TRIED: &str = "tries";

/// What a code is for, as `UserSecurityRequest.type` has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    VerifyEmail,
    MagicAuth,
    EmailChange,
    Challenge,
    Reset,
    Invite,
}

impl Kind {
    pub fn code(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify-email",
            Self::MagicAuth => "magic-auth",
            Self::EmailChange => "email-change",
            Self::Challenge => "factor-challenge",
            Self::Reset => "reset",
            Self::Invite => "invite",
        }
    }

    /// Tokens are for links, codes of six digits for people.
    fn is_token(self) -> bool {
        matches!(self, Self::Reset | Self::Invite)
    }
}

/// Of whom, and what else there is to say.
#[derive(Debug, Clone, Default)]
pub struct Of<'o> {
    /// Id of the user.
    pub user: Option<&'o str>,
    pub email: Option<&'o str>,
    /// Seconds.
    pub lifetime: i64,
    /// Elements of the record besides.
    pub more: Value,
}

/// A code, as it is known to the application whose it is.
#[derive(Debug, Clone)]
pub struct Coded {
    pub id: String,
    /// The code itself, or the token.
    pub secret: String,
    pub body: Value,
    pub row: Arc<Row>,
}

/// What came of trying a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    Right,
    Wrong,
    Expired,
    Used,
    /// It was tried too often.
    Spent,
}

impl Coded {
    pub fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name).and_then(Value::as_str)
    }

    /// The id that an element refers to.
    pub fn target(&self, element: &str) -> Option<&str> {
        self.body.get(element)?.get("reference")?.as_str()?.split_once('/').map(|(_, id)| id)
    }

    pub fn is(&self, name: &str) -> bool {
        self.body.get(name) == Some(&Value::Bool(true))
    }

    pub fn is_expired(&self) -> bool {
        moment(&self.body, "expiresAt").is_some_and(|ends| ends <= Utc::now().timestamp_millis())
    }
}

impl Identity {
    /// A new code.
    pub async fn new_code(&self, repo: &Repo, kind: Kind, of: Of<'_>) -> Result<Coded> {
        let id = Uuid::now_v7().to_string();
        let code = match kind.is_token() {
            true => URL_SAFE_NO_PAD.encode(rand::random::<[u8; 24]>()),
            false => format!("{:06}", rand::random::<u64>() % 1_000_000),
        };
        let expires = Utc::now() + TimeDelta::seconds(of.lifetime);
        let home = json!({ "reference": format!("Project/{}", repo.actor().project_id) });
        let mut body = json!({
            "resourceType": "UserSecurityRequest",
            "id": id,
            "meta": { "project": repo.actor().project_id },
            "type": kind.code(),
            "project": home,
            "sealed": self.seal.close(&code, &id)?,
            "used": false,
            "expiresAt": expires.to_rfc3339_opts(SecondsFormat::Millis, true),
        });
        if kind.is_token() {
            // Pages of the server take the token, too; six digits would be guessed there.
            body["secret"] = Value::from(secret::digest(&code)?);
        }
        if let Some(user) = of.user {
            body["user"] = json!({ "reference": format!("User/{user}") });
        }
        if let Some(email) = of.email {
            body["email"] = Value::from(email);
        }
        for (name, value) in of.more.as_object().into_iter().flatten() {
            body[name.as_str()] = value.clone();
        }
        let own = in_name_of(repo);
        let row = written(
            own.transaction(vec![acting::new("UserSecurityRequest", &id, body)]).await.map_err(reason)?,
        )?;
        self.coded(row)
    }

    fn coded(&self, row: Arc<Row>) -> Result<Coded> {
        let kept = self.engine.store.secrets(row.project, row.rid)?;
        let sealed = kept.iter().find(|(name, _)| name == SEALED).map(|(_, value)| value.as_str());
        let secret = match sealed {
            Some(sealed) => self.seal.open_text(sealed, &row.id)?,
            None => String::new(),
        };
        Ok(Coded { id: row.id.clone(), secret, body: acting::body(&row)?, row })
    }

    /// The code of this id that an application has given out.
    pub async fn code(&self, repo: &Repo, kind: Kind, id: &str) -> Result<Coded> {
        let row = repo.read("UserSecurityRequest", id).await?;
        let coded = self.coded(row)?;
        // What was mailed by other ways is nobody's to read.
        match coded.text("type") == Some(kind.code()) && !coded.secret.is_empty() {
            true => Ok(coded),
            false => Err(absent("UserSecurityRequest", id)),
        }
    }

    /// The code that a user, or an address, was given last.
    pub async fn last_code(&self, repo: &Repo, kind: Kind, of: (&str, &str)) -> Result<Option<Coded>> {
        let asked = [
            (of.0, crate::search::escape(of.1)),
            ("type", kind.code().to_owned()),
            ("_sort", "-_id".to_owned()),
            ("_count", "1".to_owned()),
        ];
        let asked = asked.map(|(name, value)| (name.to_owned(), value));
        let found = repo.search("UserSecurityRequest", &asked, false).await?;
        found.rows.into_iter().next().map(|row| self.coded(row)).transpose()
    }

    /// Whether this is the code. It is used up by that, and a wrong one is counted.
    pub async fn try_code(&self, coded: &Coded, given: &str) -> Result<Tried> {
        let mut coded = coded.clone();
        for _ in 0..ATTEMPTS {
            if coded.is("used") || coded.is("revoked") {
                return Ok(Tried::Used);
            }
            if coded.is_expired() {
                return Ok(Tried::Expired);
            }
            let kept = self.engine.store.secrets(coded.row.project, coded.row.rid)?;
            let old = kept.iter().find(|(name, _)| name == TRIED).map(|(_, value)| value.clone());
            let count: u32 = old.as_deref().and_then(|count| count.parse().ok()).unwrap_or(0);
            if count >= TRIES {
                return Ok(Tried::Spent);
            }
            let right = bool::from(coded.secret.as_bytes().ct_eq(given.trim().as_bytes()));
            let mut body = coded.body.clone();
            let (secrets, how) = match right {
                true => {
                    body["used"] = Value::Bool(true);
                    (Vec::new(), Retain::Version)
                }
                false => (
                    vec![Secret::set(TRIED, (count + 1).to_string()).instead_of(old.as_deref())],
                    Retain::Amended,
                ),
            };
            match system(&self.engine).retain("UserSecurityRequest", &coded.row, body, secrets, how).await? {
                Some(_) if right => return Ok(Tried::Right),
                Some(_) => return Ok(Tried::Wrong),
                None => {
                    let row = system(&self.engine).read("UserSecurityRequest", &coded.id).await?;
                    coded = self.coded(row)?;
                }
            }
        }
        Err(busy("this code is tried by many at once; try again"))
    }

    /// Changes the record of a code, if nobody else did.
    pub async fn mark_code(&self, repo: &Repo, coded: &Coded, marks: Value, audit: Audit) -> Result<Coded> {
        let mut body = coded.body.clone();
        for (name, value) in marks.as_object().into_iter().flatten() {
            body[name.as_str()] = value.clone();
        }
        let audit = Audit { act: Act::Update, ..audit }.project(coded.row.project);
        let own = in_name_of(repo).audited(audit);
        let entries = vec![acting::next("UserSecurityRequest", &coded.row, body)];
        let row = written(own.transaction(entries).await.map_err(reason)?)?;
        self.coded(row)
    }

    /// The invitation whose token this is.
    pub async fn by_token(&self, repo: &Repo, kind: Kind, token: &str) -> Result<Coded> {
        let unknown = || -> Error { absent("UserSecurityRequest", "token") };
        let (id, given) = token.split_once('.').ok_or_else(unknown)?;
        let coded = self.code(repo, kind, id).await.map_err(|_| unknown())?;
        match bool::from(coded.secret.as_bytes().ct_eq(given.as_bytes())) {
            true => Ok(coded),
            false => Err(unknown()),
        }
    }

    /// The token of a code, which says whose it is.
    pub fn token_of(coded: &Coded) -> String {
        format!("{}.{}", coded.id, coded.secret)
    }
}
