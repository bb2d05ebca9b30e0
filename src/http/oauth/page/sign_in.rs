//! E-mail and password, the way to sign in elsewhere, and the second factor.

use actix_web::HttpResponse;

use super::Frame;
use super::forgotten::way;
use crate::http::page::escaped;

pub(in crate::http::oauth) fn password(
    frame: &Frame<'_>,
    welcome: Option<&str>,
    email: &str,
    provider: Option<&str>,
) -> HttpResponse {
    let autofocus = |here: bool| if here { " autofocus" } else { "" };
    let fields = format!(
        "<label for=\"email\">E-mail</label>\
         <input id=\"email\" name=\"email\" type=\"email\" autocomplete=\"username\" required value=\"{}\"{}{}>\
         <label for=\"password\">Password</label>\
         <input id=\"password\" name=\"password\" type=\"password\" autocomplete=\"current-password\" required{}{}>\
         <button>Sign in</button>",
        escaped(email),
        frame.describes("email"),
        autofocus(email.is_empty()),
        frame.describes("password"),
        autofocus(!email.is_empty()),
    );
    let forms = frame.form("password", &fields);
    begin(frame, welcome, provider, &forms)
}

/// The e-mail first: it may be of a domain whose people sign in elsewhere.
pub(in crate::http::oauth) fn email(
    frame: &Frame<'_>,
    welcome: Option<&str>,
    provider: Option<&str>,
) -> HttpResponse {
    let fields = format!(
        "<label for=\"email\">E-mail</label>\
         <input id=\"email\" name=\"email\" type=\"email\" autocomplete=\"username\" required autofocus{}>\
         <button>Go on</button>",
        frame.describes("email"),
    );
    let forms = frame.form("email", &fields);
    begin(frame, welcome, provider, &forms)
}

fn begin(frame: &Frame<'_>, welcome: Option<&str>, provider: Option<&str>, forms: &str) -> HttpResponse {
    let intro = match welcome {
        Some(welcome) => escaped(welcome),
        None => format!("to go on to <strong>{}</strong>", escaped(frame.client)),
    };
    let other = match provider {
        Some(name) => {
            let label = format!("<button class=\"plain\">Sign in with {}</button>", escaped(name));
            frame.form("provider", &label)
        }
        None => String::new(),
    };
    let forgotten = way(frame);
    let content = format!("<p>{intro}</p>{forms}{other}{forgotten}{}", frame.cancel());
    frame.page("Sign in", &content)
}

pub(in crate::http::oauth) fn factor(
    frame: &Frame<'_>,
    methods: &[&str],
    email: Option<&str>,
) -> HttpResponse {
    let by_mail = methods.contains(&"email");
    let hint = match (methods.contains(&"totp"), email) {
        (true, _) => {
            "Enter the code that your authenticator app shows, or one of your recovery codes.".to_owned()
        }
        (false, Some(email)) => format!("Enter the code that was mailed to {}.", escaped(email)),
        (false, None) => "Enter the code that was mailed to you.".to_owned(),
    };
    let fields = format!(
        "<label for=\"code\">Code</label><p id=\"hint\">{hint}</p>\
         <input id=\"code\" name=\"code\" type=\"text\" autocomplete=\"one-time-code\" aria-describedby=\"hint\" \
         spellcheck=\"false\" autocapitalize=\"none\" required autofocus{}><button>Go on</button>",
        frame.describes("code")
    );
    let mail = if by_mail {
        frame.form("mail", "<button class=\"plain\">Mail me a code</button>")
    } else {
        String::new()
    };
    frame.page("Prove it is you", &format!("{}{mail}{}", frame.form("factor", &fields), frame.cancel()))
}

pub(in crate::http::oauth) fn enroll(frame: &Frame<'_>, uri: &str, picture: Option<&str>) -> HttpResponse {
    let picture = picture
        .filter(|picture| picture.starts_with("data:image/"))
        .map(|picture| {
            format!(
                "<img class=\"qr\" alt=\"The same address as a picture for your app\" src=\"{}\">",
                escaped(picture)
            )
        })
        .unwrap_or_default();
    let fields = format!(
        "<p>You need a second factor. Add this to an authenticator app, then enter the code it shows.</p>{picture}\
         <p><code>{}</code></p>\
         <label for=\"code\">Code</label>\
         <input id=\"code\" name=\"code\" type=\"text\" inputmode=\"numeric\" autocomplete=\"one-time-code\" required{}>\
         <button>Set it up</button>",
        escaped(uri),
        frame.describes("code")
    );
    frame.page("Set up a second factor", &format!("{}{}", frame.form("enroll", &fields), frame.cancel()))
}

/// Recovery codes, shown once.
pub(in crate::http::oauth) fn recovery(frame: &Frame<'_>, codes: &[String]) -> HttpResponse {
    let codes: String = codes.iter().map(|code| format!("<li>{}</li>", escaped(code))).collect();
    let content = format!(
        "<p>Each of these opens the door once if you lose your app. They are not shown again: write them down.</p>\
         <ul class=\"codes\">{codes}</ul>{}",
        frame.form("go", "<button autofocus>I have written them down</button>")
    );
    frame.page("Your recovery codes", &content)
}
