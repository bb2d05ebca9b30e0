//! For whoever does not know the password any more: a link to another one, by mail.

use actix_web::HttpResponse;

use super::Frame;
use crate::http::page::escaped;

/// The way to it, from the page of sign-in.
pub(super) fn way(frame: &Frame<'_>) -> String {
    frame.form("forgot", "<button class=\"plain\">Forgot your password?</button>")
}

pub(in crate::http::oauth) fn forgotten(frame: &Frame<'_>, email: &str) -> HttpResponse {
    let fields = format!(
        "<label for=\"email\">E-mail</label>\
         <input id=\"email\" name=\"email\" type=\"email\" autocomplete=\"username\" required autofocus value=\"{}\"{}>\
         <button>Mail me a link</button>",
        escaped(email),
        frame.describes("email"),
    );
    let content = format!(
        "<p>A link to choose another password goes to your e-mail.</p>{}{}",
        frame.form("reset", &fields),
        frame.form("begin", "<button class=\"plain\">Back</button>"),
    );
    frame.page("Forgot your password?", &content)
}
