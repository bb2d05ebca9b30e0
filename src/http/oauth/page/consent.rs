//! What an application is about to be allowed (<https://www.rfc-editor.org/rfc/rfc6749#section-10.2>).

use actix_web::HttpResponse;

use super::Frame;
use crate::http::page::escaped;
use crate::identity::scope::{Context, Permission, Scopes};

/// `chooses`: whether the user may take single scopes away.
pub(in crate::http::oauth) fn consent(
    frame: &Frame<'_>,
    who: &str,
    scopes: &Scopes,
    chooses: bool,
) -> HttpResponse {
    let words = scopes.words.iter().map(|word| (word.clone(), in_words(word).to_owned()));
    let permissions = scopes.permissions.iter().map(|one| (one.to_string(), described(one)));
    let items: String = words
        .chain(permissions)
        .enumerate()
        .map(|(number, (scope, text))| {
            let text = escaped(&text);
            // Without this there is no sign-in at all.
            if chooses && scope != "openid" {
                format!(
                    "<li><label for=\"scope-{number}\"><input id=\"scope-{number}\" type=\"checkbox\" name=\"scope-{number}\" \
                     value=\"{}\" checked><span>{text}</span></label></li>",
                    escaped(&scope)
                )
            } else {
                format!(
                    "<li><input type=\"hidden\" name=\"scope-{number}\" value=\"{}\">{text}</li>",
                    escaped(&scope)
                )
            }
        })
        .collect();
    let fields = format!(
        "<p><strong>{}</strong> would like to:</p><ul class=\"scopes\">{items}</ul><button>Allow</button>",
        escaped(frame.client)
    );
    let device = match frame.device {
        Some(code) => format!(
            "<p class=\"note\">This connects a device. Allow it only if the device in front of you shows the code \
             <strong>{}</strong>.</p>",
            escaped(code)
        ),
        None => String::new(),
    };
    let content = format!(
        "{device}<p class=\"who\">Signed in as {}</p>{}{}",
        escaped(who),
        frame.form("consent", &fields),
        frame.form("cancel", "<button class=\"plain\">Deny</button>")
    );
    frame.page("Allow access?", &content)
}

fn in_words(word: &str) -> &'static str {
    match word {
        "openid" => "know that it is you",
        "profile" => "see your name and your profile",
        "fhirUser" => "see who you are in the health record",
        "email" => "see your e-mail address",
        "launch" => "know where it was opened from",
        "launch/patient" => "know which patient it is about",
        "offline_access" | "offline" => "keep its access while you are away",
        "online_access" => "keep its access while you are signed in",
        _ => "do something else",
    }
}

fn described(one: &Permission) -> String {
    let verbs = [('r', "read"), ('s', "search"), ('c', "create"), ('u', "change"), ('d', "delete")];
    let verbs: Vec<&str> =
        verbs.into_iter().filter(|(letter, _)| one.access.has(*letter)).map(|(_, verb)| verb).collect();
    let verbs = match verbs.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    };
    let what = if one.kind == "*" { "all records".to_owned() } else { format!("{} records", one.kind) };
    let whose = match one.context {
        Context::Patient => " of the patient",
        Context::User => " that you have access to",
        Context::System => "",
    };
    let narrowed = one.criteria.as_ref().map(|criteria| format!(" where {criteria}")).unwrap_or_default();
    format!("{verbs} {what}{whose}{narrowed}")
}
