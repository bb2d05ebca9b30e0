//! The routes of this room, for `/openapi.json`: a line each.

use crate::http::openapi::{By, Entry, JSON, delete, get, post, put};

const BASE: &str = "/api/v1";
const PAGES: &str = "limit page skip";
/// What is refused, whatever is asked.
const REFUSED: [u16; 11] = [400, 401, 403, 404, 409, 412, 413, 415, 422, 424, 429];
/// Routes that are there for whoever is not known yet.
const OPEN: [&str; 10] = [
    "/auth/activate",
    "/auth/activate/forgot",
    "/auth/activation/{activation_id}",
    "/auth/deviceauth",
    "/auth/deviceauth/resend",
    "/auth/findSession",
    "/auth/forgot",
    "/auth/login",
    "/auth/password_policy",
    "/auth/validatePassword",
];

/// What a route answers where nothing is wrong.
#[derive(Clone, Copy, PartialEq)]
enum Told {
    Result,
    Page,
    Nothing,
    Bare,
}
use Told::{Bare, Nothing, Page, Result};

type Line = (fn(String, &'static str) -> Entry, &'static str, &'static str, &'static str, &'static str, Told);

fn reads(path: String, summary: &'static str) -> Entry {
    get(path, summary)
}
fn posts(path: String, summary: &'static str) -> Entry {
    post(path, summary)
}
fn puts(path: String, summary: &'static str) -> Entry {
    put(path, summary)
}
fn deletes(path: String, summary: &'static str) -> Entry {
    delete(path, summary)
}

/// Verb, path, what it does, its own parameters, its body, its answer.
#[rustfmt::skip]
const LINES: [Line; 56] = [
    (reads, "/auth/password_policy", "What is asked of a password", "provider_guid user_guid", "", Result),
    (reads, "/auth/findSession", "The session of the request, or null", "from", "", Result),
    (reads, "/auth/checkSession", "Who is signed in", "", "", Result),
    (posts, "/auth/login", "Sign in", "grant", "username: string, password: string, from?: string, org_hint?: any, provider_guid?: string", Result),
    (reads, "/auth/logout", "End the session of the request", "msg redirect", "", Result),
    (posts, "/auth/deviceauth", "Prove the second factor of a sign-in", "grant", "code: any, remember?: boolean", Result),
    (posts, "/auth/deviceauth/resend", "Mail the code of a sign-in once more", "", "", Result),
    (posts, "/auth/forgot", "Mail a link to another password", "", "username: string, provider_guid?: string", Nothing),
    (posts, "/auth/activate", "Accept an invitation", "", "id: string, firstname: string, lastname: string, password: string, from?: string", Nothing),
    (posts, "/auth/activate/forgot", "Choose another password", "", "id: string, password: string", Nothing),
    (posts, "/auth/activate/resend", "Mail an invitation once more", "", "username: string, org_id?: any, provider_guid?: string, suppressEmail?: boolean", Nothing),
    (reads, "/auth/activation/{activation_id}", "What a link is for", "", "", Result),
    (posts, "/auth/mfa/send", "Mail a code", "", "purpose?: string, user_id?: any", Result),
    (posts, "/auth/mfa/verify", "Verify a code", "", "authcode: string, authcode_id?: string, purpose?: string, user_id?: any", Result),
    (reads, "/auth/authenticator", "Begin to set up an app", "", "", Result),
    (posts, "/auth/authenticator", "Confirm the app by its code", "", "code: any", Nothing),
    (deletes, "/auth/authenticator", "Take the app away", "", "", Nothing),
    (posts, "/auth/validatePassword", "Check one's own password", "", "", Nothing),
    (puts, "/auth/terms", "Accept the terms", "grant", "", Result),
    (reads, "/user", "Find users", "active email term user_guid user_id", "", Page),
    (posts, "/user/query", "Find users", "limit page skip", "active?: boolean, email?: string, term?: string, user_guid?: any, user_id?: any", Result),
    (reads, "/user/organizations", "The caller's organizations", "email guid include_inactive provider_guid roles", "", Result),
    (puts, "/user/pref", "Remember a preference", "", "pref: string, value?: string|null", Nothing),
    (puts, "/user/profile/{user_id}", "Change a user", "", "active?: boolean, current_password?: string, default_org?: any, firstname?: string, force_logout?: boolean, lastname?: string, locale?: string, login_org?: string, mfa?: boolean, password?: string, phone?: string, timezone?: string, username?: string", Result),
    (reads, "/user/{user_id}", "A user, by number or guid", "provider_guid", "", Result),
    (deletes, "/user/{user_id}", "Remove a user", "suppressEmail", "", Result),
    (reads, "/org/{org_id}", "An organization, by number or guid", "onboarding", "", Result),
    (puts, "/org/{org_id}", "Change an organization", "", "name?: string, region?: 'US'|'EU'|'AP'", Result),
    (deletes, "/org/{org_id}", "Put an organization below to sleep", "suppressEmail", "", Result),
    (reads, "/org/{org_id}/user", "Members", "clients email primary roles sort term user_guid", "", Page),
    (posts, "/org/{org_id}/user", "Invite a member", "", "email: string, role?: string, roles?: [string], suppressEmail?: boolean, teams?: [{guid: string, roles: [string]}]", Result),
    (reads, "/org/{org_id}/user/{user_guid}", "A member", "teams", "", Result),
    (puts, "/org/{org_id}/user/{user_guid}", "Give a member other roles", "", "roles: [string]", Result),
    (deletes, "/org/{org_id}/user/{user_guid}", "Remove a member", "", "", Nothing),
    (puts, "/org/{org_id}/user/{user_guid}/primary", "Make a member the one to turn to", "", "", Result),
    (reads, "/role", "Roles", "default name org team", "", Result),
    (reads, "/role/{role_id}", "A role", "context", "", Result),
    (reads, "/team", "Teams", "default name org_id provider_guid tag user_guid", "", Page),
    (posts, "/team", "Make a team", "", "name: string, default?: boolean, desc?: string|null, org_guid?: string, tags?: [string], users?: [object]", Result),
    (reads, "/team/{team_id}", "A team", "", "", Result),
    (puts, "/team/{team_id}", "Change a team", "", "name?: string, default?: boolean, desc?: string|null, tags?: [string], users?: [object]", Result),
    (deletes, "/team/{team_id}", "Remove a team", "reassign_team", "", Result),
    (reads, "/team/{team_id}/user", "Members of a team", "roles sort term type", "", Page),
    (posts, "/team/{team_id}/user/{user_id}", "Add a member to a team", "", "roles: [string], type?: 'user'|'client'", Result),
    (puts, "/team/{team_id}/user/{user_id}", "Give a member of a team other roles", "", "roles: [string]", Result),
    (deletes, "/team/{team_id}/user/{user_id}", "Remove a member from a team", "", "", Result),
    (reads, "/client", "Service accounts", "org_id roles sort term", "", Page),
    (posts, "/client", "Make a service account", "", "name: string, org_guid: string, type: 'secret'|'certificate', description?: string, generateKey?: boolean, publicKey?: string, secret?: string, roles?: [string], tags?: [string], teams?: [{guid: string, roles: [string]}]", Result),
    (reads, "/client/{client_id}", "A service account", "", "", Result),
    (puts, "/client/{client_id}", "Change a service account", "", "name?: string, description?: string, generateKey?: boolean, publicKey?: string, secret?: string, roles?: [string], tags?: [string], teams?: [{guid: string, roles: [string]}]", Result),
    (deletes, "/client/{client_id}", "Remove a service account", "", "", Nothing),
    (reads, "/client/{client_id}/json", "A service account, for programs", "", "", Bare),
    (reads, "/session", "The session of the request", "", "", Result),
    (posts, "/session/query", "Sessions that stand", "limit page skip sort", "from?: string, org_guid?: string, user_email?: string, user_id?: any", Result),
    (deletes, "/session/{session_id}", "End a session", "", "", Nothing),
    (reads, "/activity", "What happened", "data from org_id sort to user_guid", "", Page),
];

fn entry((verb, path, summary, own, body, told): Line) -> Entry {
    let by = if OPEN.contains(&path) { By::Anyone } else { By::Caller };
    let mut entry = verb(format!("{BASE}{path}"), summary)
        .by(by)
        .dressed("RefusedAxway")
        .asks("fields", "string", "Fields that are wanted, with commas between them")
        .asks("exclude_fields", "string", "Fields that are not")
        .asks("add_fields", "string", "Fields besides");
    let pages = if told == Page { PAGES } else { "" };
    for name in own.split_whitespace().chain(pages.split_whitespace()) {
        entry = entry.asks(name, "string", "As the platform has it");
    }
    if !body.is_empty() {
        entry = entry.takes(JSON, &format!("{{{body}}}"));
    }
    if path.starts_with("/auth/authenticator") || path == "/auth/validatePassword" {
        entry = entry.parameter("header", "x-auth-password", "string", "The password of whoever asks");
    }
    let entry = match told {
        Nothing => entry.says(204, "It is done"),
        Bare => entry.gives(200, "It, in no envelope", JSON, "object"),
        Result | Page => {
            entry.gives(200, "The result", JSON, "{success: boolean, result: any, metadata?: object}")
        }
    };
    entry.refuses(&REFUSED)
}

pub(in crate::http) fn describe() -> Vec<Entry> {
    let names = (reads as _, "/activity/event", "The names of events", "", "", Result);
    LINES.into_iter().chain([names]).map(entry).collect()
}
