//! As which member, and about which patient.

use actix_web::HttpResponse;
use serde_json::Value;

use super::Frame;
use crate::http::page::escaped;

pub(in crate::http::oauth) fn memberships(frame: &Frame<'_>, all: &[Value]) -> HttpResponse {
    let text = |one: &Value, pointer: &str| one.pointer(pointer).and_then(Value::as_str).map(escaped);
    let choices: String = all
        .iter()
        .map(|one| {
            let who = text(one, "/profile/display").or_else(|| text(one, "/profile/reference")).unwrap_or_default();
            let label = text(one, "/identifier/0/value").map(|label| format!(", {label}")).unwrap_or_default();
            // Of one name in one project, what he is there tells them apart.
            let kind = text(one, "/profile/reference").and_then(|profile| Some(format!("{}, ", profile.split_once('/')?.0)));
            format!(
                "<button class=\"choice\" name=\"membership\" value=\"{}\">{who}<small>{}{}{label}</small></button>",
                text(one, "/id").unwrap_or_default(),
                kind.unwrap_or_default(),
                text(one, "/project/display").or_else(|| text(one, "/project/reference")).unwrap_or_default(),
            )
        })
        .collect();
    let fields =
        format!("<fieldset><legend>You are known here in more than one way</legend>{choices}</fieldset>");
    frame.page("Who are you today?", &format!("{}{}", frame.form("choose", &fields), frame.cancel()))
}

/// `sought` is what the names were searched for.
pub(in crate::http::oauth) fn patients(
    frame: &Frame<'_>,
    found: &[Value],
    sought: &str,
    more: bool,
) -> HttpResponse {
    let search = format!(
        "<label for=\"name\">Search by name</label>\
         <input id=\"name\" name=\"name\" type=\"search\" value=\"{}\" autocomplete=\"off\">\
         <button class=\"plain\">Search</button>",
        escaped(sought)
    );
    let choices: String = found.iter().map(choice).collect();
    let choices = if found.is_empty() {
        "<p role=\"status\">No patient is found.</p>".to_owned()
    } else {
        let fields = format!("<fieldset><legend>Patients</legend>{choices}</fieldset>");
        frame.form("patient", &fields)
    };
    let rest = if more { "<p role=\"status\">There are more: search by name.</p>" } else { "" };
    let content = format!(
        "<p><strong>{}</strong> asks which patient it is about.</p>{}{choices}{rest}{}",
        escaped(frame.client),
        frame.form("find", &search),
        frame.cancel()
    );
    frame.page("Choose a patient", &content)
}

fn choice(patient: &Value) -> String {
    let text = |pointer: &str| patient.pointer(pointer).and_then(Value::as_str);
    let given = patient.pointer("/name/0/given").and_then(Value::as_array).into_iter().flatten();
    let words: Vec<&str> = given.filter_map(Value::as_str).chain(text("/name/0/family")).collect();
    let name = match text("/name/0/text") {
        Some(name) => name.to_owned(),
        None if words.is_empty() => "A patient without a name".to_owned(),
        None => words.join(" "),
    };
    let facts: Vec<String> = [
        text("/birthDate").map(|date| format!("born {date}")),
        text("/gender").map(str::to_owned),
        text("/identifier/0/value").map(|value| format!("no. {value}")),
    ]
    .into_iter()
    .flatten()
    .collect();
    format!(
        "<button class=\"choice\" name=\"patient\" value=\"{}\">{}<small>{}</small></button>",
        escaped(text("/id").unwrap_or_default()),
        escaped(&name),
        escaped(&facts.join(", "))
    )
}
