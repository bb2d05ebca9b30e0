//! The pages of sign-in: made here, complete without a script, and good to use with the keyboard and a screen reader
//! (<https://www.w3.org/TR/WCAG22/>). No other site can show them in a frame, and they send forms to this server
//! only, and on to the application that waits.

mod consent;
mod context;
mod device;
mod forgotten;
mod sign_in;

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, ContentType, REFERRER_POLICY, X_FRAME_OPTIONS,
};
use actix_web::{HttpResponse, HttpResponseBuilder};
use url::Url;

use crate::error::Kind;
use crate::http::page::escaped;
use crate::http::reply;

pub(super) use consent::consent;
pub(super) use context::{memberships, patients};
pub(super) use device::{device_answered, user_code};
pub(super) use forgotten::forgotten;
pub(super) use sign_in::{email, enroll, factor, password, recovery};

const STYLE: &str = include_str!("style.css");

/// What every page of a sign-in needs.
pub(super) struct Frame<'f> {
    /// The authorization request, as it was sent.
    pub request: &'f str,
    /// What the form proves itself by.
    pub token: &'f str,
    /// Where the user is going to be sent.
    pub redirect_uri: &'f str,
    /// The name of the application.
    pub client: &'f str,
    /// The code that the device shows which asks for this, if one does.
    pub device: Option<&'f str>,
    /// What went wrong, and the field it is about.
    pub error: Option<(Kind, &'f str, &'f str)>,
    pub note: Option<&'f str>,
}

impl Frame<'_> {
    /// A page with this title and this content.
    fn page(&self, title: &str, content: &str) -> HttpResponse {
        let mut top = String::new();
        if let Some((_, text, field)) = self.error {
            top = format!(
                "<div class=\"error\" role=\"alert\" tabindex=\"-1\"><h2>There is a problem</h2>\
                 <p><a href=\"#{field}\">{}</a></p></div>",
                escaped(text)
            );
        }
        if let Some(note) = self.note {
            top.push_str(&format!("<p class=\"note\" role=\"status\">{}</p>", escaped(note)));
        }
        let prefix = if self.error.is_some() { "Error: " } else { "" };
        let refused = self.error.map(|(kind, ..)| kind);
        let body = format!("<h1>{title}</h1>{top}{content}");
        finish(reply::page(refused), &format!("{prefix}{title}"), &body, Some(self.redirect_uri))
    }

    /// A form that does `what`.
    fn form(&self, what: &str, fields: &str) -> String {
        format!(
            "<form method=\"post\" action=\"../oauth2/step\">\
             <input type=\"hidden\" name=\"request\" value=\"{}\">\
             <input type=\"hidden\" name=\"token\" value=\"{}\">\
             <input type=\"hidden\" name=\"do\" value=\"{what}\">{fields}</form>",
            escaped(self.request),
            escaped(self.token),
        )
    }

    /// The way out.
    fn cancel(&self) -> String {
        self.form("cancel", "<button class=\"plain\">Cancel</button>")
    }

    fn describes(&self, field: &str) -> &'static str {
        match self.error {
            Some((_, _, at)) if at == field => " aria-invalid=\"true\"",
            _ => "",
        }
    }
}

/// A page that ends here.
pub(super) fn problem(text: &str) -> HttpResponse {
    let body = format!(
        "<h1>This does not work</h1><div class=\"error\" role=\"alert\"><p>{}</p></div>\
         <p>Go back to the application you came from and try again. If that does not help, tell whoever runs it.</p>",
        escaped(text)
    );
    finish(reply::page(Some(Kind::Malformed)), "This does not work", &body, None)
}

/// The way to somebody else's sign-in. A page in between: a browser would count a redirect as a place that our form is
/// sent to, and the policy of the form's page names none but our own.
pub(super) fn away(name: &str, url: &str) -> HttpResponse {
    let (name, link) = (escaped(name), escaped(url));
    let body = format!("<h1>On to {name}</h1><p><a href=\"{link}\">Sign in with {name}</a></p>");
    let mut reply = reply::page(None);
    reply.insert_header(("refresh", format!("0;url={url}")));
    finish(reply, &format!("On to {name}"), &body, None)
}

/// Nobody is signed in any more.
pub(super) fn signed_out() -> HttpResponse {
    let body = "<h1>You are signed out</h1><p>You can close this window.</p>";
    finish(reply::page(None), "You are signed out", body, None)
}

/// Whether to sign out, where nobody has proved that the user wants it. `onward`: where he goes on to then.
pub(super) fn sign_out(request: &str, token: &str, onward: Option<&str>) -> HttpResponse {
    let body = format!(
        "<h1>Sign out?</h1><form method=\"post\" action=\"logout\">\
         <input type=\"hidden\" name=\"request\" value=\"{}\"><input type=\"hidden\" name=\"token\" value=\"{}\">\
         <button>Sign out</button></form>",
        escaped(request),
        escaped(token)
    );
    finish(reply::page(None), "Sign out?", &body, onward)
}

fn finish(mut reply: HttpResponseBuilder, title: &str, body: &str, target: Option<&str>) -> HttpResponse {
    // A browser counts the redirect that follows a form as a place the form is sent to.
    let target = target.and_then(origin).map(|origin| format!(" {origin}")).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'; \
         form-action 'self'{target}"
    );
    // With an empty icon, since browsers ask for one of a page that names none, and are not allowed to load it.
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><link rel=\"icon\" href=\"data:,\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title>\
         <link rel=\"stylesheet\" href=\"../oauth2/style.css\"></head><body><main>{body}</main></body></html>"
    );
    reply
        .content_type(ContentType::html())
        .insert_header((CONTENT_SECURITY_POLICY, policy))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header((X_FRAME_OPTIONS, "DENY"))
        .insert_header(("x-content-type-options", "nosniff"))
        .body(page)
}

/// An address as a policy names its place.
fn origin(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let named = match url.scheme() {
        "http" | "https" => url.origin().ascii_serialization(),
        scheme => format!("{scheme}:"),
    };
    named.chars().all(|c| c.is_ascii_graphic() && !matches!(c, ';' | ',' | '\'' | '"')).then_some(named)
}

/// The looks of all of them.
pub(in crate::http) async fn style() -> HttpResponse {
    reply::ok()
        .content_type("text/css; charset=utf-8")
        .insert_header((CACHE_CONTROL, "public, max-age=300"))
        .insert_header(("x-content-type-options", "nosniff"))
        .body(STYLE)
}
