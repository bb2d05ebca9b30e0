//! The routes of Truto's user directory and every sort of caller, as `coverage` has them.

#[rustfmt::skip]
pub const TABLE: &[(&str, &str, &str, [u16; 5])] = &[
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
];

/// Those beside it, which are about the key's project without saying so.
#[rustfmt::skip]
pub const WEBHOOKS: &[(&str, &str, &str, [u16; 5])] = &[
    ("GET", "", "/webhook", [401, 200, 403, 200, 403]),
    ("POST", "", "/webhook", [401, 400, 403, 400, 403]),
    ("GET", "/{id}", "/webhook/none", [401, 404, 403, 404, 403]),
    ("PATCH", "/{id}", "/webhook/none", [401, 400, 403, 400, 403]),
    ("DELETE", "/{id}", "/webhook/none", [401, 404, 403, 404, 403]),
];
