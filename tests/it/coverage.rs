//! Every route of the server and every sort of caller. A route that is not in the table fails the test, as
//! does one in the table that the server does not have.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::client::{Client, id};
use crate::sample::patient;

/// Method, route, place to call (`{id}` is a patient of the project), and what it answers to nobody, a
/// stranger, a member, the admin and the super admin.
pub const TABLE: &[(&str, &str, &str, [u16; 5])] = &[
    ("GET", "/", "/", [200; 5]),
    ("GET", "/README.md", "/README.md", [200; 5]),
    ("GET", "/openapi.json", "/openapi.json", [200; 5]),
    ("POST", "/openapi.json", "/openapi.json", [405; 5]),
    ("GET", "/healthz", "/healthz", [200; 5]),
    ("GET", "/readyz", "/readyz", [200; 5]),
    ("GET", "/.well-known/jwks.json", "/.well-known/jwks.json", [200; 5]),
    ("GET", "/.well-known/openid-configuration", "/.well-known/openid-configuration", [200; 5]),
    ("GET", "/.well-known/oauth-authorization-server", "/.well-known/oauth-authorization-server", [200; 5]),
    ("GET", "/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource", [200; 5]),
    ("GET", "/.well-known/smart-configuration", "/.well-known/smart-configuration", [200; 5]),
    ("GET", "/.well-known/smart-configuration", "/fhir/R4/.well-known/smart-configuration", [200; 5]),
    ("GET", "/.well-known/smart-styles.json", "/.well-known/smart-styles.json", [200; 5]),
    ("GET", "/oauth2/authorize", "/oauth2/authorize", [400; 5]),
    ("POST", "/oauth2/authorize", "/oauth2/authorize", [400; 5]),
    ("POST", "/oauth2/step", "/oauth2/step", [400; 5]),
    ("GET", "/oauth2/style.css", "/oauth2/style.css", [200; 5]),
    ("POST", "/oauth2/introspect", "/oauth2/introspect", [400; 5]),
    ("POST", "/oauth2/revoke", "/oauth2/revoke", [400; 5]),
    ("GET", "/oauth2/userinfo", "/oauth2/userinfo", [401, 403, 403, 403, 403]),
    ("POST", "/oauth2/userinfo", "/oauth2/userinfo", [401, 403, 403, 403, 403]),
    ("POST", "/oauth2/register", "/oauth2/register", [404; 5]),
    ("GET", "/oauth2/register/{client}", "/oauth2/register/none", [401; 5]),
    ("PUT", "/oauth2/register/{client}", "/oauth2/register/none", [401; 5]),
    ("DELETE", "/oauth2/register/{client}", "/oauth2/register/none", [401; 5]),
    // By the other verbs everybody would be nobody afterwards.
    ("PUT", "/oauth2/logout", "/oauth2/logout", [405; 5]),
    ("POST", "/oauth2/token", "/oauth2/token", [400; 5]),
    ("GET", "/oauth2/token", "/oauth2/token", [405; 5]),
    ("GET", "/websocket", "/websocket", [401, 400, 400, 400, 400]),
    ("POST", "/websocket", "/websocket", [405; 5]),
    ("GET", "/auth/password_policy", "/api/v1/auth/password_policy", [200; 5]),
    ("GET", "/auth/findSession", "/api/v1/auth/findSession", [200, 200, 200, 200, 403]),
    ("GET", "/auth/checkSession", "/api/v1/auth/checkSession", [401, 200, 200, 200, 403]),
    ("POST", "/auth/login", "/api/v1/auth/login", [400; 5]),
    ("GET", "/auth/logout", "/api/v1/auth/logout", [401, 200, 200, 200, 403]),
    ("POST", "/auth/deviceauth", "/api/v1/auth/deviceauth", [400; 5]),
    ("POST", "/auth/deviceauth/resend", "/api/v1/auth/deviceauth/resend", [401; 5]),
    ("POST", "/auth/forgot", "/api/v1/auth/forgot", [400; 5]),
    ("POST", "/auth/activate", "/api/v1/auth/activate", [400; 5]),
    ("POST", "/auth/activate/forgot", "/api/v1/auth/activate/forgot", [400; 5]),
    ("POST", "/auth/activate/resend", "/api/v1/auth/activate/resend", [401, 400, 403, 400, 403]),
    ("GET", "/auth/activation/{activation_id}", "/api/v1/auth/activation/none", [404; 5]),
    ("POST", "/auth/mfa/send", "/api/v1/auth/mfa/send", [401, 403, 403, 403, 403]),
    ("POST", "/auth/mfa/verify", "/api/v1/auth/mfa/verify", [401, 403, 403, 403, 403]),
    ("GET", "/auth/authenticator", "/api/v1/auth/authenticator", [401, 403, 403, 403, 403]),
    ("POST", "/auth/authenticator", "/api/v1/auth/authenticator", [401, 403, 403, 403, 403]),
    ("DELETE", "/auth/authenticator", "/api/v1/auth/authenticator", [401, 403, 403, 403, 403]),
    ("POST", "/auth/validatePassword", "/api/v1/auth/validatePassword", [401, 403, 403, 403, 403]),
    ("PUT", "/auth/terms", "/api/v1/auth/terms", [401, 403, 403, 403, 403]),
    ("GET", "/user", "/api/v1/user", [401, 200, 403, 200, 403]),
    ("PATCH", "/user", "/api/v1/user", [405; 5]),
    ("POST", "/user/query", "/api/v1/user/query", [401, 400, 400, 400, 403]),
    ("GET", "/user/organizations", "/api/v1/user/organizations", [401, 200, 200, 200, 403]),
    ("PUT", "/user/pref", "/api/v1/user/pref", [401, 400, 400, 400, 403]),
    ("PUT", "/user/profile/{user_id}", "/api/v1/user/profile/none", [401, 400, 400, 400, 403]),
    ("GET", "/user/{user_id}", "/api/v1/user/none", [401, 404, 404, 404, 403]),
    ("DELETE", "/user/{user_id}", "/api/v1/user/none", [401, 404, 403, 404, 403]),
    ("GET", "/org/{org_id}", "/api/v1/org/none", [401, 404, 404, 404, 403]),
    ("PUT", "/org/{org_id}", "/api/v1/org/none", [401, 400, 403, 400, 403]),
    ("DELETE", "/org/{org_id}", "/api/v1/org/none", [401, 404, 403, 404, 403]),
    ("GET", "/org/{org_id}/user", "/api/v1/org/none/user", [401, 404, 403, 404, 403]),
    ("POST", "/org/{org_id}/user", "/api/v1/org/none/user", [401, 400, 403, 400, 403]),
    ("GET", "/org/{org_id}/user/{user_guid}", "/api/v1/org/none/user/none", [401, 404, 403, 404, 403]),
    ("PUT", "/org/{org_id}/user/{user_guid}", "/api/v1/org/none/user/none", [401, 400, 403, 400, 403]),
    ("DELETE", "/org/{org_id}/user/{user_guid}", "/api/v1/org/none/user/none", [401, 404, 403, 404, 403]),
    (
        "PUT",
        "/org/{org_id}/user/{user_guid}/primary",
        "/api/v1/org/none/user/none/primary",
        [401, 404, 403, 404, 403],
    ),
    ("GET", "/role", "/api/v1/role", [401, 200, 200, 200, 403]),
    ("GET", "/role/{role_id}", "/api/v1/role/none", [401, 404, 404, 404, 403]),
    ("GET", "/team", "/api/v1/team", [401, 200, 200, 200, 403]),
    ("POST", "/team", "/api/v1/team", [401, 400, 400, 400, 403]),
    ("GET", "/team/{team_id}", "/api/v1/team/none", [401, 404, 403, 404, 403]),
    ("PUT", "/team/{team_id}", "/api/v1/team/none", [401, 400, 400, 400, 403]),
    ("DELETE", "/team/{team_id}", "/api/v1/team/none", [401, 404, 403, 404, 403]),
    ("GET", "/team/{team_id}/user", "/api/v1/team/none/user", [401, 404, 403, 404, 403]),
    ("POST", "/team/{team_id}/user/{user_id}", "/api/v1/team/none/user/none", [401, 400, 400, 400, 403]),
    ("PUT", "/team/{team_id}/user/{user_id}", "/api/v1/team/none/user/none", [401, 400, 400, 400, 403]),
    ("DELETE", "/team/{team_id}/user/{user_id}", "/api/v1/team/none/user/none", [401, 404, 403, 404, 403]),
    ("GET", "/client", "/api/v1/client", [401, 400, 403, 400, 403]),
    ("POST", "/client", "/api/v1/client", [401, 400, 403, 400, 403]),
    ("GET", "/client/{client_id}", "/api/v1/client/none", [401, 404, 403, 404, 403]),
    ("PUT", "/client/{client_id}", "/api/v1/client/none", [401, 400, 403, 400, 403]),
    ("DELETE", "/client/{client_id}", "/api/v1/client/none", [401, 404, 403, 404, 403]),
    ("GET", "/client/{client_id}/json", "/api/v1/client/none/json", [401, 404, 403, 404, 403]),
    ("GET", "/session", "/api/v1/session", [401, 200, 200, 200, 403]),
    ("POST", "/session/query", "/api/v1/session/query", [401, 400, 400, 400, 403]),
    ("DELETE", "/session/{session_id}", "/api/v1/session/none", [401, 404, 404, 404, 403]),
    ("GET", "/activity", "/api/v1/activity", [401, 200, 403, 200, 403]),
    ("GET", "/activity/event", "/api/v1/activity/event", [401, 200, 200, 200, 403]),
    ("POST", "/method", "/auth/method", [400; 5]),
    ("GET", "/external", "/auth/external", [400; 5]),
    ("POST", "/external", "/auth/external", [400; 5]),
    ("POST", "/exchange", "/auth/exchange", [400; 5]),
    ("POST", "/login", "/auth/login", [400; 5]),
    ("POST", "/profile", "/auth/profile", [400; 5]),
    ("POST", "/scope", "/auth/scope", [400; 5]),
    ("POST", "/magic/send", "/auth/magic/send", [400; 5]),
    ("POST", "/magic/login", "/auth/magic/login", [400; 5]),
    ("POST", "/newuser", "/auth/newuser", [400; 5]),
    ("POST", "/newproject", "/auth/newproject", [400; 5]),
    ("POST", "/newpatient", "/auth/newpatient", [400; 5]),
    ("POST", "/resetpassword", "/auth/resetpassword", [400; 5]),
    ("POST", "/setpassword", "/auth/setpassword", [400; 5]),
    ("POST", "/verifyemail", "/auth/verifyemail", [400; 5]),
    ("POST", "/mfa/verify", "/auth/mfa/verify", [400; 5]),
    ("POST", "/mfa/login-enroll", "/auth/mfa/login-enroll", [400; 5]),
    ("POST", "/mfa/send-email", "/auth/mfa/send-email", [400; 5]),
    ("POST", "/passkey/login", "/auth/passkey/login", [400; 5]),
    ("POST", "/revoke", "/auth/revoke", [401, 400, 400, 400, 400]),
    ("POST", "/changepassword", "/auth/changepassword", [401, 400, 400, 400, 400]),
    ("POST", "/mfa/enroll", "/auth/mfa/enroll", [401, 400, 400, 400, 400]),
    ("POST", "/mfa/disable", "/auth/mfa/disable", [401, 400, 400, 400, 400]),
    ("POST", "/mfa/recovery", "/auth/mfa/recovery", [401, 400, 400, 400, 400]),
    ("POST", "/passkey/finish", "/auth/passkey/finish", [401, 400, 400, 400, 400]),
    ("POST", "/passkey/begin", "/auth/passkey/begin", [401, 403, 403, 403, 403]),
    ("POST", "/passkey/options", "/auth/passkey/options", [200; 5]),
    ("POST", "/mfa/send-email-challenge", "/auth/mfa/send-email-challenge", [401, 403, 403, 403, 403]),
    ("GET", "/login/{login}", "/auth/login/none", [400; 5]),
    ("GET", "/login", "/auth/login", [405; 5]),
    ("GET", "/clientinfo/{client}", "/auth/clientinfo/none", [404; 5]),
    ("GET", "/me", "/auth/me", [401, 200, 200, 200, 200]),
    ("GET", "/mfa/status", "/auth/mfa/status", [401, 403, 403, 403, 403]),
    ("GET", "/passkey", "/auth/passkey", [401, 403, 403, 403, 403]),
    ("DELETE", "/passkey/{passkey}", "/auth/passkey/none", [401, 403, 403, 403, 403]),
    ("GET", "", "/auth/nothing", [404; 5]),
    ("GET", "/setpassword/{request}/{secret}", "/setpassword/none/none", [400; 5]),
    ("POST", "/setpassword/{request}/{secret}", "/setpassword/none/none", [400; 5]),
    ("GET", "/verifyemail/{request}/{secret}", "/verifyemail/none/none", [400; 5]),
    ("POST", "/verifyemail/{request}/{secret}", "/verifyemail/none/none", [400; 5]),
    ("POST", "/projects", "/admin/projects", [401, 403, 403, 403, 400]),
    ("GET", "/organizations", "/organizations", [401, 200, 403, 200, 403]),
    ("POST", "/organizations", "/organizations", [401, 422, 403, 422, 403]),
    (
        "GET",
        "/organizations/external_id/{external}",
        "/organizations/external_id/none",
        [401, 404, 403, 404, 403],
    ),
    ("GET", "/organizations/{organization}", "/organizations/none", [401, 404, 403, 404, 403]),
    ("PUT", "/organizations/{organization}", "/organizations/none", [401, 404, 403, 404, 403]),
    ("DELETE", "/organizations/{organization}", "/organizations/none", [401, 404, 403, 404, 403]),
    ("GET", "/organizations/{organization}/roles", "/organizations/none/roles", [401, 404, 403, 404, 403]),
    ("POST", "/organization_domains", "/organization_domains", [401, 422, 403, 422, 403]),
    ("GET", "/organization_domains/{domain}", "/organization_domains/none", [401, 404, 403, 404, 403]),
    ("DELETE", "/organization_domains/{domain}", "/organization_domains/none", [401, 404, 403, 404, 403]),
    (
        "POST",
        "/organization_domains/{domain}/verify",
        "/organization_domains/none/verify",
        [401, 404, 403, 404, 403],
    ),
    ("POST", "/auth/factors/enroll", "/auth/factors/enroll", [401, 422, 403, 422, 403]),
    ("GET", "/auth/factors/{factor}", "/auth/factors/none", [401, 404, 403, 404, 403]),
    ("DELETE", "/auth/factors/{factor}", "/auth/factors/none", [401, 404, 403, 404, 403]),
    ("POST", "/auth/factors/{factor}/challenge", "/auth/factors/none/challenge", [401, 404, 403, 404, 403]),
    (
        "POST",
        "/auth/challenges/{challenge}/verify",
        "/auth/challenges/none/verify",
        [401, 422, 403, 422, 403],
    ),
    ("GET", "/sso/jwks/{client}", "/sso/jwks/none", [404; 5]),
    ("GET", "/permissions", "/authorization/permissions", [401, 200, 403, 200, 403]),
    ("POST", "/permissions", "/authorization/permissions", [401, 422, 403, 422, 403]),
    ("GET", "/permissions/{slug}", "/authorization/permissions/none", [401, 404, 403, 404, 403]),
    ("PATCH", "/permissions/{slug}", "/authorization/permissions/none", [401, 404, 403, 404, 403]),
    ("DELETE", "/permissions/{slug}", "/authorization/permissions/none", [401, 404, 403, 404, 403]),
    ("GET", "/roles", "/authorization/roles", [401, 200, 403, 200, 403]),
    ("POST", "/roles", "/authorization/roles", [401, 422, 403, 422, 403]),
    ("GET", "/roles/{slug}", "/authorization/roles/none", [401, 404, 403, 404, 403]),
    ("PATCH", "/roles/{slug}", "/authorization/roles/none", [401, 404, 403, 404, 403]),
    ("POST", "/roles/{slug}/permissions", "/authorization/roles/none/permissions", [401, 422, 403, 422, 403]),
    ("PUT", "/roles/{slug}/permissions", "/authorization/roles/none/permissions", [401, 422, 403, 422, 403]),
    (
        "GET",
        "/organizations/{organization}/roles",
        "/authorization/organizations/none/roles",
        [401, 404, 403, 404, 403],
    ),
    (
        "POST",
        "/organizations/{organization}/roles",
        "/authorization/organizations/none/roles",
        [401, 422, 403, 422, 403],
    ),
    (
        "GET",
        "/organizations/{organization}/roles/{slug}",
        "/authorization/organizations/none/roles/none",
        [401, 404, 403, 404, 403],
    ),
    (
        "PATCH",
        "/organizations/{organization}/roles/{slug}",
        "/authorization/organizations/none/roles/none",
        [401, 404, 403, 404, 403],
    ),
    (
        "DELETE",
        "/organizations/{organization}/roles/{slug}",
        "/authorization/organizations/none/roles/none",
        [401, 404, 403, 404, 403],
    ),
    (
        "POST",
        "/organizations/{organization}/roles/{slug}/permissions",
        "/authorization/organizations/none/roles/none/permissions",
        [401, 422, 403, 422, 403],
    ),
    (
        "PUT",
        "/organizations/{organization}/roles/{slug}/permissions",
        "/authorization/organizations/none/roles/none/permissions",
        [401, 422, 403, 422, 403],
    ),
    (
        "DELETE",
        "/organizations/{organization}/roles/{slug}/permissions/{permission}",
        "/authorization/organizations/none/roles/none/permissions/none",
        [401, 404, 403, 404, 403],
    ),
    ("GET", "/users", "/user_management/users", [401, 200, 403, 200, 403]),
    ("POST", "/users", "/user_management/users", [401, 422, 403, 422, 403]),
    (
        "GET",
        "/users/external_id/{external}",
        "/user_management/users/external_id/none",
        [401, 404, 403, 404, 403],
    ),
    ("GET", "/users/{user}", "/user_management/users/none", [401, 404, 403, 404, 403]),
    ("PUT", "/users/{user}", "/user_management/users/none", [401, 404, 403, 404, 403]),
    ("DELETE", "/users/{user}", "/user_management/users/none", [401, 404, 403, 404, 403]),
    ("GET", "/users/{user}/identities", "/user_management/users/none/identities", [401, 404, 403, 404, 403]),
    ("GET", "/users/{user}/sessions", "/user_management/users/none/sessions", [401, 404, 403, 404, 403]),
    (
        "GET",
        "/users/{user}/auth_factors",
        "/user_management/users/none/auth_factors",
        [401, 404, 403, 404, 403],
    ),
    (
        "POST",
        "/users/{user}/auth_factors",
        "/user_management/users/none/auth_factors",
        [401, 422, 403, 422, 403],
    ),
    (
        "POST",
        "/users/{user}/email_verification/send",
        "/user_management/users/none/email_verification/send",
        [401, 404, 403, 404, 403],
    ),
    (
        "POST",
        "/users/{user}/email_verification/confirm",
        "/user_management/users/none/email_verification/confirm",
        [401, 422, 403, 422, 403],
    ),
    (
        "POST",
        "/users/{user}/email_change/send",
        "/user_management/users/none/email_change/send",
        [401, 422, 403, 422, 403],
    ),
    (
        "POST",
        "/users/{user}/email_change/confirm",
        "/user_management/users/none/email_change/confirm",
        [401, 422, 403, 422, 403],
    ),
    (
        "GET",
        "/email_verification/{verification}",
        "/user_management/email_verification/none",
        [401, 404, 403, 404, 403],
    ),
    ("POST", "/magic_auth", "/user_management/magic_auth", [401, 422, 403, 422, 403]),
    ("GET", "/magic_auth/{magic}", "/user_management/magic_auth/none", [401, 404, 403, 404, 403]),
    ("POST", "/password_reset", "/user_management/password_reset", [401, 422, 403, 422, 403]),
    ("POST", "/password_reset/confirm", "/user_management/password_reset/confirm", [401, 422, 403, 422, 403]),
    ("GET", "/password_reset/{reset}", "/user_management/password_reset/none", [401, 404, 403, 404, 403]),
    ("POST", "/authenticate", "/user_management/authenticate", [422; 5]),
    ("GET", "/authorize", "/user_management/authorize", [303; 5]),
    ("POST", "/authorize/device", "/user_management/authorize/device", [501; 5]),
    ("POST", "/sessions/revoke", "/user_management/sessions/revoke", [401, 422, 403, 422, 403]),
    ("GET", "/sessions/logout", "/user_management/sessions/logout", [422; 5]),
    ("GET", "/invitations", "/user_management/invitations", [401, 200, 403, 200, 403]),
    ("POST", "/invitations", "/user_management/invitations", [401, 422, 403, 422, 403]),
    (
        "GET",
        "/invitations/by_token/{token}",
        "/user_management/invitations/by_token/none",
        [401, 404, 403, 404, 403],
    ),
    ("GET", "/invitations/{invitation}", "/user_management/invitations/none", [401, 404, 403, 404, 403]),
    (
        "POST",
        "/invitations/{invitation}/accept",
        "/user_management/invitations/none/accept",
        [401, 404, 403, 404, 403],
    ),
    (
        "POST",
        "/invitations/{invitation}/resend",
        "/user_management/invitations/none/resend",
        [401, 404, 403, 404, 403],
    ),
    (
        "POST",
        "/invitations/{invitation}/revoke",
        "/user_management/invitations/none/revoke",
        [401, 404, 403, 404, 403],
    ),
    (
        "GET",
        "/organization_memberships",
        "/user_management/organization_memberships",
        [401, 400, 403, 400, 403],
    ),
    (
        "POST",
        "/organization_memberships",
        "/user_management/organization_memberships",
        [401, 422, 403, 422, 403],
    ),
    (
        "GET",
        "/organization_memberships/{membership}",
        "/user_management/organization_memberships/none",
        [401, 404, 403, 404, 403],
    ),
    (
        "PUT",
        "/organization_memberships/{membership}",
        "/user_management/organization_memberships/none",
        [401, 404, 403, 404, 403],
    ),
    (
        "DELETE",
        "/organization_memberships/{membership}",
        "/user_management/organization_memberships/none",
        [401, 404, 403, 404, 403],
    ),
    (
        "PUT",
        "/organization_memberships/{membership}/deactivate",
        "/user_management/organization_memberships/none/deactivate",
        [401, 404, 403, 404, 403],
    ),
    (
        "PUT",
        "/organization_memberships/{membership}/reactivate",
        "/user_management/organization_memberships/none/reactivate",
        [401, 404, 403, 404, 403],
    ),
    ("GET", "/events", "/events", [401, 200, 403, 200, 403]),
    ("GET", "/webhook_endpoints", "/webhook_endpoints", [401, 501, 403, 501, 403]),
    ("POST", "/webhook_endpoints", "/webhook_endpoints", [401, 501, 403, 501, 403]),
    ("POST", "/projects/setpassword", "/admin/projects/setpassword", [401, 400, 403, 400, 400]),
    ("GET", "/projects/setpassword", "/admin/projects/setpassword", [405; 5]),
    ("GET", "/projects/{id}", "/admin/projects/none", [401, 404, 403, 404, 404]),
    ("POST", "/projects/{id}/settings", "/admin/projects/none/settings", [401, 404, 403, 404, 404]),
    ("POST", "/projects/{id}/secrets", "/admin/projects/none/secrets", [401, 404, 403, 404, 404]),
    ("POST", "/projects/{id}/sites", "/admin/projects/none/sites", [401, 404, 403, 404, 404]),
    ("POST", "/projects/{id}/client", "/admin/projects/none/client", [401, 404, 403, 404, 404]),
    ("POST", "/projects/{id}/bot", "/admin/projects/none/bot", [401, 404, 403, 404, 404]),
    ("POST", "/projects/{id}/invite", "/admin/projects/none/invite", [401, 404, 403, 404, 404]),
    ("GET", "/projects/{id}/members", "/admin/projects/none/members", [401, 404, 403, 404, 404]),
    (
        "GET",
        "/projects/{id}/members/{member}",
        "/admin/projects/none/members/none",
        [401, 404, 403, 404, 404],
    ),
    (
        "POST",
        "/projects/{id}/members/{member}/mfa/reset",
        "/admin/projects/none/members/none/mfa/reset",
        [401, 404, 403, 404, 404],
    ),
    (
        "POST",
        "/projects/{id}/members/{member}/resetpassword",
        "/admin/projects/none/members/none/resetpassword",
        [401, 404, 403, 404, 404],
    ),
    ("POST", "/super/setpassword", "/admin/super/setpassword", [401, 403, 403, 403, 400]),
    ("POST", "/super/reindex", "/admin/super/reindex", [401, 403, 403, 403, 400]),
    ("POST", "/super/{what}", "/admin/super/valuesets", [401, 403, 403, 403, 501]),
    ("GET", "/metadata", "metadata", [200; 5]),
    ("POST", "/metadata", "metadata", [405; 5]),
    ("GET", "", "/fhir/R4", [401, 200, 403, 200, 200]),
    ("PUT", "", "/fhir/R4", [405; 5]),
    ("POST", "", "/fhir/R4", [401, 400, 400, 400, 400]),
    ("GET", "/", "/fhir/R4/", [401, 200, 403, 200, 200]),
    ("POST", "/", "/fhir/R4/", [401, 400, 400, 400, 400]),
    ("GET", "/$graphql", "$graphql", [401, 400, 400, 400, 400]),
    ("GET", "/$graphql", "$graphql?query=%7BPatientList%7Bid%7D%7D", [401, 200, 200, 200, 200]),
    ("POST", "/$graphql", "$graphql", [401, 400, 400, 400, 400]),
    ("PUT", "/$graphql", "$graphql", [405; 5]),
    ("GET", "/_history", "_history", [401, 200, 403, 200, 200]),
    ("GET", "/_search", "_search", [405; 5]),
    ("POST", "/_search", "_search", [401, 200, 403, 200, 200]),
    ("GET", "/{type}", "Patient", [401, 200, 403, 200, 200]),
    ("POST", "/{type}", "Patient", [401, 201, 403, 201, 201]),
    ("PUT", "/{type}", "Patient", [401, 400, 400, 400, 400]),
    ("DELETE", "/{type}", "Patient", [401, 400, 400, 400, 400]),
    ("PATCH", "/{type}", "Patient", [401, 400, 400, 400, 400]),
    ("POST", "/{type}/_search", "Patient/_search", [401, 200, 403, 200, 200]),
    ("GET", "/{type}/_search", "Patient/_search", [405; 5]),
    ("GET", "/{type}/_history", "Patient/_history", [401, 200, 403, 200, 200]),
    ("GET", "/{type}/{id}", "Patient/{id}", [401, 404, 403, 200, 200]),
    ("GET", "/{type}/{id}", "Patient/none", [401, 404, 403, 404, 404]),
    ("GET", "", "Patient/$nonsense", [501; 5]),
    ("PUT", "/{type}/{id}", "Patient/{id}", [401, 201, 403, 200, 200]),
    ("DELETE", "/{type}/{id}", "Patient/none", [401, 204, 403, 204, 204]),
    ("POST", "/{type}/{id}", "Patient/{id}", [405; 5]),
    ("PATCH", "/{type}/{id}", "Patient/{id}", [401, 400, 400, 400, 400]),
    ("GET", "/{type}/{id}/$graphql", "Patient/{id}/$graphql?query=%7Bid%7D", [401, 404, 403, 200, 200]),
    ("POST", "/{type}/{id}/$graphql", "Patient/{id}/$graphql", [401, 400, 400, 400, 400]),
    ("POST", "/{type}/$validate", "Patient/$validate", [401, 200, 200, 200, 200]),
    ("GET", "/{type}/$validate", "Patient/$validate", [405; 5]),
    ("GET", "/{type}/{id}/$validate", "Patient/{id}/$validate", [401, 404, 403, 200, 200]),
    ("POST", "/{type}/{id}/$validate", "Patient/{id}/$validate", [401, 200, 200, 200, 200]),
    ("PUT", "/{type}/{id}/$validate", "Patient/{id}/$validate", [405; 5]),
    ("GET", "/_async/{job}", "_async/none", [401, 404, 404, 404, 404]),
    ("DELETE", "/_async/{job}", "_async/none", [401, 404, 404, 404, 404]),
    ("POST", "/_async/{job}", "_async/none", [405; 5]),
    ("GET", "/Patient/$everything", "Patient/$everything", [401, 200, 403, 200, 200]),
    ("GET", "/Patient/{id}/$everything", "Patient/{id}/$everything", [401, 404, 403, 200, 200]),
    ("PUT", "/Patient/{id}/$everything", "Patient/{id}/$everything", [405; 5]),
    ("POST", "/$expunge", "$expunge", [401, 400, 400, 400, 400]),
    ("POST", "/{type}/$expunge", "Patient/$expunge?expungePreviousVersions=true", [401, 400, 400, 400, 400]),
    ("POST", "/{type}/{id}/$expunge", "Patient/{id}/$expunge", [401, 400, 400, 400, 400]),
    ("GET", "/{type}/{id}/$expunge", "Patient/{id}/$expunge", [405; 5]),
    ("POST", "/$reindex", "$reindex", [401, 400, 400, 400, 400]),
    ("POST", "/{type}/$reindex", "Patient/$reindex", [401, 400, 400, 400, 400]),
    ("POST", "/{type}/{id}/$reindex", "Patient/{id}/$reindex", [401, 400, 400, 400, 400]),
    ("GET", "/$meta", "$meta", [401, 200, 403, 200, 200]),
    ("POST", "/$meta", "$meta", [405; 5]),
    ("GET", "/{type}/$meta", "Patient/$meta", [401, 200, 403, 200, 200]),
    ("GET", "/{type}/{id}/$meta", "Patient/{id}/$meta", [401, 404, 403, 200, 200]),
    ("POST", "/{type}/{id}/$meta-add", "Patient/{id}/$meta-add", [401, 400, 400, 400, 400]),
    ("GET", "/{type}/{id}/$meta-add", "Patient/{id}/$meta-add", [405; 5]),
    ("POST", "/{type}/{id}/$meta-delete", "Patient/{id}/$meta-delete", [401, 400, 400, 400, 400]),
    (
        "GET",
        "/{type}/{id}/_history/{version}/$meta",
        "Patient/{id}/_history/1/$meta",
        [401, 404, 403, 200, 200],
    ),
    (
        "POST",
        "/{type}/{id}/_history/{version}/$meta-add",
        "Patient/{id}/_history/1/$meta-add",
        [401, 400, 400, 400, 400],
    ),
    (
        "POST",
        "/{type}/{id}/_history/{version}/$meta-delete",
        "Patient/{id}/_history/1/$meta-delete",
        [401, 400, 400, 400, 400],
    ),
    ("GET", "/SearchParameter/{id}/$status", "SearchParameter/{id}/$status", [401, 404, 403, 404, 404]),
    ("POST", "/SearchParameter/{id}/$status", "SearchParameter/{id}/$status", [405; 5]),
    ("POST", "/User/{id}/$update-email", "User/{id}/$update-email", [401, 400, 400, 400, 400]),
    ("POST", "/User/{id}/$rescope", "User/{id}/$rescope", [401, 400, 400, 400, 400]),
    (
        "POST",
        "/ClientApplication/{id}/$rotate-secret",
        "ClientApplication/{id}/$rotate-secret",
        [401, 400, 400, 400, 400],
    ),
    ("POST", "/Project/$init", "Project/$init", [401, 403, 403, 403, 400]),
    ("POST", "/Project/{id}/$clone", "Project/{id}/$clone", [401, 403, 403, 403, 400]),
    ("GET", "/{type}/{id}/_history", "Patient/{id}/_history", [401, 404, 403, 200, 200]),
    ("PUT", "/{type}/{id}/_history", "Patient/{id}/_history", [405; 5]),
    ("GET", "/{type}/{id}/_history/{version}", "Patient/{id}/_history/1", [401, 404, 403, 200, 200]),
    ("GET", "/{type}/{id}/_history/{version}", "Patient/{id}/_history/99", [401, 404, 403, 404, 404]),
    ("DELETE", "/{type}/{id}/_history/{version}", "Patient/{id}/_history/1", [405; 5]),
    ("GET", "/{type}/{id}/{kind}", "Patient/{id}/RelatedPerson", [401, 200, 403, 200, 200]),
    ("GET", "/{type}/{id}/{kind}", "Patient/{id}/*", [401, 200, 403, 200, 200]),
    ("GET", "/{type}/{id}/{kind}", "Patient/{id}/Nothing", [401, 404, 404, 404, 404]),
    ("PUT", "/{type}/{id}/{kind}", "Patient/{id}/RelatedPerson", [405; 5]),
    ("POST", "/{type}/{id}/{kind}/_search", "Patient/{id}/RelatedPerson/_search", [401, 200, 403, 200, 200]),
    ("GET", "/{type}/{id}/{kind}/_search", "Patient/{id}/RelatedPerson/_search", [405; 5]),
    ("GET", "/ServiceProviderConfig", "/scim/v2/ServiceProviderConfig", [200; 5]),
    ("POST", "/ServiceProviderConfig", "/scim/v2/ServiceProviderConfig", [405; 5]),
    ("GET", "/ResourceTypes", "/scim/v2/ResourceTypes", [200; 5]),
    ("GET", "/ResourceTypes/{id}", "/scim/v2/ResourceTypes/User", [200; 5]),
    ("GET", "/Schemas", "/scim/v2/Schemas", [200; 5]),
    ("GET", "/Schemas/{id}", "/scim/v2/Schemas/none", [404; 5]),
    ("GET", "/Me", "/scim/v2/Me", [401, 501, 403, 501, 403]),
    ("POST", "/Me", "/scim/v2/Me", [401, 501, 403, 501, 403]),
    ("PUT", "/Me", "/scim/v2/Me", [401, 501, 403, 501, 403]),
    ("PATCH", "/Me", "/scim/v2/Me", [401, 501, 403, 501, 403]),
    ("DELETE", "/Me", "/scim/v2/Me", [401, 501, 403, 501, 403]),
    ("POST", "/Bulk", "/scim/v2/Bulk", [401, 415, 403, 415, 403]),
    ("GET", "/Bulk", "/scim/v2/Bulk", [405; 5]),
    ("POST", "/.search", "/scim/v2/.search", [401, 415, 403, 415, 403]),
    ("GET", "/Users", "/scim/v2/Users", [401, 200, 403, 200, 403]),
    ("POST", "/Users", "/scim/v2/Users", [401, 415, 403, 415, 403]),
    ("PUT", "/Users", "/scim/v2/Users", [405; 5]),
    ("POST", "/Users/.search", "/scim/v2/Users/.search", [401, 415, 403, 415, 403]),
    ("GET", "/Users/{id}", "/scim/v2/Users/none", [401, 404, 403, 404, 403]),
    ("PUT", "/Users/{id}", "/scim/v2/Users/none", [401, 415, 403, 415, 403]),
    ("PATCH", "/Users/{id}", "/scim/v2/Users/none", [401, 415, 403, 415, 403]),
    ("DELETE", "/Users/{id}", "/scim/v2/Users/none", [401, 404, 403, 404, 403]),
    ("GET", "/Groups", "/scim/v2/Groups", [401, 200, 403, 200, 403]),
    ("POST", "/Groups", "/scim/v2/Groups", [401, 415, 403, 415, 403]),
    ("POST", "/Groups/.search", "/scim/v2/Groups/.search", [401, 415, 403, 415, 403]),
    ("GET", "/Groups/{id}", "/scim/v2/Groups/none", [401, 404, 403, 404, 403]),
    ("PUT", "/Groups/{id}", "/scim/v2/Groups/none", [401, 415, 403, 415, 403]),
    ("PATCH", "/Groups/{id}", "/scim/v2/Groups/none", [401, 415, 403, 415, 403]),
    ("DELETE", "/Groups/{id}", "/scim/v2/Groups/none", [401, 404, 403, 404, 403]),
    ("GET", "", "/scim/v2/Nothing", [404; 5]),
    ("GET", "", "NoSuchType", [401, 404, 404, 404, 404]),
    ("GET", "", "Patient/1/2/3/4", [404; 5]),
    ("GET", "/me", "/unified/user-directory/me", [401, 400, 400, 400, 400]),
    ("GET", "/users", "/unified/user-directory/users", [401, 400, 400, 400, 400]),
    ("GET", "/roles", "/unified/user-directory/roles", [401, 400, 400, 400, 400]),
    ("GET", "/groups", "/unified/user-directory/groups", [401, 400, 400, 400, 400]),
    ("GET", "/organizations", "/unified/user-directory/organizations", [401, 400, 400, 400, 400]),
    ("GET", "/workspaces", "/unified/user-directory/workspaces", [401, 400, 400, 400, 400]),
    ("GET", "/activities", "/unified/user-directory/activities", [401, 400, 400, 400, 400]),
    ("GET", "/licenses", "/unified/user-directory/licenses", [401, 400, 400, 400, 400]),
    ("POST", "/users", "/unified/user-directory/users", [401, 400, 400, 400, 400]),
    ("PATCH", "/users/{id}", "/unified/user-directory/users/none", [401, 400, 400, 400, 400]),
    ("DELETE", "/users/{id}", "/unified/user-directory/users/none", [401, 400, 400, 400, 400]),
    ("POST", "/roles", "/unified/user-directory/roles", [401, 400, 400, 400, 400]),
    ("PATCH", "/roles/{id}", "/unified/user-directory/roles/none", [401, 400, 400, 400, 400]),
    ("DELETE", "/roles/{id}", "/unified/user-directory/roles/none", [401, 400, 400, 400, 400]),
    ("GET", "/users/{id}", "/unified/user-directory/users/none", [401, 400, 400, 400, 400]),
    ("GET", "/roles/{id}", "/unified/user-directory/roles/none", [401, 400, 400, 400, 400]),
    ("GET", "/groups/{id}", "/unified/user-directory/groups/none", [401, 400, 400, 400, 400]),
    ("GET", "/organizations/{id}", "/unified/user-directory/organizations/none", [401, 400, 400, 400, 400]),
    ("GET", "/workspaces/{id}", "/unified/user-directory/workspaces/none", [401, 400, 400, 400, 400]),
    ("GET", "/activities/{id}", "/unified/user-directory/activities/none", [401, 400, 400, 400, 400]),
    ("GET", "/licenses/{id}", "/unified/user-directory/licenses/none", [401, 400, 400, 400, 400]),
    ("PUT", "/users", "/unified/user-directory/users", [405; 5]),
    ("GET", "/user", "/api/user", [401, 404, 404, 404, 403]),
    ("PATCH", "/user", "/api/user", [401, 404, 404, 404, 403]),
    ("GET", "/memberships", "/api/memberships", [401, 200, 403, 200, 403]),
    ("GET", "/memberships/{id}", "/api/memberships/none", [401, 404, 403, 404, 403]),
    ("GET", "/memberships/{id}/{relation}", "/api/memberships/none/none", [401, 404, 404, 404, 403]),
    ("POST", "/memberships", "/api/memberships", [401, 415, 415, 415, 403]),
    ("PATCH", "/memberships/{id}", "/api/memberships/none", [401, 415, 415, 415, 403]),
    ("DELETE", "/memberships/{id}", "/api/memberships/none", [401, 404, 403, 404, 403]),
    ("GET", "/organizations", "/api/organizations", [401, 200, 403, 200, 403]),
    ("GET", "/organizations/{id}", "/api/organizations/none", [401, 404, 403, 404, 403]),
    ("GET", "/organizations/{id}/{relation}", "/api/organizations/none/none", [401, 404, 404, 404, 403]),
    ("PATCH", "/organizations/{id}", "/api/organizations/none", [401, 415, 415, 415, 403]),
    ("GET", "/roles", "/api/roles", [401, 200, 403, 200, 403]),
    ("GET", "/roles/{id}", "/api/roles/none", [401, 404, 403, 404, 403]),
    ("GET", "/roles/{id}/{relation}", "/api/roles/none/none", [401, 404, 404, 404, 403]),
    ("POST", "/roles", "/api/roles", [401, 415, 415, 415, 403]),
    ("PATCH", "/roles/{id}", "/api/roles/none", [401, 415, 415, 415, 403]),
    ("GET", "/api_credentials", "/api/api_credentials", [401, 200, 403, 200, 403]),
    ("GET", "/api_credentials/{id}", "/api/api_credentials/none", [401, 404, 403, 404, 403]),
    ("GET", "/api_credentials/{id}/{relation}", "/api/api_credentials/none/none", [401, 404, 404, 404, 403]),
    ("POST", "/api_credentials", "/api/api_credentials", [401, 415, 415, 415, 403]),
    ("PATCH", "/api_credentials/{id}", "/api/api_credentials/none", [401, 415, 415, 415, 403]),
    ("DELETE", "/api_credentials/{id}", "/api/api_credentials/none", [401, 404, 403, 404, 403]),
    ("POST", "/memberships/{id}/resend", "/api/memberships/none/resend", [401, 404, 403, 404, 403]),
    (
        "PATCH",
        "/organizations/{id}/transfer_ownership",
        "/api/organizations/none/transfer_ownership",
        [401, 415, 415, 415, 403],
    ),
    ("GET", "/versions", "/api/versions", [401, 400, 400, 400, 403]),
    ("GET", "/versions/{id}", "/api/versions/none", [401, 404, 404, 404, 403]),
    ("PUT", "/roles", "/api/roles", [405; 5]),
    ("GET", "", "/no/such/place", [404; 5]),
    ("GET", "", "$export", [501; 5]),
    ("GET", "", "Patient/1/$nonsense", [501; 5]),
];

