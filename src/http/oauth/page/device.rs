//! Where the code of a device without a browser is typed, and where it ends.

use actix_web::HttpResponse;

use super::finish;
use crate::error::Error;
use crate::http::page::{escaped, sentence};
use crate::http::reply;

pub(in crate::http::oauth) fn user_code(token: &str, code: &str, error: Option<&Error>) -> HttpResponse {
    let text = error.and_then(|error| error.issues.first()).map(|issue| sentence(&issue.text));
    let top = match &text {
        Some(text) => format!(
            "<div class=\"error\" role=\"alert\" tabindex=\"-1\"><h2>There is a problem</h2>\
             <p><a href=\"#user_code\">{}</a></p></div>",
            escaped(text)
        ),
        None => String::new(),
    };
    let (invalid, prefix) = if error.is_some() { (" aria-invalid=\"true\"", "Error: ") } else { ("", "") };
    let body = format!(
        "<h1>Connect a device</h1>{top}<form method=\"post\" action=\"../oauth2/device\">\
         <input type=\"hidden\" name=\"token\" value=\"{}\">\
         <label for=\"user_code\">Code</label>\
         <p id=\"hint\">Enter the code that the device in front of you shows. Enter none that somebody sent you.</p>\
         <input id=\"user_code\" name=\"user_code\" type=\"text\" autocomplete=\"off\" aria-describedby=\"hint\" \
         spellcheck=\"false\" autocapitalize=\"characters\" required autofocus value=\"{}\"{invalid}>\
         <button>Go on</button></form>",
        escaped(token),
        escaped(code),
    );
    finish(reply::page(error.map(|error| error.kind)), &format!("{prefix}Connect a device"), &body, None)
}

/// What the device is about to learn.
pub(in crate::http::oauth) fn device_answered(client: &str, allowed: bool) -> HttpResponse {
    let (title, text) = match allowed {
        true => {
            ("Your device is connected", "has what it asked for. Go back to it: you can close this window.")
        }
        false => ("Your device is not connected", "was denied. You can close this window."),
    };
    let body = format!("<h1>{title}</h1><p><strong>{}</strong> {text}</p>", escaped(client));
    finish(reply::page(None), title, &body, None)
}
