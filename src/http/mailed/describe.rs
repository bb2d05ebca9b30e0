//! The routes of this room, for `/openapi.json`.

use crate::http::openapi::{Entry, FORM, get, post};

const PASSWORD: &str = "/setpassword/{request}/{secret}";
const EMAIL: &str = "/verifyemail/{request}/{secret}";

pub(in crate::http) fn describe() -> Vec<Entry> {
    vec![
        get(PASSWORD, "A page to choose a password on").shows(&[200, 400]),
        post(PASSWORD, "Sets the password")
            .takes(FORM, "{password: string}")
            .refuses(&[413, 415])
            .shows(&[200, 400, 422]),
        get(EMAIL, "A page to confirm an e-mail on").shows(&[200, 400]),
        post(EMAIL, "Confirms the e-mail").shows(&[200, 400]),
    ]
}
