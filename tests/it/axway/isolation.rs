//! Of another project there is nothing, by whatever id.

use serde_json::json;

use super::{Platform, delete, get, post, put, refused, result, taken};

on_both!(what_is_another_projects_is_not_there, |world| {
    let (ours, theirs) = (Platform::new(world, "Ours"), Platform::new(world, "Theirs"));
    let (guid, _) = theirs.person(world, "ada@example.com", false);
    let user = result(&theirs.api, &format!("/user/{guid}"))["user_id"].clone();
    let org = result(&theirs.api, "/auth/checkSession")["org_id"].clone();
    let team = taken(post(&theirs.api, "/team", &json!({"name": "Ward"})))["guid"]
        .as_str()
        .expect("a guid")
        .to_owned();
    let client = &theirs.keys.client_id;
    let theirs_guid = &theirs.keys.project;
    for place in [
        format!("/user/{guid}"),
        format!("/user/{user}"),
        format!("/org/{org}"),
        format!("/org/{theirs_guid}"),
        format!("/org/{org}/user"),
        format!("/org/{org}/user/{guid}"),
        format!("/org/{}/user/{guid}", ours.keys.project),
        format!("/org/{}/user/{client}", ours.keys.project),
        format!("/team/{team}"),
        format!("/team/{team}/user"),
        format!("/team?org_id={org}"),
        format!("/client/{client}"),
        format!("/client/{client}/json"),
        format!("/client?org_id={org}"),
        format!("/activity?org_id={org}"),
    ] {
        refused(get(&ours.api, &place), 404);
    }
    for place in
        [format!("/user/{guid}"), format!("/team/{team}"), format!("/client/{client}"), format!("/org/{org}")]
    {
        refused(delete(&ours.api, &place), 404);
    }
    refused(put(&ours.api, &format!("/user/profile/{user}"), &json!({"firstname": "Eve"})), 404);
    refused(put(&ours.api, &format!("/team/{team}"), &json!({"name": "Mine"})), 404);
    refused(put(&ours.api, &format!("/client/{client}"), &json!({"name": "Mine"})), 404);
    refused(put(&ours.api, &format!("/org/{org}"), &json!({"name": "Mine"})), 404);
    refused(post(&ours.api, &format!("/org/{org}/user"), &json!({"email": "eve@example.com"})), 404);
    refused(post(&ours.api, "/team", &json!({"name": "Mine", "org_guid": theirs_guid})), 404);
    let with = json!({"name": "Mine", "users": [{"guid": guid, "roles": ["developer"]}]});
    refused(post(&ours.api, "/team", &with), 404);
    let account = json!({"name": "Mine", "org_guid": theirs_guid, "type": "secret"});
    refused(post(&ours.api, "/client", &account), 404);
    refused(get(&ours.api, &format!("/user/{guid}?provider_guid={theirs_guid}")), 404);
    assert_eq!(ours.users(&format!("?user_id={user}")), [""; 0]);
    assert_eq!(ours.users("?email=ada@example.com"), [""; 0]);
    assert_eq!(result(&theirs.api, &format!("/user/{guid}"))["firstname"], "Ada");
});
