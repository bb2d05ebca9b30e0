//! The pages: complete without a script, in nobody's frame, and their address is told to no other place.

use actix_web::HttpResponse;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, ContentType, REFERRER_POLICY, X_FRAME_OPTIONS,
};

use crate::error::{Error, Kind};
use crate::http::page::{escaped, sentence};
use crate::http::reply;

const POLICY: &str = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

pub(super) fn password(invited: bool, error: Option<&Error>) -> HttpResponse {
    let title = if invited { "Welcome" } else { "Your new password" };
    let invalid = if error.is_some() { " aria-invalid=\"true\"" } else { "" };
    let body = format!(
        "<h1>{title}</h1>{}<form method=\"post\"><label for=\"password\">Choose a password</label>\
         <p id=\"hint\">The longer the better; a few words that do not belong together are good.</p>\
         <input id=\"password\" name=\"password\" type=\"password\" autocomplete=\"new-password\" \
         aria-describedby=\"hint\" required autofocus{invalid}><button>Set password</button></form>",
        error.map(|error| alert(error, "password")).unwrap_or_default(),
    );
    page(error.map(|error| error.kind), title, &body)
}

pub(super) fn email(email: Option<&str>) -> HttpResponse {
    let which = email
        .map_or_else(|| "this e-mail".to_owned(), |email| format!("<strong>{}</strong>", escaped(email)));
    let body = format!(
        "<h1>Is this your e-mail?</h1><form method=\"post\"><p>Confirm that {which} is yours.</p>\
         <button>Confirm</button></form>"
    );
    page(None, "Is this your e-mail?", &body)
}

pub(super) fn done(title: &str, text: &str) -> HttpResponse {
    page(None, title, &format!("<h1>{title}</h1><p role=\"status\">{text}</p>"))
}

/// The link is no good.
pub(super) fn problem(error: &Error) -> HttpResponse {
    let text = match error.issues.first().map(|issue| issue.text.as_str()) {
        Some("Already used") => "This link was used already.",
        Some("Expired") => "This link has expired.",
        _ => "This link does not work.",
    };
    let body = format!(
        "<h1>This does not work</h1><div class=\"error\" role=\"alert\"><p>{text}</p></div>\
         <p>Ask for another one where you asked for this one.</p>"
    );
    page(Some(Kind::Malformed), "This does not work", &body)
}

fn alert(error: &Error, field: &str) -> String {
    let text = error.issues.first().map(|issue| escaped(&sentence(&issue.text))).unwrap_or_default();
    format!(
        "<div class=\"error\" role=\"alert\" tabindex=\"-1\"><h2>There is a problem</h2>\
         <p><a href=\"#{field}\">{text}</a></p></div>"
    )
}

fn page(refused: Option<Kind>, title: &str, body: &str) -> HttpResponse {
    let prefix = if refused.is_some() { "Error: " } else { "" };
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><link rel=\"icon\" href=\"data:,\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{prefix}{title}</title>\
         <link rel=\"stylesheet\" href=\"../../oauth2/style.css\"></head><body><main>{body}</main></body></html>"
    );
    reply::page(refused)
        .content_type(ContentType::html())
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header((X_FRAME_OPTIONS, "DENY"))
        .insert_header(("x-content-type-options", "nosniff"))
        .body(page)
}
