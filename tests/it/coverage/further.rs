//! People, and whoever is bounded by a policy or a scope, or is of a project above or below: who of the five is answered
//! alike, and where it is otherwise.

/// A caller besides the five: who it is, and which of the five is answered the same.
pub type Further = (&'static str, usize);

const STRANGER: usize = 1;
const MEMBER: usize = 2;
const ADMIN: usize = 3;
const SUPER: usize = 4;

pub const FURTHER: [Further; 10] = [
    ("member", MEMBER),
    ("admin", ADMIN),
    ("super admin", SUPER),
    ("stranger", STRANGER),
    ("reader", MEMBER),
    ("scoped", MEMBER),
    ("narrowed", MEMBER),
    ("child", STRANGER),
    ("child's admin", STRANGER),
    ("parent", STRANGER),
];

/// Those who signed in have what no client has.
const PEOPLE: &[&str] =
    &["member", "admin", "super admin", "stranger", "reader", "narrowed", "child's admin", "parent"];
/// The same of a project: a super admin belongs to none.
const OF_PROJECTS: &[&str] =
    &["member", "admin", "stranger", "reader", "narrowed", "child's admin", "parent"];
/// People who run a project with a pool of its own, and the one whose project draws from another's.
const ADMINS: &[&str] = &["admin", "stranger", "parent"];
const BELOW: &[&str] = &["child's admin"];
/// Those of them who act for themselves, which a token for patients does not do.
const THEMSELVES: &[&str] = &["member", "admin", "stranger", "reader", "child's admin", "parent"];
/// Those who may read patients and nothing else, by a policy or by a scope.
const READERS: &[&str] = &["reader", "scoped", "narrowed"];

/// Where one of them is answered otherwise: method, place, callers, and the answer.
pub const OTHERWISE: &[(&str, &str, &[&str], u16)] = &[
    ("GET", "/oauth2/userinfo", PEOPLE, 200),
    ("POST", "/oauth2/userinfo", PEOPLE, 200),
    ("POST", "/auth/passkey/begin", PEOPLE, 200),
    ("POST", "/auth/mfa/send-email-challenge", PEOPLE, 200),
    ("GET", "/auth/mfa/status", PEOPLE, 200),
    ("GET", "/auth/passkey", PEOPLE, 200),
    ("DELETE", "/auth/passkey/none", PEOPLE, 404),
    ("GET", "/fhir/R4", READERS, 200),
    ("GET", "/fhir/R4/", READERS, 200),
    ("GET", "_history", READERS, 200),
    ("POST", "_search", READERS, 200),
    ("GET", "Patient", READERS, 200),
    ("POST", "Patient/_search", READERS, 200),
    ("GET", "Patient/_history", READERS, 200),
    ("GET", "Patient/{id}", READERS, 200),
    ("GET", "Patient/none", READERS, 404),
    ("GET", "Patient/{id}/$graphql?query=%7Bid%7D", READERS, 200),
    ("GET", "Patient/{id}/$validate", READERS, 200),
    ("GET", "Patient/$everything", READERS, 200),
    ("GET", "Patient/{id}/$everything", READERS, 200),
    ("GET", "$meta", READERS, 200),
    ("GET", "Patient/$meta", READERS, 200),
    ("GET", "Patient/{id}/$meta", READERS, 200),
    ("GET", "Patient/{id}/_history/1/$meta", READERS, 200),
    ("GET", "Patient/{id}/_history", READERS, 200),
    ("GET", "Patient/{id}/_history/1", READERS, 200),
    ("GET", "Patient/{id}/_history/99", READERS, 404),
    ("GET", "Patient/{id}/*", READERS, 200),
    ("GET", "/scim/v2/Me", ADMINS, 200),
    ("GET", "/scim/v2/Me", BELOW, 404),
    ("PUT", "/scim/v2/Me", ADMINS, 415),
    ("PUT", "/scim/v2/Me", BELOW, 415),
    ("PATCH", "/scim/v2/Me", ADMINS, 415),
    ("PATCH", "/scim/v2/Me", BELOW, 415),
    ("DELETE", "/scim/v2/Me", ADMINS, 403),
    ("DELETE", "/scim/v2/Me", BELOW, 404),
    ("GET", "/api/v1/auth/findSession", &["narrowed"], 403),
    ("POST", "/api/v1/auth/mfa/send", OF_PROJECTS, 400),
    ("POST", "/api/v1/auth/mfa/verify", OF_PROJECTS, 400),
    ("GET", "/api/v1/auth/authenticator", OF_PROJECTS, 200),
    ("POST", "/api/v1/auth/authenticator", OF_PROJECTS, 400),
    ("DELETE", "/api/v1/auth/authenticator", OF_PROJECTS, 400),
    ("POST", "/api/v1/auth/validatePassword", OF_PROJECTS, 400),
    ("PUT", "/api/v1/auth/terms", THEMSELVES, 200),
    ("GET", "/api/user", THEMSELVES, 200),
    ("GET", "/api/user", &["narrowed"], 403),
    ("PATCH", "/api/user", OF_PROJECTS, 415),
];
