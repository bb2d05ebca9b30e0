//! A client as sign-in sees it: what its record says of how it may ask.

use std::sync::Arc;

use serde_json::Value;

use super::living;
use crate::error::{Kind, Result, fault};
use crate::identity::grant::refuse;
use crate::identity::keys::LONGEST;
use crate::identity::scope::{self, Context, Scopes};
use crate::identity::system;
use crate::repo::Engine;
use crate::store::Row;

/// A client that is in use, of a project that is.
#[derive(Clone)]
pub struct Client {
    pub project: i32,
    pub project_id: String,
    pub id: String,
    pub body: Value,
    pub(in crate::identity) row: Arc<Row>,
}

impl Client {
    pub(in crate::identity) async fn find(engine: &Arc<Engine>, id: &str) -> Result<Option<Self>> {
        let row = match system(engine).read("ClientApplication", id).await {
            Ok(row) => row,
            // Ids are unique in a project only; one that several have is nobody's.
            Err(error) if matches!(error.kind, Kind::NotFound | Kind::Deleted | Kind::Conflict) => {
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let body: Value = serde_json::from_str(&row.body).map_err(fault)?;
        let is_off = body.get("status").is_some_and(|status| status != "active");
        if is_off || !is_awake(engine, row.project).await? {
            return Ok(None);
        }
        let project_id = engine.store.project_id(row.project)?;
        Ok(Some(Self { project: row.project, project_id, id: row.id.clone(), body, row }))
    }

    pub fn reference(&self) -> String {
        format!("ClientApplication/{}", self.id)
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    pub fn texts(&self, name: &str) -> Vec<&str> {
        let all = self.body.get(name).and_then(Value::as_array).into_iter().flatten();
        all.filter_map(Value::as_str).collect()
    }

    pub fn is(&self, name: &str) -> bool {
        self.body.get(name) == Some(&Value::Bool(true))
    }

    pub fn name(&self) -> &str {
        self.text("name").unwrap_or("An application without a name")
    }

    /// Where users may be sent back to. Compared letter by letter (<https://www.rfc-editor.org/rfc/rfc9700#section-2.1>).
    pub fn redirect_uris(&self) -> Vec<&str> {
        let mut all = self.texts("redirectUris");
        all.extend(self.text("redirectUri"));
        all
    }

    /// Whether it may use a grant: those it names, or any where it names none.
    pub fn grants(&self, grant: &str) -> bool {
        let named = self.texts("grantType");
        named.is_empty() || named.contains(&grant)
    }

    /// What of the scopes asked for it may have, its own where it asks for none.
    pub fn narrow(&self, asked: Option<&str>) -> Result<Scopes> {
        let own = self.texts("defaultScope").join(" ");
        let asked = match asked {
            Some(asked) => scope::parse(asked)?,
            None => scope::parse(&own)?,
        };
        match self.bound()? {
            Some(bound) => Ok(asked.within(&bound)),
            None => Ok(asked),
        }
    }

    /// The same where a user signs in through it, as a text that is not empty.
    pub fn user_scope(&self, asked: Option<&str>) -> Result<String> {
        let narrowed = self.narrow(asked)?.without(&[Context::System]);
        let wants = asked.map(scope::parse).transpose()?.is_some_and(|asked| !asked.permissions.is_empty());
        if narrowed.permissions.is_empty() && wants {
            // Without any permission the token would be as good as the user.
            return Err(refuse("invalid_scope", "this client may have none of these scopes").at("scope"));
        }
        let text = narrowed.to_string();
        Ok(if text.is_empty() { "openid".to_owned() } else { text })
    }

    /// The scopes that it may ask for, where that is said.
    pub fn bound(&self) -> Result<Option<Scopes>> {
        let bound = self.texts("allowedScope");
        if bound.is_empty() { Ok(None) } else { scope::parse(&bound.join(" ")).map(Some) }
    }

    /// Seconds that an access token is good for, where it says so.
    pub fn access_lifetime(&self) -> Option<i64> {
        self.lifetime("accessTokenLifetime").map(|seconds| seconds.clamp(1, LONGEST / 1000))
    }

    /// Seconds that a refresh token is good for, where it says so.
    pub fn refresh_lifetime(&self) -> Option<i64> {
        self.lifetime("refreshTokenLifetime")
    }

    fn lifetime(&self, name: &str) -> Option<i64> {
        seconds(self.text(name)?)
    }
}

/// `90s`, `15m`, `1h`, `2d`, `1w`, `1y`.
pub(in crate::identity) fn seconds(text: &str) -> Option<i64> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let unit = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        "y" => 365 * 86_400,
        _ => return None,
    };
    // Whatever is longer than this is for ever.
    Some(number.parse::<i64>().ok()?.saturating_mul(unit).min(100 * 365 * 86_400))
}

async fn is_awake(engine: &Engine, project: i32) -> Result<bool> {
    let id = engine.store.project_id(project)?;
    let project = living(engine, project, "Project", &id).await?;
    Ok(project.is_some_and(|project| project.get("active") != Some(&Value::Bool(false))))
}
