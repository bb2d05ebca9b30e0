//! `PUT /user/pref`: something that an application remembers of whoever is signed in; an empty value is forgotten.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::super::answer::done;
use super::super::asked::{Asked, Sent};
use super::super::caller::Caller;
use super::super::record::extend;
use super::view::prefs;
use crate::error::{invalid, malformed};
use crate::http::reply::Failure;

/// Preferences of one person at most, and characters of one.
const MOST: usize = 100;
const LONGEST: usize = 4_096;

pub(in crate::http) async fn pref(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let caller = Caller::of(&request).await?;
    Asked::read(&request, &[])?;
    let sent = Sent::read(&request, payload, &["pref", "value"]).await?;
    let name = sent.needed("pref")?;
    let value = sent.text("value")?.unwrap_or_default();
    for (field, text) in [("pref", name), ("value", value)] {
        if text.chars().count() > LONGEST {
            return Err(malformed(format!("this has {LONGEST} characters at most")).at(field).into());
        }
    }
    let change = |user: &mut Value| {
        let mut prefs = prefs(user);
        let all = prefs.as_object_mut();
        if let Some(all) = all {
            match value.is_empty() {
                true => drop(all.shift_remove(name)),
                false => drop(all.insert(name.to_owned(), value.into())),
            }
            if all.len() > MOST {
                return Err(invalid(format!("there are {MOST} preferences at most")).at("pref"));
            }
        }
        let part = |name: &str, value: Value| json!({ "url": name, "valueString": value });
        let all = prefs.as_object().into_iter().flatten().map(
            |(name, value)| json!({ "extension": [part("name", json!(name)), part("value", value.clone())] }),
        );
        extend(user, "preference", all.collect());
        Ok(())
    };
    caller.identity().change_own(&caller.repo, caller.act("update"), &caller.origin(), change).await?;
    Ok(done())
}
