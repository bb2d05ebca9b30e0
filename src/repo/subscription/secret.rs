//! The secret that the messages of a rest-hook are signed with: given as an extension of the channel, kept with the
//! credentials, and never read back (<https://roster.dev/fhir/StructureDefinition/subscription-secret>).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::error::{Error, Result, invalid};
use crate::resource::secret::SHORTEST;

/// The url of the extension.
pub const SECRET: &str = "https://roster.dev/fhir/StructureDefinition/subscription-secret";
/// Under which it is kept.
pub(super) const NAME: &str = "channel.secret";
const LONGEST: usize = 1024;
/// Begins a secret that is a key in base64
/// (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>).
const ENCODED: &str = "whsec_";

/// Takes the secret out of a body, and fails where one stands elsewhere or is none.
pub(super) fn take(body: &mut Value) -> Result<Option<String>> {
    let mut taken = Vec::new();
    if let Some(Value::Object(channel)) = body.get_mut("channel")
        && let Some(Value::Array(extensions)) = channel.get_mut("extension")
    {
        extensions.retain(|extension| {
            let secret = is_secret(extension);
            if secret {
                taken.push(extension.get("valueString").and_then(Value::as_str).map(str::to_owned));
            }
            !secret
        });
        if extensions.is_empty() {
            channel.shift_remove("extension");
        }
    }
    if holds(body) {
        return Err(wrong("a secret is an extension of Subscription.channel, and of nothing else"));
    }
    let secret = match taken.as_slice() {
        [] => return Ok(None),
        [Some(secret)] => secret,
        [None] => return Err(wrong("a secret is a valueString")),
        _ => return Err(wrong("a channel has one secret")),
    };
    if secret.chars().count() < SHORTEST || secret.len() > LONGEST {
        return Err(wrong(&format!("a secret has {SHORTEST} to {LONGEST} characters")));
    }
    signing_key(secret).ok_or_else(|| wrong("behind `whsec_` stands a key in base64"))?;
    Ok(taken.pop().flatten())
}

/// The bytes that a secret stands for.
pub fn signing_key(secret: &str) -> Option<Vec<u8>> {
    match secret.strip_prefix(ENCODED) {
        Some(encoded) => STANDARD.decode(encoded).ok().filter(|key| !key.is_empty()),
        None => Some(secret.as_bytes().to_vec()),
    }
}

fn is_secret(extension: &Value) -> bool {
    extension.get("url").and_then(Value::as_str) == Some(SECRET)
}

/// Whether there is one anywhere in it. Its depth is that of a body that was parsed.
fn holds(value: &Value) -> bool {
    match value {
        Value::Object(object) => is_secret(value) || object.values().any(holds),
        Value::Array(list) => list.iter().any(holds),
        _ => false,
    }
}

fn wrong(text: &str) -> Error {
    invalid(text).coded("value").at("Subscription.channel.extension")
}
