//! The routes of this room, for `/openapi.json`.

use serde_json::Value;

use crate::http::openapi::{By, Entry, FORM, HTML, JSON, delete, get, post, put, shape};

const REFUSED: &str = "RefusedOAuth";
const PAGE: &str = "RefusedPage";
const METADATA: &str = "{issuer: uri, authorization_endpoint: uri, token_endpoint: uri, jwks_uri: uri, *}";
/// <https://www.rfc-editor.org/rfc/rfc7591#section-2>
const CLIENT: &str = "client_name?, redirect_uris?: [string], post_logout_redirect_uris?: [string], grant_types?: [string], \
    response_types?: [string], token_endpoint_auth_method?, scope?, jwks?: object, jwks_uri?, *";
const AUTHORIZE: [(&str, &str); 14] = [
    ("response_type", "`code`"),
    ("client_id", "The application"),
    ("redirect_uri", "Where it goes on; registered letter by letter"),
    ("scope", "What the application wants"),
    ("state", "Comes back as it is"),
    ("code_challenge", "Of PKCE"),
    ("code_challenge_method", "`S256`"),
    ("nonce", "Of OpenID Connect"),
    ("prompt", "`none`, `login`, `consent` or `select_account`"),
    ("max_age", "Seconds since the user proved who he is, at most"),
    ("login_hint", "His e-mail, perhaps"),
    ("launch", "Of SMART App Launch"),
    ("aud", "The FHIR base"),
    ("response_mode", "`query`"),
];
const EXTERNAL: [(&str, &str); 4] = [
    ("code", "What the party gives for tokens"),
    ("state", "What was sent there"),
    ("iss", "Whose answer it is"),
    ("error", "Why there is no code"),
];
const LOGOUT: [(&str, &str); 4] = [
    ("id_token_hint", "Who is to be signed out"),
    ("client_id", "The application"),
    ("post_logout_redirect_uri", "Where it goes on; registered letter by letter"),
    ("state", "Comes back as it is"),
];

/// An endpoint that applications call.
fn endpoint(path: &str, summary: &str, form: &str) -> Entry {
    post(path, summary)
        .by(By::Client)
        .takes(FORM, form)
        .dressed(REFUSED)
        .refuses(&[400, 401, 403, 413, 415, 429])
}

fn page(entry: Entry) -> Entry {
    entry
        .gives(200, "A page", HTML, "string")
        .says(303, "It goes on at the application")
        .heading(303, &["Location"])
        .dressed(PAGE)
        .refuses(&[400, 401, 403, 404, 413, 415, 422, 429])
}

fn form(fields: &[(&str, &str)]) -> String {
    let fields: Vec<String> = fields.iter().map(|(name, _)| format!("{name}?")).collect();
    format!("{{{}}}", fields.join(", "))
}

