//! Organizations: one's own, and those below it.

use serde_json::json;

use super::{Platform, delete, get, names, post, put, refused, result, taken};

on_both!(an_organization_is_found_by_its_number_and_its_guid, |world| {
    let platform = Platform::new(world, "Clinic");
    let project = &platform.keys.project;
    let org = result(&platform.owner, &format!("/org/{project}"));
    assert_eq!(
        (&org["name"], &org["guid"], &org["active"]),
        (&json!("Clinic"), &json!(project), &json!(true))
    );
    let number = org["org_id"].as_i64().expect("a number");
    assert_eq!(result(&platform.owner, &format!("/org/{number}"))["guid"], project.as_str());
    assert_eq!(result(&platform.owner, &format!("/org/{}", project.to_uppercase()))["org_id"], number);
    let changed =
        taken(put(&platform.owner, &format!("/org/{number}"), &json!({"name": "Hospital", "region": "EU"})));
    assert_eq!((&changed["name"], &changed["region"]), (&json!("Hospital"), &json!("EU")));
    assert_eq!(platform.api.get(&format!("Project/{project}")).expect(200).json()["name"], "Hospital");
    for wrong in [json!({"name": "x"}), json!({"region": "MARS"}), json!({"active": false})] {
        refused(put(&platform.owner, &format!("/org/{number}"), &wrong), 400);
    }
    refused(delete(&platform.owner, &format!("/org/{number}")), 403);
    for nowhere in ["0", "-1", "999999", "99999999999", "none"] {
        refused(get(&platform.owner, &format!("/org/{nowhere}")), 404);
    }
});

on_both!(an_administrator_runs_the_organizations_below_his_own, |world| {
    let platform = Platform::new(world, "Trust");
    platform.policy("developer");
    let below = platform.below(world, "Branch");
    let (_, member) = platform.person(world, "ada@example.com", false);
    let place = format!("/org/{below}");
    assert_eq!(result(&platform.api, &place)["name"], "Branch");
    refused(get(&member, &place), 404);
    let mine = names(&result(&platform.owner, "/user/organizations"), "name");
    assert_eq!(mine, ["Trust", "Branch"]);
    assert_eq!(names(&result(&member, "/user/organizations"), "name"), ["Trust"]);

    // Its people are those of the pool above, its roles those above it, too.
    let invite = json!({"email": "bo@example.com", "roles": ["developer"], "suppressEmail": true});
    let guid = taken(post(&platform.api, &format!("{place}/user"), &invite))["guid"]
        .as_str()
        .expect("a guid")
        .to_owned();
    let listed = result(&platform.api, &format!("{place}/user?sort=email"));
    assert_eq!(names(&listed, "guid"), std::slice::from_ref(&guid));
    assert_eq!(listed[0]["roles"], json!(["developer"]));
    assert_eq!(
        result(&platform.api, &format!("/user/{guid}"))["provider_guid"],
        platform.keys.project.as_str()
    );
    let own = format!("/org/{}/user", platform.keys.project);
    assert!(!names(&result(&platform.api, &own), "guid").contains(&guid));
    taken(put(&platform.api, &format!("{place}/user/{guid}"), &json!({"roles": ["administrator"]})));
    taken(put(&platform.api, &format!("{place}/user/{guid}/primary"), &json!({})));
    assert_eq!(taken(put(&platform.api, &place, &json!({"name": "Twig"})))["name"], "Twig");

    let team = json!({"name": "Away", "org_guid": below, "users": [{"guid": guid, "roles": ["developer"]}]});
    let team = taken(post(&platform.api, "/team", &team))["guid"].as_str().expect("a guid").to_owned();
    assert_eq!(result(&platform.api, &format!("/team/{team}"))["org_guid"], below.as_str());
    assert_eq!(
        names(&result(&platform.api, &format!("/team?org_id={below}")), "guid"),
        std::slice::from_ref(&team)
    );
    assert_eq!(result(&platform.api, "/team"), json!([]));

    let events = result(&platform.api, &format!("/activity?org_id={below}"));
    assert!(names(&events, "event").contains(&"platform.org.user.add".to_owned()), "{events}");
    assert_eq!(taken(delete(&platform.api, &place))["org_id"], listed[0]["org_id"]);
    refused(get(&platform.api, &place), 404);
    refused(get(&platform.api, &format!("/team/{team}")), 404);
});
