//! The routes of this room, for `/openapi.json`.

use crate::http::openapi::{By, Entry, JSON, delete, get, patch, post, put};

const USER: &str = "{object: 'user', id: string, email: string, name: string|null, first_name: string|null, \
    last_name: string|null, email_verified: boolean, profile_picture_url: string|null, last_sign_in_at: string|null, \
    external_id: string|null, metadata: object, locale: string|null, created_at: string, updated_at: string}";
const ORGANIZATION: &str = "{object: 'organization', id: string, name: string, domains: [object], metadata: object, \
    external_id: string|null, *}";
const MEMBERSHIP: &str = "{object: 'organization_membership', id: string, user_id: string, organization_id: string, \
    status: 'active'|'inactive', role: object, roles: [object], *}";
const ROLE: &str = "{object: 'role', id: string, slug: string, name: string, permissions: [string], *}";
const PERMISSION: &str = "{object: 'permission', id: string, slug: string, name: string, *}";
const SESSION: &str =
    "{object: 'session', id: string, user_id: string, status: 'active'|'expired'|'revoked', *}";
const FACTOR: &str =
    "{object: 'authentication_factor', id: string, type: 'totp', user_id: string, totp: object, *}";
const INVITATION: &str = "{object: 'invitation', id: string, email: string, state: string, token: string, *}";
const ENDPOINT: &str = "{object: 'webhook_endpoint', id: string, endpoint_url: string, secret: string|null, \
    status: 'enabled'|'disabled', events: [string], created_at: string, updated_at: string}";
const WRITTEN: &str = "email?: string, first_name?: string|null, last_name?: string|null, name?: string|null, \
    email_verified?: boolean|null, external_id?: string|null, metadata?: object|null, locale?: string|null, \
    password?: string, password_hash?: string, password_hash_type?: string, password_salt_position?: string, *";
const HOUSE: &str = "name?: string, domain_data?: [object], domains?: [string], metadata?: object|null, \
    external_id?: string|null, allow_profiles_outside_organization?: boolean, stripe_customer_id?: string|null";
const DRESS: &str = "RefusedWorkOS";

/// What a caller with a key may be answered.
fn usual(entry: Entry) -> Entry {
    entry.by(By::Caller).dressed(DRESS).refuses(&[400, 401, 403, 404, 409, 410, 413, 415, 422, 429])
}

fn one(entry: Entry, of: &str) -> Entry {
    usual(entry).gives(200, "It", JSON, of)
}

fn made(entry: Entry, sent: &str, of: &str) -> Entry {
    usual(entry).may_take(JSON, sent).gives(201, "It", JSON, of)
}

fn sent(entry: Entry, sent: &str, of: &str) -> Entry {
    one(entry, of).may_take(JSON, sent)
}

fn gone(entry: Entry) -> Entry {
    usual(entry).says(204, "It is gone")
}

/// A page between ids.
fn many(entry: Entry, of: &str) -> Entry {
    let page = format!(
        "{{object: 'list', data: [{of}], list_metadata: {{before: string|null, after: string|null}}}}"
    );
    one(entry, &page)
        .asks("limit", "integer", "Objects of a page, 1 to 100")
        .asks("before", "string", "An id that the page ends before")
        .asks("after", "string", "An id that the page begins after")
        .asks("order", "'asc'|'desc'|'normal'", "By creation")
}