pub(in crate::http) fn describe() -> Vec<Entry> {
    let asks = |entry: Entry, fields: &[(&str, &str)]| {
        fields.iter().fold(entry, |entry, (name, description)| entry.asks(name, "string", description))
    };
    let registration = "/oauth2/register/{client}";
    let metadata = [
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
        "/.well-known/smart-configuration",
        "/fhir/R4/.well-known/smart-configuration",
    ];
    let mut entries: Vec<Entry> = metadata
        .map(|path| get(path, "What can be had here, and where").gives(200, "The metadata", JSON, METADATA))
        .into();
    let registered = |entry: Entry| {
        entry
            .dressed(REFUSED)
            .gives(200, "The registration", JSON, &format!("{{client_id: string, {CLIENT}}}"))
            .refuses(&[401])
    };
    entries.extend([
        get("/.well-known/oauth-protected-resource", "Whose tokens are taken")
            .gives(200, "The metadata", JSON, "{resource: uri, authorization_servers: [uri], *}"),
        get("/.well-known/jwks.json", "The keys that tokens are signed with")
            .gives(200, "The keys", JSON, "{keys: [{kty: string, kid: string, alg: string, *}]}"),
        get("/.well-known/smart-styles.json", "Colours and sizes").gives(200, "The style", JSON, "{*: string}"),
        page(asks(get("/oauth2/authorize", "An application sends its user here to sign in"), &AUTHORIZE)),
        page(post("/oauth2/authorize", "The same by a form").takes(FORM, &form(&AUTHORIZE))),
        page(post("/oauth2/step", "A form of the pages of sign-in").takes(FORM, "{request?, token?, do?, *: string}")),
        page(asks(get("/auth/external", "Whoever signed in with another party comes back"), &EXTERNAL)),
        page(post("/auth/external", "The same by a form").takes(FORM, &form(&EXTERNAL))),
        get("/oauth2/style.css", "The style of the pages").gives(200, "The style", "text/css", "string"),
        endpoint(
            "/oauth2/token",
            "Tokens for a code, a refresh token, a client or an assertion",
            "{grant_type: 'authorization_code'|'refresh_token'|'client_credentials'|'urn:ietf:params:oauth:grant-type:jwt-bearer'|'urn:ietf:params:oauth:grant-type:token-exchange'|'urn:ietf:params:oauth:grant-type:device_code', \
             code?, device_code?, redirect_uri?, code_verifier?, refresh_token?, scope?, client_id?, client_secret?, assertion?, \
             client_assertion_type?, client_assertion?, subject_token?, subject_token_type?, requested_token_type?, \
             resource?, audience?, membership?}",
        )
        .gives(
            200,
            "Tokens",
            JSON,
            "{access_token: string, token_type: 'Bearer', expires_in: integer, scope: string, issued_token_type?: string, project?: Reference, \
             profile?: Reference, id_token?: string, refresh_token?: string, patient?: string, encounter?: string, *}",
        ),
        endpoint("/oauth2/device_authorization", "A device without a browser begins", "{client_id?, client_secret?, client_assertion_type?, client_assertion?, scope?}")
            .gives(
                200,
                "Its codes",
                JSON,
                "{device_code: string, user_code: string, verification_uri: uri, verification_uri_complete: uri, expires_in: integer, interval: integer}",
            ),
        page(asks(get("/oauth2/device", "The page where the code of a device is typed"), &[("user_code", "The code, to be looked at")])),
        page(post("/oauth2/device", "A code is typed").takes(FORM, "{user_code?, token?}")),
        endpoint("/oauth2/introspect", "What a token is good for", "{token: string, client_id?, client_secret?, token_type_hint?}")
            .by(By::Caller)
            .gives(200, "Whether it is active, and whose it is", JSON, "{active: boolean, *}"),
        endpoint("/oauth2/revoke", "End the session of a token", "{token: string, client_id?, client_secret?, token_type_hint?}")
            .says(200, "It is not good any more, if it ever was"),
        post("/oauth2/register", "A client registers itself, where the operator allows that")
            .by(By::Caller)
            .takes(JSON, &format!("{{{CLIENT}}}"))
            .gives(201, "The registration", JSON, &format!("{{client_id: string, client_secret?: string, {CLIENT}}}"))
            .heading(201, &["Location"])
            .dressed(REFUSED)
            .refuses(&[400, 401, 403, 404, 413, 415, 429]),
        registered(get(registration, "The registration, for whoever has its token").by(By::Caller)),
        registered(put(registration, "Another registration in its place").by(By::Caller).takes(JSON, &format!("{{client_id: string, {CLIENT}}}")))
            .refuses(&[400, 413, 415]),
        delete(registration, "The client is there no more").by(By::Caller).says(204, "It is gone").refuses(&[401]),
        page(asks(get("/oauth2/logout", "Sign out, in a browser or by a token"), &LOGOUT))
            .gives_one(200, "A page; or, by a token, that it is done", &logged_out()),
        page(post("/oauth2/logout", "The same by a form").may_take(FORM, &form(&LOGOUT)))
            .gives_one(200, "A page; or, by a token, that it is done", &logged_out()),
    ]);
    for entry in [get("/oauth2/userinfo", "Who a token is of"), post("/oauth2/userinfo", "Who a token is of")]
    {
        entries
            .push(entry.by(By::Caller).gives(200, "The user", JSON, "{sub: string, *}").refuses(&[401, 403]));
    }
    entries
}

fn logged_out() -> [(&'static str, Value); 2] {
    [(HTML, shape("string")), (JSON, shape("OperationOutcome"))]
}
