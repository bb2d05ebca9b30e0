//! `GET /openapi.json`: every route in the terms of OpenAPI 3.1 (<https://spec.openapis.org/oas/v3.1.1.html>).
//!
//! What is FHIR is derived from the definitions; each other room describes its routes in a file of its own beside them.
//! `tests/it/described.rs` holds the description to the routes and to what they answer.

mod entry;
mod shape;

use std::sync::Arc;

use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

pub(super) use entry::{By, Entry, FHIR, FORM, HTML, JSON, delete, get, patch, post, put};
pub(super) use shape::shape;

use super::rendered::Documents;
use super::reply::{self, Failure};
use super::{
    State, admin, auth, axway, commerce_layer, fhir, mailed, negotiate, oauth, page, scim, truto, workos,
};
use crate::definitions::{self, Definitions};

/// The same for everybody, as long as the definitions of the server are.
pub(super) async fn openapi(
    request: HttpRequest,
    state: web::Data<State>,
    documents: web::Data<Documents>,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let definitions = state.engine.definitions();
    let page = match documents.openapi.kept(&definitions) {
        Some(page) => page,
        None => {
            // With all types of a package it takes a moment.
            let (state, documents, definitions) =
                (state.clone(), documents.clone(), Arc::clone(&definitions));
            let render =
                move || documents.openapi.of(&definitions, || describe(&definitions, &state.public_url));
            web::block(render).await.map_err(crate::error::fault)?
        }
    };
    let mut reply = page.answer(&request, form, &reply::JSON)?;
    reply.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(reply)
}

/// The rooms: a name, what it is for, and its routes.
fn rooms(definitions: &Definitions) -> Vec<(String, String, Vec<Entry>)> {
    let room = |name: &str, description: &str, entries| (name.to_owned(), description.to_owned(), entries);
    let mut rooms = vec![
        room("Server", "What the server is, and whether it is well", page::describe()),
        room("Sign-in", "People sign in, in JSON: what Medplum's clients call", auth::describe()),
        room("OAuth", "OAuth 2.0, OpenID Connect and SMART App Launch", oauth::describe()),
        room("Mailed links", "Where the links in mail lead", mailed::describe()),
        room("Administration", "What admins do to their project", admin::describe()),
    ];
    rooms.extend(fhir::describe(definitions));
    rooms.extend([
        room("SCIM", "SCIM 2.0: users and groups that a directory elsewhere keeps", scim::describe()),
        room("Truto", "Truto's unified user directory, for the key of a project", truto::describe()),
        room("Axway", "Axway's Amplify platform", axway::describe()),
        room("Commerce Layer", "Commerce Layer's Provisioning API", commerce_layer::describe()),
        room(
            "WorkOS",
            "People and organizations as WorkOS has them, for the key of a project",
            workos::describe(),
        ),
    ]);
    rooms
}

/// The document, as seen under `public_url` (without a slash at its end).
pub fn describe(definitions: &Definitions, public_url: &str) -> Value {
    let (mut paths, mut tags) = (Map::new(), Vec::new());
    for (tag, description, entries) in rooms(definitions) {
        for entry in entries {
            let (path, method) = (entry.path.clone(), entry.method);
            let verbs = paths.entry(path).or_insert_with(|| json!({}));
            verbs[method] = entry.rendered(&tag);
        }
        tags.push(json!({ "name": tag, "description": description }));
    }
    let mut schemas = definitions::schemas(definitions);
    schemas.extend(own_schemas());
    json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
        "info": {
            "title": "Roster",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The user directory of healthcare software: FHIR R4, with User as a resource and a user database for every project. Whatever has GET has HEAD, too. Parameters of a search may be repeated, may have modifiers (`name:exact`) and may be chained (`user:User.email`).",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": public_url }],
        "externalDocs": { "url": format!("{public_url}/README.md") },
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": fhir::parameters(definitions),
            "headers": headers(),
            "responses": responses(),
            "examples": fhir::examples(definitions),
            "securitySchemes": security_schemes(public_url),
        },
    })
}

/// What is no type of the definitions.
fn own_schemas() -> Map<String, Value> {
    let shapes = [
        ("OAuthError", "{error: string, error_description?: string, *}"),
        (
            "JsonPatch",
            "[{op: 'add'|'remove'|'replace'|'move'|'copy'|'test', path: string, from?: string, value?: any}]",
        ),
    ];
    shapes.into_iter().map(|(name, text)| (name.to_owned(), shape(text))).collect()
}