fn people() -> Vec<Entry> {
    let at = |rest: &str| format!("/user_management{rest}");
    let with_user = format!("{{user: {USER}, *}}");
    let code = "{code: string}";
    vec![
        many(get(at("/users"), "Users"), USER)
            .asks("email", "string", "Of whom")
            .asks("organization_id", "string", "Members of it")
            .asks("organization", "string", "The same"),
        made(post(at("/users"), "Create a user"), &format!("{{{WRITTEN}}}"), USER),
        one(get(at("/users/external_id/{external}"), "A user by the customer's id"), USER),
        one(get(at("/users/{user}"), "A user"), USER),
        sent(put(at("/users/{user}"), "Change a user"), &format!("{{{WRITTEN}}}"), USER),
        gone(delete(at("/users/{user}"), "Delete a user")),
        one(get(at("/users/{user}/identities"), "Who else vouches for a user"), "[object]"),
        many(get(at("/users/{user}/sessions"), "Sessions of a user"), SESSION),
        many(get(at("/users/{user}/auth_factors"), "Factors of a user"), FACTOR),
        made(
            post(at("/users/{user}/auth_factors"), "Set up a factor"),
            "{type: 'totp', totp_issuer?: string, totp_user?: string, *}",
            &format!("{{authentication_factor: {FACTOR}, authentication_challenge: object}}"),
        ),
        sent(post(at("/users/{user}/email_verification/send"), "Mail a code"), "object", &with_user),
        sent(post(at("/users/{user}/email_verification/confirm"), "Verify an e-mail"), code, &with_user),
        sent(post(at("/users/{user}/email_change/send"), "Mail a code to another address"), "{new_email: string, *}", &with_user),
        sent(post(at("/users/{user}/email_change/confirm"), "Take the other address"), code, &with_user),
        one(get(at("/email_verification/{verification}"), "A verification"), "object"),
        made(post(at("/magic_auth"), "Mail a code to sign in with"), "{email: string, *}", "object"),
        one(get(at("/magic_auth/{magic}"), "Such a code"), "object"),
        made(post(at("/password_reset"), "Mail a link to another password"), "{email: string, *}", "object"),
        sent(post(at("/password_reset/confirm"), "Choose another password"), "{token: string, new_password: string, *}", &with_user),
        one(get(at("/password_reset/{reset}"), "Such a link"), "object"),
        sent(
            post(at("/authenticate"), "Exchange what people show for a session"),
            "{client_id: string, grant_type: string, *}",
            &format!("{{user: {USER}, access_token: string, refresh_token: string, authentication_method: string, organization_id?: string}}"),
        )
        .by(By::Client),
        usual(get(at("/authorize"), "The server's sign-in pages"))
            .by(By::Anyone)
            .asks("client_id", "string", "The application")
            .says(303, "There they are"),
        sent(
            post(at("/authorize/device"), "A device without a browser begins"),
            "{client_id: string}",
            "{device_code: string, user_code: string, verification_uri: uri, verification_uri_complete: uri, expires_in: integer, interval: integer}",
        )
        .by(By::Anyone),
        sent(post(at("/sessions/revoke"), "End a session"), "{session_id: string, *}", SESSION),
        usual(get(at("/sessions/logout"), "End the session of a browser"))
            .by(By::Anyone)
            .asks("session_id", "string", "Which")
            .asks("return_to", "string", "Where to afterwards")
            .says(303, "It is over"),
        many(get(at("/invitations"), "Invitations"), INVITATION)
            .asks("organization_id", "string", "To it")
            .asks("email", "string", "For whom"),
        made(post(at("/invitations"), "Invite somebody"), "{email: string, organization_id?: string, role_slug?: string, *}", INVITATION),
        one(get(at("/invitations/by_token/{token}"), "An invitation by its token"), INVITATION),
        one(get(at("/invitations/{invitation}"), "An invitation"), INVITATION),
        sent(post(at("/invitations/{invitation}/accept"), "Accept it"), "object", INVITATION),
        sent(post(at("/invitations/{invitation}/resend"), "Send it again"), "object", INVITATION),
        sent(post(at("/invitations/{invitation}/revoke"), "Take it back"), "object", INVITATION),
        many(get(at("/organization_memberships"), "Memberships"), MEMBERSHIP)
            .asks("user_id", "string", "Of him")
            .asks("organization_id", "string", "In it")
            .asks("statuses", "string", "active and inactive, with commas between them"),
        made(post(at("/organization_memberships"), "Make a member"), "{user_id: string, organization_id: string, *}", MEMBERSHIP),
        one(get(at("/organization_memberships/{membership}"), "A membership"), MEMBERSHIP),
        sent(put(at("/organization_memberships/{membership}"), "Give other roles"), "{role_slug?: string, role_slugs?: [string], *}", MEMBERSHIP),
        gone(delete(at("/organization_memberships/{membership}"), "End a membership")),
        sent(put(at("/organization_memberships/{membership}/deactivate"), "Put it to sleep"), "object", MEMBERSHIP),
        sent(put(at("/organization_memberships/{membership}/reactivate"), "Wake it"), "object", MEMBERSHIP),
    ]
}

