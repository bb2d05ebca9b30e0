//! The routes of this room, for `/openapi.json`.

use crate::http::openapi::{By, Entry, JSON, delete, get, post};

/// What may be sent with every way to sign in.
const SIGN_IN: &str = "projectId?, clientId?, resourceType?, scope?, nonce?, launch?, remember?: boolean, \
    codeChallenge?, codeChallengeMethod?: 'S256'|'plain'";
/// What is left to do, or that it is done.
const STEP: &str = "{login: string, code?: string, memberships?: [object], mfaRequired?: boolean, mfaMethods?: [string], \
    email?: string|null, mfaEnrollRequired?: boolean, enrollUri?: string, enrollQrCode?: string, \
    allowedMfaMethods?: [string], recoveryCodes?: [string]}";
const CODES: &str = "{recoveryCodes: [string]}";
const CREDENTIAL: &str = "credential: object";

/// A step of a sign-in, which needs no token.
fn step(path: &str, summary: &str, body: &str) -> Entry {
    post(path, summary)
        .takes(JSON, &format!("{{{body}}}"))
        .gives(200, "What is left to do, or the code for tokens", JSON, STEP)
        .refuses(&[400, 401, 403, 404, 409, 413, 415, 422, 429])
}

/// Something that is simply done.
fn done(path: &str, summary: &str, body: &str) -> Entry {
    post(path, summary)
        .takes(JSON, &format!("{{{body}}}"))
        .gives(200, "It is done", JSON, "OperationOutcome")
        .refuses(&[400, 401, 403, 404, 409, 413, 415, 422, 429])
}

pub(in crate::http) fn describe() -> Vec<Entry> {
    let with_sign_in = |fields: &str| format!("{fields}, {SIGN_IN}");
    let of_caller = |entry: Entry| entry.by(By::Caller).refuses(&[401, 403, 404]);
    vec![
        post("/auth/method", "How somebody signs in")
            .takes(JSON, &format!("{{email: string, redirectUri?, {SIGN_IN}}}"))
            .gives(
                200,
                "With a password, where nothing is said; or else by another party, at this address",
                JSON,
                "{domain?: string, authorizeUrl?: string}",
            )
            .refuses(&[400, 404, 413, 415, 429]),
        post("/auth/exchange", "Tokens for a token of the party that signs the users of a client in")
            .takes(JSON, &format!("{{externalAccessToken, clientId, clientSecret?, membership?, {SIGN_IN}}}"))
            .gives(200, "Tokens", JSON, "{access_token: string, token_type: 'Bearer', expires_in: integer, *}")
            .refuses(&[400, 401, 403, 404, 409, 413, 415, 422, 429]),
        get("/auth/clientinfo/{client}", "What a page of sign-in shows of a client")
            .gives(200, "Its project and its form", JSON, "{projectId: string, *}")
            .refuses(&[404, 429]),
        step("/auth/login", "Sign in with e-mail and password", &with_sign_in("email, password")),
        get("/auth/login/{login}", "What is left to do of a sign-in")
            .gives(200, "The step", JSON, STEP)
            .refuses(&[400, 401, 403, 404, 429]),
        step("/auth/profile", "Choose the membership", "login, profile"),
        step("/auth/scope", "Choose less of the scope", "login, scope"),
        done("/auth/magic/send", "Mail a code to sign in with", &with_sign_in("email")),
        step("/auth/magic/login", "Sign in with a mailed code", &with_sign_in("email, code")),
        post("/auth/newuser", "Make an account")
            .takes(JSON, &format!("{{email, password, firstName, lastName, {SIGN_IN}}}"))
            .gives(200, "The sign-in has begun", JSON, "{login: string, emailVerificationRequired?: boolean}")
            .refuses(&[400, 401, 403, 404, 409, 413, 415, 422, 429]),
        step("/auth/newproject", "Make a project for a new account", "login, projectName"),
        step("/auth/newpatient", "Make a patient for a new account", "login, projectId"),
        of_caller(
            get("/auth/me", "Who one is: user, project, membership, profile, rights and sessions").gives(
                200,
                "All that a client shows of itself",
                JSON,
                "{project: object, membership: object, user?: object, profile?: object, config: object, accessPolicy: object, security?: object}",
            ),
        ),
        of_caller(done("/auth/revoke", "End a session", "loginId")),
        of_caller(done("/auth/changepassword", "Another password, by who knows the one until now", "oldPassword, newPassword")),
        done("/auth/resetpassword", "Mail a link to another password", "email, projectId?, redirectUri?"),
        done("/auth/setpassword", "Set a password by a mailed link", "id, secret, password"),
        done("/auth/verifyemail", "Confirm an e-mail by a mailed link", "id, secret"),
        step("/auth/mfa/verify", "Prove the second factor of a sign-in", "login, token"),
        step("/auth/mfa/login-enroll", "Set up the factor that a sign-in asks for", "login, token"),
        done("/auth/mfa/send-email", "Mail the code that a sign-in asks for", "login").refuses(&[424]),
        of_caller(get("/auth/mfa/status", "One's own second factors").gives(
            200,
            "What is set up, and what could be",
            JSON,
            "{enrolled: boolean, enrolledMethods: [string], allowedMethods: [string], mfaRequired: boolean, recoveryCodes: any, \
             email?: string, enrollQrCode?: string, enrollUri?: string}",
        )),
        of_caller(
            done("/auth/mfa/enroll", "Add a second factor", "token, method?, password?")
                .gives(200, "Recovery codes, shown this once", JSON, CODES),
        ),
        of_caller(done("/auth/mfa/disable", "Take a second factor away", "token, method?")),
        of_caller(
            done("/auth/mfa/recovery", "Other recovery codes", "token")
                .gives(200, "Recovery codes, shown this once", JSON, CODES),
        ),
        of_caller(
            post("/auth/mfa/send-email-challenge", "Mail a code to oneself")
                .gives(200, "It is done", JSON, "OperationOutcome")
                .refuses(&[400, 424, 429]),
        ),
        of_caller(get("/auth/passkey", "One's own passkeys").gives(200, "All of them", JSON, "{passkeys: [object]}")),
        of_caller(
            post("/auth/passkey/begin", "What the browser is asked for a new passkey")
                .takes(JSON, "{password?}")
                .gives(200, "Options of creation", JSON, "{challenge: string, *}")
                .refuses(&[400, 413, 415, 429]),
        ),
        of_caller(
            post("/auth/passkey/finish", "Adds the passkey that the browser made")
                .takes(JSON, &format!("{{{CREDENTIAL}, name?}}"))
                .gives(200, "The passkey", JSON, "{*}")
                .refuses(&[400, 409, 413, 415, 422, 429]),
        ),
        post("/auth/passkey/options", "What the browser is asked to sign in with a passkey")
            .gives(200, "Options of a request", JSON, "{challenge: string, *}")
            .refuses(&[429]),
        step("/auth/passkey/login", "Sign in with a passkey", &with_sign_in(CREDENTIAL)),
        of_caller(
            delete("/auth/passkey/{passkey}", "Forget a passkey")
                .gives(200, "It is done", JSON, "OperationOutcome")
                .refuses(&[400, 429]),
        ),
    ]
}