fn headers() -> Value {
    let header = |description: &str| json!({ "description": description, "schema": { "type": "string" } });
    json!({
        "ETag": header("The version, as `W/\"1\"`"),
        "Last-Modified": header("When this version was written"),
        "Location": header("Where it is"),
        "Content-Location": header("Where the result will be"),
    })
}

fn responses() -> Value {
    let refused = |description: &str, forms: &[(&str, &str)]| {
        let content = forms.iter().map(|(media, of)| ((*media).to_owned(), json!({ "schema": shape(of) })));
        json!({ "description": description, "content": content.collect::<Map<_, _>>() })
    };
    json!({
        "Refused": refused("Refused; the issues say what and where", &[(FHIR, "OperationOutcome")]),
        "RefusedOAuth": refused(
            "Refused, in the words of OAuth or, where it is no matter of the protocol, by an OperationOutcome",
            &[(JSON, "OAuthError"), (FHIR, "OperationOutcome")]
        ),
        "RefusedPage": refused("Refused, by a page", &[(HTML, "string"), (FHIR, "OperationOutcome")]),
        "RefusedScim": refused(
            "Refused, in the words of SCIM",
            &[("application/scim+json", "{schemas: [string], status: string, scimType?: string, detail?: string}")]
        ),
        "RefusedTruto": refused("Refused, as Truto tells it", &[(JSON, "{statusCode: integer, error: string, message: string}")]),
        "RefusedCommerceLayer": refused(
            "Refused, by the errors of JSON:API",
            &[("application/vnd.api+json", "{errors: [object]}")]
        ),
        "RefusedWorkOS": refused(
            "Refused, as WorkOS tells it",
            &[(JSON, "{message?: string, code?: string, error?: string, error_description?: string, errors?: [object], *}")]
        ),
        "RefusedAxway": refused(
            "Refused, as Axway tells it",
            &[(JSON, "{success: boolean, code: integer, description: string, internalCode?: integer}")]
        ),
    })
}

fn security_schemes(public_url: &str) -> Value {
    let token = format!("{public_url}/oauth2/token");
    let scopes = json!({
        "openid": "Who the user is",
        "offline_access": "A refresh token",
        "system/*.cruds": "All that the client may",
        "user/*.cruds": "All that the user may",
    });
    json!({
        "bearer": { "type": "http", "scheme": "bearer", "description": "An access token, or the key of a client: `sk_CLIENT_SECRET`" },
        "basic": { "type": "http", "scheme": "basic", "description": "Id and secret of a client" },
        "oauth2": {
            "type": "oauth2",
            "flows": {
                "clientCredentials": { "tokenUrl": token, "scopes": scopes },
                "authorizationCode": {
                    "authorizationUrl": format!("{public_url}/oauth2/authorize"), "tokenUrl": token, "refreshUrl": token, "scopes": scopes
                }
            }
        },
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::Value;

    use super::describe;
    use crate::definitions::Definitions;

    fn walk<'v>(value: &'v Value, see: &mut impl FnMut(&'v Value)) {
        see(value);
        match value {
            Value::Object(object) => object.values().for_each(|value| walk(value, see)),
            Value::Array(list) => list.iter().for_each(|value| walk(value, see)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_leads_somewhere_and_every_name_is_there_once() {
        let definitions = Definitions::load(&[]).expect("definitions");
        let document = describe(&definitions, "https://roster.test");
        let mut references = HashSet::new();
        walk(&document, &mut |value| references.extend(value.get("$ref").and_then(Value::as_str)));
        let lost = |reference: &&str| document.pointer(reference.trim_start_matches('#')).is_none();
        let lost: Vec<&str> = references.into_iter().filter(lost).collect();
        assert!(lost.is_empty(), "{lost:?}");
        let mut ids = HashSet::new();
        for (path, verbs) in document["paths"].as_object().expect("paths") {
            for (method, operation) in verbs.as_object().expect("verbs") {
                assert!(ids.insert(operation["operationId"].as_str()), "{method} {path}");
            }
        }
        let mut unread = 0;
        // A notation that cannot be read.
        walk(&document, &mut |value| unread += usize::from(value.get("schema") == Some(&Value::Bool(true))));
        assert_eq!(unread, 0);
    }
}
