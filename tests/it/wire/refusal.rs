//! Every sort of refusal, with the code and the place that its OperationOutcome names
//! (<https://hl7.org/fhir/R4/http.html#Status-Codes>, <https://hl7.org/fhir/R4/operationoutcome.html>).

use serde_json::{Value, json};

use crate::client::{Client, place};
use crate::sample::{patient, user, with};
use crate::wire::case::{Case, FHIR, PATCH, case, judge};

fn bundle(kind: &str, entries: Value) -> Value {
    json!({"resourceType": "Bundle", "type": kind, "entry": entries})
}

fn entry(method: &str, url: &str, resource: Value) -> Value {
    let mut entry = json!({"request": {"method": method, "url": url}});
    if !resource.is_null() {
        entry["resource"] = resource;
    }
    entry
}

fn wrong_resources() -> Vec<Case> {
    let post = |body: Value, status, code| case("POST Patient", status, code).sending(FHIR, body);
    let text = |body: &str| case("POST Patient", 400, "structure").sending(FHIR, body);
    let element = |elements: Value, code| post(with(patient("A", "B"), elements), 422, code);
    vec![
        text("{"),
        text("[]"),
        text("5"),
        text("null"),
        text(""),
        text("\u{feff}"),
        text(r#"{"resourceType":"Patient","id":"a","id":"b"}"#),
        text(r#"{"resourceType":"Patient"} x"#),
        text(r#"{"resourceType":"Patient","birthDate":01}"#),
        text("{'resourceType':'Patient'}"),
        post(json!({}), 400, "required").at("resourceType"),
        post(json!({"resourceType": "Organization"}), 400, "invalid").at("resourceType"),
        post(json!({"resourceType": 5}), 400, "required").at("resourceType"),
        element(json!({"birthDate": "x"}), "value").at("Patient.birthDate"),
        element(json!({"active": "yes"}), "structure").at("Patient.active"),
        element(json!({"active": null}), "value").at("Patient.active"),
        element(json!({"language": ""}), "value").at("Patient.language"),
        element(json!({"address": []}), "structure").at("Patient.address"),
        element(json!({"maritalStatus": {}}), "structure").at("Patient.maritalStatus"),
        element(json!({"gender": "x"}), "code-invalid").at("Patient.gender"),
        element(json!({"nonsense": 1}), "structure").at("Patient.nonsense"),
        element(json!({"name": [{"given": ["A"], "nonsense": 1}]}), "structure")
            .at("Patient.name[0].nonsense"),
        element(json!({"birthDate": ["1980"]}), "structure").at("Patient.birthDate"),
        element(json!({"name": {"family": "A"}}), "structure").at("Patient.name"),
        element(json!({"contact": [{"gender": "male"}]}), "invariant").at("Patient.contact[0]"),
        element(json!({"deceasedBoolean": true, "deceasedDateTime": "2020"}), "structure"),
        element(json!({"managingOrganization": {"reference": "Device/1"}}), "value"),
        case("POST Endpoint", 422, "required")
            .sending(FHIR, json!({"resourceType": "Endpoint"}))
            .at("Endpoint.status"),
        case("POST NoSuchType", 404, "not-supported").sending(FHIR, json!({"resourceType": "NoSuchType"})),
    ]
}

on_both!(wrong_resources_are_told_where_they_are_wrong, |world| {
    judge(&world.admin, wrong_resources());
    assert!(world.admin.search("Patient").is_empty());
});

on_both!(wrong_media_are_refused, |world| {
    let stored = world.admin.create(&patient("A", "B"));
    let body = patient("A", "B");
    judge(
        &world.admin,
        vec![
            case("POST Patient", 415, "not-supported").sending("text/plain", &body),
            case("POST Patient", 415, "not-supported").sending("application/fhir+xml", &body),
            case("POST Patient", 415, "not-supported")
                .sending("application/fhir+json; fhirVersion=5.0", &body),
            case("PUT HERE", 415, "not-supported").to(&stored).sending("text/plain", &body),
            case("PATCH HERE", 415, "not-supported")
                .to(&stored)
                .sending("application/merge-patch+json", "{}"),
            case("PATCH HERE", 415, "not-supported")
                .to(&stored)
                .sending("application/xml-patch+xml", "<diff/>"),
            case("POST Patient/_search", 415, "not-supported").sending("application/json", "{}"),
            case("POST /fhir/R4", 415, "not-supported").sending("application/fhir+xml", "<Bundle/>"),
            case("POST Patient", 415, "not-supported").with("Content-Encoding", "br").sending(FHIR, &body),
            case("GET HERE", 406, "not-supported").to(&stored).with("Accept", "image/png"),
            case("GET HERE", 406, "not-supported").to(&stored).with("Accept", "application/fhir+xml"),
            case("GET HERE?_format=xml", 406, "not-supported").to(&stored),
            case("GET Patient?_format=ttl", 406, "not-supported"),
            case("GET metadata?_format=xml", 406, "not-supported"),
        ],
    );
});

on_both!(what_is_not_there_or_not_possible_is_told_so, |world| {
    let stored = world.admin.create(&patient("A", "B"));
    let gone = world.admin.create(&patient("A", "B"));
    world.admin.delete(&place(&gone)).expect(204);
    let other = with(stored.clone(), json!({"id": "other"}));
    let long: &'static str = "GET Patient/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    judge(
        &world.admin,
        vec![
            case("GET NoSuchType", 404, "not-supported"),
            case("GET patient/1", 404, "not-supported"),
            case("GET Patient/none", 404, "not-found"),
            case(long, 404, "not-found"),
            case("GET Patient/a%20b", 404, "not-found"),
            case("GET HERE", 410, "deleted").to(&gone),
            case("GET HERE/_history/9", 404, "not-found").to(&stored),
            case("GET HERE/_history/x", 404, "not-found").to(&stored),
            case("GET HERE/_history/2", 410, "deleted").to(&gone),
            case("GET Patient/none/_history", 404, "not-found"),
            case("GET HERE?nonsense=1", 400, "not-supported").to(&stored).at("nonsense"),
            case("GET HERE/_history?_since=x", 400, "value").to(&stored).at("_since"),
            case("GET HERE/_history?_at=x", 400, "value").to(&stored).at("_at"),
            case("GET HERE/_history?_count=0", 400, "value").to(&stored).at("_count"),
            case("GET HERE/_history?_sort=x", 400, "not-supported").to(&stored).at("_sort"),
            case("GET Patient/_history?_list=1", 400, "not-supported").at("_list"),
            case("POST HERE", 405, "not-supported").to(&stored).sending(FHIR, &stored),
            case("PUT metadata", 405, "not-supported").sending(FHIR, &stored),
            case("DELETE HERE/_history/1", 405, "not-supported").to(&stored),
            case("GET Patient/$nonsense", 501, "not-supported"),
            case("GET $export", 501, "not-supported"),
            case("POST Patient/$nonsense", 501, "not-supported").sending(FHIR, &stored),
            case("PUT HERE", 400, "value").to(&stored).sending(FHIR, &other).at("Patient.id"),
            case("PUT HERE", 400, "required").to(&stored).sending(FHIR, patient("A", "B")).at("Patient.id"),
            case("PUT Patient/a_b", 400, "value")
                .sending(FHIR, with(patient("A", "B"), json!({"id": "a_b"}))),
            case("PUT Patient", 400, "required").sending(FHIR, &stored),
            case("DELETE Patient", 400, "required"),
            case("PATCH Patient/none", 404, "not-found").sending(PATCH, "[]"),
            case("PATCH HERE", 410, "deleted").to(&gone).sending(PATCH, "[]"),
        ],
    );
});

on_both!(what_stands_in_the_way_is_named, |world| {
    let stored = world.admin.create(&patient("A", "B"));
    let twin = || with(patient("Twin", "B"), json!({"identifier": [{"system": "urn:t", "value": "1"}]}));
    world.admin.create(&twin());
    world.admin.create(&twin());
    world.admin.create(&user("taken@example.com"));
    let stale = "W/\"7\"";
    let put = |status, code| case("PUT HERE", status, code).to(&stored).sending(FHIR, &stored);
    judge(
        &world.admin,
        vec![
            put(412, "conflict").with("If-Match", stale).at("If-Match"),
            put(400, "value").with("If-Match", "nonsense").at("If-Match"),
            put(412, "conflict").with("If-None-Match", "*").at("If-None-Match"),
            put(400, "value").with("If-None-Match", "*").with("If-Match", "W/\"1\"").at("If-None-Match"),
            case("PATCH HERE", 412, "conflict")
                .to(&stored)
                .with("If-Match", stale)
                .sending(PATCH, "[]")
                .at("If-Match"),
            case("DELETE HERE", 412, "conflict").to(&stored).with("If-Match", stale).at("If-Match"),
            case("POST Patient", 412, "multiple-matches")
                .with("If-None-Exist", "identifier=urn:t|1")
                .sending(FHIR, twin())
                .at("If-None-Exist"),
            case("POST Patient", 400, "required")
                .with("If-None-Exist", "")
                .sending(FHIR, twin())
                .at("If-None-Exist"),
            case("POST Patient", 400, "not-supported")
                .with("If-None-Exist", "nonsense=1")
                .sending(FHIR, twin()),
            case("PUT Patient?identifier=urn:t|1", 412, "multiple-matches").sending(FHIR, twin()),
            case("PATCH Patient?identifier=urn:t|1", 412, "multiple-matches").sending(PATCH, "[]"),
            case("PATCH Patient?identifier=urn:t|none", 404, "not-found").sending(PATCH, "[]"),
            case("DELETE Patient?identifier=urn:t|1", 412, "multiple-matches"),
            case("POST User", 409, "duplicate").sending(FHIR, user("taken@example.com")).at("User.email"),
        ],
    );
    assert_eq!(world.admin.search("Patient").len(), 3);
});

on_both!(a_patch_that_cannot_be_done_changes_nothing, |world| {
    let stored = world.admin.create(&with(patient("A", "B"), json!({"active": true})));
    let json_patch =
        |status, code, patch: Value| case("PATCH HERE", status, code).to(&stored).sending(PATCH, patch);
    let path_patch = |status, code, parts: Value| {
        let body = json!({"resourceType": "Parameters", "parameter": [{"name": "operation", "part": parts}]});
        case("PATCH HERE", status, code).to(&stored).sending(FHIR, body)
    };
    let replace = |path: &str| {
        json!([{"name": "type", "valueCode": "replace"}, {"name": "path", "valueString": path},
            {"name": "value", "valueBoolean": false}])
    };
    judge(
        &world.admin,
        vec![
            json_patch(400, "structure", json!({})),
            json_patch(400, "structure", json!([{"op": "nonsense", "path": "/active"}])).at("[0]"),
            json_patch(400, "structure", json!([{"op": "remove"}])).at("[0]"),
            json_patch(422, "processing", json!([{"op": "test", "path": "/active", "value": false}]))
                .at("[0]"),
            json_patch(422, "processing", json!([{"op": "remove", "path": "/birthDate"}])).at("[0]"),
            json_patch(422, "structure", json!([{"op": "replace", "path": "/active", "value": "x"}]))
                .at("Patient.active"),
            json_patch(422, "structure", json!([{"op": "add", "path": "/nonsense", "value": 1}]))
                .at("Patient.nonsense"),
            path_patch(400, "required", json!([])),
            path_patch(422, "processing", replace("Patient.birthDate")),
            path_patch(400, "value", replace("Patient.active(")),
            path_patch(422, "processing", replace("Patient.name.given | Patient.active")),
            case("PATCH HERE", 400, "structure").to(&stored).sending(PATCH, "{"),
            case("PATCH HERE", 400, "structure").to(&stored).sending(FHIR, "{"),
        ],
    );
    assert_eq!(world.admin.get(&place(&stored)).expect(200).json(), stored);
});

on_both!(who_may_not_is_told_so, |world| {
    let stored = world.admin.create(&patient("A", "B"));
    let forged = Client::with_token(&world.server.address, "forged");
    for client in [&world.anonymous, &forged] {
        judge(
            client,
            vec![
                case("GET HERE", 401, "login").to(&stored),
                case("GET Patient", 401, "login"),
                case("POST Patient", 401, "login").sending(FHIR, patient("A", "B")),
                case("PUT HERE", 401, "login").to(&stored).sending(FHIR, &stored),
                case("DELETE HERE", 401, "login").to(&stored),
                case("POST /fhir/R4", 401, "login").sending(FHIR, bundle("batch", json!([]))),
                case("GET _history", 401, "login"),
            ],
        );
    }
    judge(
        &world.member,
        vec![
            case("GET HERE", 403, "forbidden").to(&stored),
            case("GET Patient", 403, "forbidden"),
            case("POST Patient", 403, "forbidden").sending(FHIR, patient("A", "B")),
            case("DELETE HERE", 403, "forbidden").to(&stored),
        ],
    );
    // To him it does not exist.
    judge(
        &world.stranger,
        vec![
            case("GET HERE", 404, "not-found").to(&stored),
            case("GET HERE/_history", 404, "not-found").to(&stored),
            case("PATCH HERE", 404, "not-found").to(&stored).sending(PATCH, "[]"),
        ],
    );
});

on_both!(a_question_that_is_none_is_told_by_its_parameter, |world| {
    judge(
        &world.admin,
        vec![
            case("GET Patient?nonsense=1", 400, "not-supported").at("nonsense"),
            case("GET Patient?nonsense=1", 400, "not-supported")
                .with("Prefer", "handling=strict")
                .at("nonsense"),
            case("GET Patient?family:foo=1", 400, "not-supported")
                .with("Prefer", "handling=lenient")
                .at("family:foo"),
            case("GET Patient?birthdate=x", 400, "value").at("birthdate"),
            case("GET Patient?_count=-1", 400, "value").at("_count"),
            case("GET Patient?_sort=nonsense", 400, "not-supported").at("_sort"),
            case("GET Patient?_total=x", 400, "value").at("_total"),
            case("GET Patient?_summary=x", 400, "value").at("_summary"),
            case("GET Patient?_cursor=x", 400, "value").at("_cursor"),
            case("GET Patient?family=%ff", 400, "structure"),
        ],
    );
});

on_both!(a_bundle_is_refused_by_the_entry, |world| {
    let post = |status, code, body: Value| case("POST /fhir/R4", status, code).sending(FHIR, body);
    let good = entry("POST", "Patient", patient("A", "B"));
    let twice = json!([
        entry("PUT", "Patient/x", with(patient("A", "B"), json!({"id": "x"}))),
        entry("PUT", "Patient/x", with(patient("C", "D"), json!({"id": "x"}))),
    ]);
    let broken = entry("POST", "Patient", json!({"resourceType": "Patient", "gender": "x"}));
    let bound =
        with(patient("A", "B"), json!({"managingOrganization": {"reference": "Organization?name=none"}}));
    judge(
        &world.admin,
        vec![
            post(400, "invalid", json!({"resourceType": "Patient"})).at("resourceType"),
            post(400, "value", bundle("collection", json!([good]))).at("Bundle.type"),
            post(400, "value", bundle("searchset", json!([{"resource": patient("A", "B")}])))
                .at("Bundle.type"),
            post(400, "value", bundle("nonsense", json!([good]))).at("Bundle.type"),
            post(422, "required", json!({"resourceType": "Bundle"})).at("Bundle.type"),
            post(422, "code-invalid", bundle("transaction", json!([good, broken])))
                .at("Bundle.entry[1].resource.gender"),
            post(400, "duplicate", bundle("transaction", twice)).at("Bundle.entry[1]"),
            post(
                404,
                "not-supported",
                bundle("transaction", json!([good, entry("GET", "Nonsense", json!(null))])),
            ),
            post(
                404,
                "not-found",
                bundle("transaction", json!([good, entry("GET", "Patient/none", json!(null))])),
            ),
            post(400, "required", bundle("transaction", json!([good, {"resource": patient("A", "B")}]))),
            post(412, "not-found", bundle("transaction", json!([good, entry("POST", "Patient", bound)]))),
            post(
                501,
                "not-supported",
                bundle("transaction", json!([entry("POST", "/", bundle("batch", json!([])))])),
            ),
        ],
    );
    assert!(world.admin.search("Patient").is_empty());
});

on_both!(what_is_too_large_is_told_so, |config| config.max_body = 10_000, |world| {
    let large = patient("A", &"x".repeat(10_000));
    judge(
        &world.admin,
        vec![
            case("POST Patient", 413, "too-long").sending(FHIR, &large),
            case("POST /fhir/R4", 413, "too-long").sending(FHIR, &large),
            case("PUT Patient/x", 413, "too-long").sending(FHIR, &large),
            case("PATCH Patient/x", 413, "too-long").sending(PATCH, &large),
            case("POST Patient/_search", 413, "too-long")
                .sending("application/x-www-form-urlencoded", format!("family={}", "x".repeat(10_000))),
        ],
    );
    world.admin.create(&patient("Still", "Here"));
});

on_both!(what_is_of_other_standards_and_versions_is_refused, |world| {
    let stored = world.admin.create(&patient("A", "B"));
    let post = |request, kind: &str| {
        case(request, 404, "not-supported").sending(FHIR, json!({"resourceType": kind}))
    };
    judge(
        &world.admin,
        vec![
            case("GET Patient?_score=1", 400, "not-supported").at("_score"),
            case("GET Patient?_maxresults=1", 400, "not-supported").at("_maxresults"),
            case("GET Patient?_in=Group/1", 400, "not-supported").at("_in"),
            case("GET Patient?_query=current", 400, "not-supported").at("_query"),
            case("GET Patient?gender:code-text=m", 400, "not-supported").at("gender:code-text"),
            case("GET HERE/_history?_sort=-_lastUpdated", 400, "not-supported").to(&stored).at("_sort"),
            case("DELETE HERE/_history", 405, "not-supported").to(&stored),
            case("DELETE HERE/_history/1", 405, "not-supported").to(&stored),
            case("GET Patient/$export", 501, "not-supported"),
            case("GET Group/1/$export", 501, "not-supported"),
            case("POST $import", 501, "not-supported").sending(FHIR, "{}"),
            case("GET ViewDefinition/1/$run", 501, "not-supported"),
            post("POST ViewDefinition", "ViewDefinition"),
            post("POST SubscriptionTopic", "SubscriptionTopic"),
        ],
    );
});