fn houses() -> Vec<Entry> {
    let domain = "{object: 'organization_domain', id: string, organization_id: string, domain: string, *}";
    vec![
        many(get("/organizations", "Organizations"), ORGANIZATION)
            .asks("domains", "string", "With any of these, with commas between them")
            .asks("search", "string", "A part of the name"),
        made(post("/organizations", "Create an organization"), &format!("{{{HOUSE}, *}}"), ORGANIZATION),
        one(
            get("/organizations/external_id/{external}", "An organization by the customer's id"),
            ORGANIZATION,
        ),
        one(get("/organizations/{organization}", "An organization"), ORGANIZATION),
        sent(
            put("/organizations/{organization}", "Change an organization"),
            &format!("{{{HOUSE}, *}}"),
            ORGANIZATION,
        ),
        gone(delete("/organizations/{organization}", "Close an organization")),
        one(
            get("/organizations/{organization}/roles", "Roles of its members"),
            "{object: 'list', data: [object], *}",
        ),
        made(
            post("/organization_domains", "Add a domain"),
            "{domain: string, organization_id: string, *}",
            domain,
        ),
        one(get("/organization_domains/{domain}", "A domain"), domain),
        gone(delete("/organization_domains/{domain}", "Take a domain away")),
        one(post("/organization_domains/{domain}/verify", "Ask the DNS for the token of a domain"), domain)
            .refuses(&[503]),
        made(
            post("/auth/factors/enroll", "Set up a factor of a user"),
            "{type: string, user_id?: string, *}",
            FACTOR,
        )
        .refuses(&[501]),
        one(get("/auth/factors/{factor}", "A factor"), FACTOR),
        gone(delete("/auth/factors/{factor}", "Take a factor away")),
        made(post("/auth/factors/{factor}/challenge", "Ask for a code of it"), "object", "object")
            .refuses(&[501]),
        made(
            post("/auth/challenges/{challenge}/verify", "Show a code"),
            "{code: string, *}",
            "{challenge: object, valid: boolean}",
        ),
        one(get("/sso/jwks/{client}", "Keys that tokens of sessions are checked by"), "{keys: [object]}")
            .by(By::Anyone),
        one(get("/events", "What happened"), "{object: 'list', data: [object], list_metadata: object}")
            .asks("events", "string", "Names, with commas between them")
            .asks("limit", "integer", "Events of a page, 1 to 100")
            .asks("after", "string", "An event that the page begins after")
            .asks("before", "string", "An event that the page ends before")
            .asks("order", "'asc'|'desc'", "By time")
            .asks("range_start", "string", "From this moment on")
            .asks("range_end", "string", "Until this moment")
            .asks("organization_id", "string", "In it"),
        many(get("/webhook_endpoints", "Endpoints that events are delivered to"), ENDPOINT),
        made(
            post("/webhook_endpoints", "Set up an endpoint; its secret is told once"),
            "{endpoint_url: string, events: [string]}",
            ENDPOINT,
        ),
        sent(
            patch("/webhook_endpoints/{endpoint}", "Change an endpoint"),
            "{endpoint_url?: string, events?: [string], status?: 'enabled'|'disabled'}",
            ENDPOINT,
        ),
        gone(delete("/webhook_endpoints/{endpoint}", "Take an endpoint away")),
    ]
}

fn rights() -> Vec<Entry> {
    let list = "{object: 'list', data: [object], *}";
    let mut entries = vec![
        many(get("/authorization/permissions", "Permissions"), PERMISSION),
        made(
            post("/authorization/permissions", "Create a permission"),
            "{slug: string, name: string, *}",
            PERMISSION,
        ),
        one(get("/authorization/permissions/{slug}", "A permission"), PERMISSION),
        sent(
            patch("/authorization/permissions/{slug}", "Change a permission"),
            "{name?: string, description?: string|null, *}",
            PERMISSION,
        ),
        gone(delete("/authorization/permissions/{slug}", "Delete a permission")),
        gone(delete("/authorization/organizations/{organization}/roles/{slug}", "Delete a role")),
        gone(delete(
            "/authorization/organizations/{organization}/roles/{slug}/permissions/{permission}",
            "Take a permission from a role",
        ))
        .gives(200, "The role", JSON, ROLE),
    ];
    for base in ["/authorization/roles", "/authorization/organizations/{organization}/roles"] {
        let role = format!("{base}/{{slug}}");
        let permissions = format!("{role}/permissions");
        entries.extend([
            one(get(base, "Roles"), list),
            made(post(base, "Create a role"), "{name: string, slug?: string, *}", ROLE),
            one(get(&role, "A role"), ROLE),
            sent(patch(&role, "Change a role"), "{name?: string, description?: string|null, *}", ROLE),
            sent(post(&permissions, "Give a permission to a role"), "{slug: string, *}", ROLE),
            sent(put(&permissions, "Give a role these permissions"), "{permissions: [string], *}", ROLE),
        ]);
    }
    entries
}

pub(in crate::http) fn describe() -> Vec<Entry> {
    [people(), houses(), rights()].into_iter().flatten().collect()
}