/// The sixth caller: somebody with a token that is none.
const FORGED: [&str; 2] = ["Patient", "Patient/none"];

fn call(client: &Client, method: &str, place: &str, patient_id: &str) -> u16 {
    let place = place.replace("{id}", patient_id);
    let call = client.call(method, &place);
    let body = crate::sample::with(patient("Coverage", "X"), serde_json::json!({"id": patient_id}));
    let call = match method {
        "POST" if place.ends_with("_search") || place.ends_with("/token") => call.form(""),
        "POST" | "PUT" | "PATCH" => call.json(&body),
        _ => call,
    };
    let answer = call.send();
    assert!(answer.status < 500 || answer.status == 501, "{method} {place}: {}", answer.text());
    assert!(answer.header("X-Request-Id").is_some(), "{method} {place}");
    answer.status
}

on_both!(every_caller_gets_the_answer_due_to_him, |world| {
    let mut faults = Vec::new();
    for (method, _, place, expected) in TABLE {
        let callers = [&world.anonymous, &world.stranger, &world.member, &world.admin, &world.super_admin];
        let told = callers.map(|client| {
            // One each: a stranger may take the same id in his own project.
            let patient_id = id(&world.admin.create(&patient("Coverage", "X")));
            call(client, method, place, &patient_id)
        });
        if told != *expected {
            faults.push(format!("{method} {place}: {told:?}, not {expected:?}"));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    for place in FORGED {
        Client::with_token(&world.server.address, "forged").get(place).expect(401);
    }
});

/// The routes as `http/mod.rs` and the `routes.rs` of dialects have them: what stands in `.route("…`, `resource("…` and `on("…`.
fn declared() -> BTreeSet<String> {
    let http = concat!(env!("CARGO_MANIFEST_DIR"), "/src/http");
    let mut page = fs::read_to_string(format!("{http}/mod.rs")).expect("the routes");
    // A dialect has a page of its own.
    for room in fs::read_dir(http).expect("the rooms of HTTP") {
        page += &fs::read_to_string(room.expect("a room").path().join("routes.rs")).unwrap_or_default();
    }
/// The routes as `http/mod.rs` and `http/protocol.rs` have them: what stands in `.route("…`, `resource("…` and `on("…`.
fn declared() -> BTreeSet<String> {
    let page = ["mod", "protocol"].map(|name| {
        let path = format!("{}/src/http/{name}.rs", env!("CARGO_MANIFEST_DIR"));
        fs::read_to_string(path).expect("the routes")
    });
    let page = page.concat();
    let quoted = |opening: &'static str| {
        let after =
            page.match_indices(opening).map(|(place, _)| &page[place + opening.len()..]).collect::<Vec<_>>();
        after.into_iter().map(|rest| rest.split('"').next().expect("a route").to_owned())
    };
    quoted(".route(\"").chain(quoted("resource(\"")).chain(quoted(" on(\"")).chain(quoted("(on(\"")).collect()
/// The routes as `http` has them: what stands in `.route("…`, `resource("…` and `on("…`.
fn declared() -> BTreeSet<String> {
    let mut folders = vec![PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/http"))];
    let mut found = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of ours") {
            let path = entry.expect("a folder of ours").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let page = fs::read_to_string(&path).expect("text");
            for opening in [".route(\"", "resource(\"", " on(\"", "(on(\""] {
                let after = page.match_indices(opening).map(|(place, _)| &page[place + opening.len()..]);
                found.extend(after.map(|rest| rest.split('"').next().expect("a route").to_owned()));
            }
        }
    }
    found
}

#[test]
fn every_route_is_in_the_table() {
    let listed: BTreeSet<String> = TABLE.iter().map(|(_, route, _, _)| (*route).to_owned()).collect();
    assert!(declared().len() > 10);
    assert_eq!(declared(), listed);
}
