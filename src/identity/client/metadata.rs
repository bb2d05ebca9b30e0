//! What a client says of itself as it registers, and the record that it becomes
//! (<https://www.rfc-editor.org/rfc/rfc7591#section-2>).

use serde_json::{Map, Value, json};
use url::Url;

use crate::error::{Error, Result, malformed};
use crate::identity::scope;

/// Names of the standard and of the record, of what is a list of texts in both.
const LISTS: [(&str, &str); 4] = [
    ("redirect_uris", "redirectUris"),
    ("post_logout_redirect_uris", "postLogoutRedirectUris"),
    ("grant_types", "grantType"),
    ("response_types", "responseType"),
];
const METHODS: [&str; 4] = ["none", "client_secret_basic", "client_secret_post", "private_key_jwt"];
/// What anybody may register for; a client on its own is a matter of an admin.
const GRANTS: [&str; 3] = ["authorization_code", "refresh_token", "client_credentials"];
const MOST: usize = 20;
const LONGEST: usize = 2000;
/// Bytes of a set of keys.
const LONGEST_KEYS: usize = 32 * 1024;
/// Characters of a name, which stands in a sentence.
const LONGEST_NAME: usize = 100;

fn bad(text: impl Into<String>) -> Error {
    malformed(text).coded("invalid_client_metadata")
}

/// The elements of a record. `trusted`: an admin registers it.
pub(super) fn record(said: &Map<String, Value>, trusted: bool) -> Result<Map<String, Value>> {
    let mut said = said.clone();
    said.entry("grant_types").or_insert_with(|| json!(["authorization_code"]));
    said.entry("response_types").or_insert_with(|| json!(["code"]));
    said.entry("token_endpoint_auth_method").or_insert_with(|| json!("client_secret_basic"));
    let mut record = Map::new();
    for (name, own) in LISTS {
        let texts = list(&said, name)?;
        if !texts.is_empty() {
            record.insert(own.to_owned(), json!(texts));
        }
    }
    let grants = list(&said, "grant_types")?;
    let allowed =
        |grant: &String| GRANTS.contains(&grant.as_str()) && (trusted || grant != "client_credentials");
    if !grants.iter().all(allowed) {
        return Err(bad("these grants are not offered here"));
    }
    if list(&said, "response_types")?.iter().any(|kind| kind != "code") {
        return Err(bad("the response type is code"));
    }
    let redirects = list(&said, "redirect_uris")?;
    if redirects.is_empty() && grants.iter().any(|grant| grant == "authorization_code") {
        return Err(malformed("redirect_uris is missing").coded("invalid_redirect_uri"));
    }
    for uri in redirects.iter().chain(&list(&said, "post_logout_redirect_uris")?) {
        if !leads_somewhere(uri) {
            return Err(malformed("a redirect URI is https, of this machine, or of a scheme of its own")
                .coded("invalid_redirect_uri"));
        }
    }
    let method = text(&said, "token_endpoint_auth_method")?.unwrap_or_default();
    if !METHODS.contains(&method.as_str()) {
        return Err(bad("this way of proving itself is not known here"));
    }
    if let Some(name) = text(&said, "client_name")? {
        if name.chars().count() > LONGEST_NAME || name.trim() != name {
            return Err(bad(format!("client_name has up to {LONGEST_NAME} characters")));
        }
        record.insert("name".to_owned(), json!(name));
    }
    if let Some(scopes) = text(&said, "scope")? {
        scope::parse(&scopes).map_err(|_| bad("scope is no list of scopes"))?;
        let scopes: Vec<&str> = scopes.split(' ').filter(|scope| !scope.is_empty()).collect();
        record.insert("allowedScope".to_owned(), json!(scopes));
    }
    match (said.get("jwks"), text(&said, "jwks_uri")?) {
        (Some(_), Some(_)) => return Err(bad("keys are given, or an address of keys, not both")),
        (Some(keys), None) => {
            record.insert("jwks".to_owned(), json!(public(keys)?));
        }
        (None, Some(address)) if leads_somewhere(&address) && address.starts_with("http") => {
            record.insert("jwksUri".to_owned(), json!(address));
        }
        (None, Some(_)) => return Err(bad("jwks_uri is an address of https")),
        (None, None) if method == "private_key_jwt" => return Err(bad("whoever signs gives its keys")),
        (None, None) => {}
    }
    record.insert("tokenEndpointAuthMethod".to_owned(), json!(method));
    Ok(record)
}

