//! What this server offers, for clients that find their own way: of OpenID Connect and OAuth 2.0
//! (<https://openid.net/specs/openid-connect-discovery-1_0.html>, <https://www.rfc-editor.org/rfc/rfc8414>), of the
//! resource server (<https://www.rfc-editor.org/rfc/rfc9728>) and of SMART
//! (<https://hl7.org/fhir/smart-app-launch/STU2.2/conformance.html>). It says what is there and nothing else.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, web};
use serde_json::{Value, json};

use crate::config::Registration;
use crate::http::{State, reply};
use crate::identity::DEVICE;
use crate::identity::scope::WORDS;

/// Forms of scopes with resources in them, besides the words that may be asked for.
const FORMS: [&str; 6] =
    ["patient/*.cruds", "user/*.cruds", "system/*.cruds", "patient/*.*", "user/*.*", "system/*.*"];
const GRANTS: [&str; 6] = [
    "authorization_code",
    "refresh_token",
    "client_credentials",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "urn:ietf:params:oauth:grant-type:token-exchange",
    DEVICE,
];
const METHODS: [&str; 4] = ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"];
const PROVEN: [&str; 3] = ["client_secret_basic", "client_secret_post", "private_key_jwt"];
const ALGORITHMS: [&str; 4] = ["RS256", "RS384", "ES256", "ES384"];
/// <https://hl7.org/fhir/smart-app-launch/STU2.2/conformance.html#capabilities>
const CAPABILITIES: [&str; 18] = [
    "launch-ehr",
    "launch-standalone",
    "authorize-post",
    "client-public",
    "client-confidential-symmetric",
    "client-confidential-asymmetric",
    "sso-openid-connect",
    "context-banner",
    "context-style",
    "context-ehr-patient",
    "context-ehr-encounter",
    "context-standalone-patient",
    "permission-offline",
    "permission-online",
    "permission-patient",
    "permission-user",
    "permission-v1",
    "permission-v2",
];

fn scopes() -> Vec<&'static str> {
    [&WORDS[..], &FORMS[..]].concat()
}

fn endpoints(state: &State) -> Value {
    let issuer = state.public_url.as_str();
    let mut said = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/oauth2/authorize"),
        "token_endpoint": format!("{issuer}/oauth2/token"),
        "device_authorization_endpoint": format!("{issuer}/oauth2/device_authorization"),
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "introspection_endpoint": format!("{issuer}/oauth2/introspect"),
        "introspection_endpoint_auth_methods_supported": PROVEN,
        "revocation_endpoint": format!("{issuer}/oauth2/revoke"),
        "revocation_endpoint_auth_methods_supported": METHODS,
        "token_endpoint_auth_methods_supported": METHODS,
        "token_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
        "grant_types_supported": GRANTS,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "scopes_supported": scopes(),
        "code_challenge_methods_supported": ["S256"],
    });
    if state.registration != Registration::Off {
        said["registration_endpoint"] = json!(format!("{issuer}/oauth2/register"));
    }
    said
}

fn document(body: Value) -> HttpResponse {
    reply::ok().insert_header((CACHE_CONTROL, "public, max-age=300")).json(body)
}

fn with(mut said: Value, more: Value) -> Value {
    if let (Some(said), Value::Object(more)) = (said.as_object_mut(), more) {
        said.extend(more);
    }
    said
}

/// `/.well-known/openid-configuration` and `/.well-known/oauth-authorization-server`.
pub(in crate::http) async fn authorization_server(state: web::Data<State>) -> HttpResponse {
    let issuer = &state.public_url;
    let more = json!({
        "userinfo_endpoint": format!("{issuer}/oauth2/userinfo"),
        "end_session_endpoint": format!("{issuer}/oauth2/logout"),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "claims_supported": [
            "iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "fhirUser", "profile", "name", "given_name",
            "family_name", "email", "email_verified"
        ],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "authorization_response_iss_parameter_supported": true,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "claims_parameter_supported": false,
        "service_documentation": format!("{issuer}/README.md"),
    });
    document(with(endpoints(&state), more))
}

/// `/.well-known/oauth-protected-resource`.
pub(in crate::http) async fn protected_resource(state: web::Data<State>) -> HttpResponse {
    document(json!({
        "resource": state.engine.base_url,
        "authorization_servers": [state.public_url],
        "jwks_uri": format!("{}/.well-known/jwks.json", state.public_url),
        "scopes_supported": scopes(),
        "bearer_methods_supported": ["header"],
        "resource_name": "Roster",
        "resource_documentation": format!("{}/README.md", state.public_url),
    }))
}

/// `/.well-known/smart-configuration`, at the root and below the FHIR base.
pub(in crate::http) async fn smart(state: web::Data<State>) -> HttpResponse {
    let more = json!({
        "capabilities": CAPABILITIES,
        "userinfo_endpoint": format!("{}/oauth2/userinfo", state.public_url),
    });
    document(with(endpoints(&state), more))
}

/// `/.well-known/smart-styles.json` (<https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html#styling>).
pub(in crate::http) async fn styles() -> HttpResponse {
    document(json!({
        "color_background": "#ffffff",
        "color_error": "#a4120b",
        "color_highlight": "#0b5cad",
        "color_modal_backdrop": "",
        "color_success": "#1a6b34",
        "color_text": "#1b1f24",
        "dim_border_radius": "6px",
        "dim_font_size": "16px",
        "dim_spacing_size": "16px",
        "font_family_body": "system-ui, sans-serif",
        "font_family_heading": "system-ui, sans-serif",
    }))
}
