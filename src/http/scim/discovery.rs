//! What the service offers (<https://www.rfc-editor.org/rfc/rfc7644#section-4>): for anybody, and never filtered.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::super::extract;
use super::super::parameters;
use super::answer::{self, LIST};
use super::refusal::{Refusal, Result, bad};
use super::schema::{self, Resource};
use super::{DEFAULT_PAGE, MAX_OPERATIONS, MAX_PAGE, MAX_PAYLOAD, base};
use crate::error::{forbidden, not_found};

const CONFIG: &str = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
const TYPE: &str = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";

pub(in crate::http) async fn service_provider_config(request: HttpRequest) -> Result<HttpResponse> {
    unfiltered(&request)?;
    let base = base(&request);
    let supported = |yes: bool| json!({ "supported": yes });
    answer::show(
        &request,
        &json!({
            "schemas": [CONFIG],
            "documentationUri": format!("{}/README.md", extract::state(&request).public_url),
            "patch": supported(true),
            "bulk": { "supported": true, "maxOperations": MAX_OPERATIONS, "maxPayloadSize": MAX_PAYLOAD },
            "filter": { "supported": true, "maxResults": MAX_PAGE },
            "changePassword": supported(true),
            "sort": supported(true),
            "etag": supported(true),
            "pagination": {
                "cursor": true, "index": true, "defaultPaginationMethod": "index",
                "defaultPageSize": DEFAULT_PAGE, "maxPageSize": MAX_PAGE,
            },
            "authenticationSchemes": [{
                "type": "oauthbearertoken",
                "name": "Bearer token",
                "description": "The key of an admin client of the project, or an access token of an admin",
                "specUri": "https://www.rfc-editor.org/rfc/rfc6750",
                "primary": true,
            }],
            "meta": { "resourceType": "ServiceProviderConfig", "location": format!("{base}/ServiceProviderConfig") },
        }),
    )
}

pub(in crate::http) async fn resource_types(request: HttpRequest) -> Result<HttpResponse> {
    unfiltered(&request)?;
    let base = base(&request);
    list(&request, schema::resources().iter().map(|kind| resource_type_of(kind, &base)).collect())
}

pub(in crate::http) async fn resource_type(request: HttpRequest) -> Result<HttpResponse> {
    unfiltered(&request)?;
    let name = request.match_info().get("id").unwrap_or_default();
    let kind = schema::resources().iter().find(|kind| kind.name == name);
    let kind = kind.ok_or_else(|| not_found(format!("there is no resource type '{name}'")))?;
    answer::show(&request, &resource_type_of(kind, &base(&request)))
}

pub(in crate::http) async fn schemas(request: HttpRequest) -> Result<HttpResponse> {
    unfiltered(&request)?;
    let base = base(&request);
    list(&request, schema::schemas().map(|schema| schema_of(schema, &base)).collect())
}

pub(in crate::http) async fn schema(request: HttpRequest) -> Result<HttpResponse> {
    unfiltered(&request)?;
    let id = request.match_info().get("id").unwrap_or_default();
    let schema = schema::schemas().find(|schema| schema.id.eq_ignore_ascii_case(id));
    let schema = schema.ok_or_else(|| not_found(format!("there is no schema '{id}'")))?;
    answer::show(&request, &schema_of(schema, &base(&request)))
}

fn resource_type_of(kind: &Resource, base: &str) -> Value {
    let extensions: Vec<Value> =
        kind.extensions.iter().map(|schema| json!({ "schema": schema.id, "required": false })).collect();
    let mut shown = json!({
        "schemas": [TYPE],
        "id": kind.name,
        "name": kind.name,
        "description": kind.description,
        "endpoint": kind.endpoint,
        "schema": kind.core.id,
        "meta": { "resourceType": "ResourceType", "location": format!("{base}/ResourceTypes/{}", kind.name) },
    });
    if !extensions.is_empty() {
        shown["schemaExtensions"] = extensions.into();
    }
    shown
}

fn schema_of(schema: &schema::Schema, base: &str) -> Value {
    let mut shown = schema.published.clone();
    shown["meta"] = json!({ "resourceType": "Schema", "location": format!("{base}/Schemas/{}", schema.id) });
    shown
}

fn list(request: &HttpRequest, resources: Vec<Value>) -> Result<HttpResponse> {
    let count = resources.len();
    answer::show(
        request,
        &json!({
            "schemas": [LIST], "totalResults": count, "itemsPerPage": count, "startIndex": 1, "Resources": resources
        }),
    )
}

/// A filter on these is forbidden, lest somebody take the answer for a filtered one.
fn unfiltered(request: &HttpRequest) -> Result<()> {
    for (name, _) in parameters::parse(request.query_string())? {
        match name.as_str() {
            "filter" => return Err(Refusal::from(forbidden("what describes the service is not filtered"))),
            // Nor sorted, nor paged (section 4).
            "aadOptscim062020" | "attributes" | "excludedAttributes" | "sortBy" | "sortOrder"
            | "startIndex" | "count" => {}
            _ => return Err(bad("invalidValue", format!("the parameter '{name}' is not known here"))),
        }
    }
    Ok(())
}
