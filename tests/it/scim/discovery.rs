//! What the service says of itself: <https://www.rfc-editor.org/rfc/rfc7644#section-4>.

use serde_json::json;

use super::{ENTERPRISE, GROUP, Scim, USER, refused};

on_both!(anybody_may_read_what_is_offered, |world| {
    let get = |place: &str| world.anonymous.get(&format!("/scim/v2{place}")).expect(200).json();
    let config = get("/ServiceProviderConfig");
    for offered in ["patch", "bulk", "filter", "changePassword", "sort", "etag"] {
        assert_eq!(config[offered]["supported"], true, "{offered}");
    }
    assert_eq!(config["pagination"]["cursor"], true);
    let types = get("/ResourceTypes");
    assert_eq!(types["totalResults"], 2);
    let user = get("/ResourceTypes/User");
    assert_eq!(user["schema"], USER);
    assert_eq!(user["schemaExtensions"], json!([{ "schema": ENTERPRISE, "required": false }]));
    let schemas = get("/Schemas");
    let ids: Vec<&str> = schemas["Resources"]
        .as_array()
        .expect("schemas")
        .iter()
        .filter_map(|one| one["id"].as_str())
        .collect();
    for known in [USER, GROUP, ENTERPRISE] {
        assert!(ids.contains(&known), "{known}");
        assert_eq!(get(&format!("/Schemas/{known}"))["id"], known);
    }
    let attributes = get(&format!("/Schemas/{USER}"))["attributes"].clone();
    let name = attributes.as_array().expect("attributes").iter().find(|one| one["name"] == "userName");
    let name = name.expect("userName");
    assert_eq!(name["uniqueness"], "server");
    assert_eq!(name["required"], true);
    assert!(name.get("text").is_none(), "what is ours is not published: {name}");
});

on_both!(it_is_not_filtered_and_not_written, |world| {
    let scim = Scim::of(world);
    for place in ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas"] {
        refused(scim.get(&format!("{place}?filter=id eq \"x\"")), 403, None);
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            let answer = scim.send(method, place, &json!({}));
            assert_eq!(answer.header("Allow"), Some("GET, HEAD"));
            refused(answer, 405, None);
        }
        refused(scim.get(&format!("{place}/none")), 404, None);
    }
    refused(scim.get("/"), 404, None);
});