/// The same the other way.
pub(super) fn metadata(record: &Value) -> Value {
    let mut said = json!({});
    for (name, own) in LISTS {
        if let Some(list) = record.get(own) {
            said[name] = list.clone();
        }
    }
    let copies = [
        ("client_name", "name"),
        ("token_endpoint_auth_method", "tokenEndpointAuthMethod"),
        ("jwks_uri", "jwksUri"),
    ];
    for (name, own) in copies {
        if let Some(value) = record.get(own) {
            said[name] = value.clone();
        }
    }
    if let Some(scopes) = record.get("allowedScope").and_then(Value::as_array) {
        let scopes: Vec<&str> = scopes.iter().filter_map(Value::as_str).collect();
        said["scope"] = json!(scopes.join(" "));
    }
    let keys = record.get("jwks").and_then(Value::as_str);
    if let Some(keys) = keys.and_then(|keys| serde_json::from_str::<Value>(keys).ok()) {
        said["jwks"] = keys;
    }
    said
}

/// A set of keys as text, without any that is to be kept secret
/// (<https://www.rfc-editor.org/rfc/rfc7517#section-9.2>).
fn public(keys: &Value) -> Result<String> {
    let all = keys.get("keys").and_then(Value::as_array).filter(|all| (1..=MOST).contains(&all.len()));
    let all = all.ok_or_else(|| bad(format!("jwks is a set of up to {MOST} keys")))?;
    let is_public = |key: &Value| {
        matches!(key["kty"].as_str(), Some("EC" | "RSA"))
            && ["d", "k", "p", "q", "dp", "dq", "qi", "oth"].iter().all(|part| key.get(part).is_none())
    };
    if !all.iter().all(is_public) {
        return Err(bad("jwks holds public keys of EC and RSA, and no private half"));
    }
    let text = keys.to_string();
    if text.len() > LONGEST_KEYS { Err(bad("these keys are too long")) } else { Ok(text) }
}

/// Whether a text shows as what it is: no control, and nothing that turns the direction of what is around it or cannot
/// be seen, since the user reads it where he decides.
fn is_plain(text: &str) -> bool {
    !text.chars().any(|char| {
        char.is_control()
            || matches!(char, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
    })
}

fn text(said: &Map<String, Value>, name: &str) -> Result<Option<String>> {
    match said.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.len() <= LONGEST && is_plain(text) => {
            Ok(Some(text.clone()).filter(|text| !text.is_empty()))
        }
        Some(_) => Err(bad(format!("{name} is a text of moderate length"))),
    }
}

fn list(said: &Map<String, Value>, name: &str) -> Result<Vec<String>> {
    let wrong = || bad(format!("{name} is a list of texts"));
    let Some(value) = said.get(name) else { return Ok(Vec::new()) };
    let all = value.as_array().filter(|all| all.len() <= MOST).ok_or_else(wrong)?;
    let texts = all.iter().map(|one| one.as_str().filter(|text| text.len() <= LONGEST).map(str::to_owned));
    texts.collect::<Option<Vec<String>>>().ok_or_else(wrong)
}

/// <https://www.rfc-editor.org/rfc/rfc8252#section-7>
fn leads_somewhere(uri: &str) -> bool {
    let Ok(url) = Url::parse(uri) else { return false };
    let is_own = || url.scheme().contains('.');
    let is_near = || matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
        && !uri.chars().any(|char| char.is_control() || char.is_whitespace() || char == '\\')
        && match url.scheme() {
            "https" => url.has_host(),
            "http" => is_near(),
            _ => is_own(),
        }
}
