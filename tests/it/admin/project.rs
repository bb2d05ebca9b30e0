//! What an admin sees of his project and sets in it.

use serde_json::json;

use super::admin;

on_both!(an_admin_sees_and_sets_settings_secrets_and_sites, |world| {
    let place = format!("/admin/projects/{}", world.project);
    let settings = json!([{"name": "colour", "valueString": "blue"}, {"name": "many", "valueInteger": 3}]);
    let secrets = json!([{"name": "key", "valueString": "value"}]);
    let sites = json!([{"name": "app", "domain": ["app.example.com"]}]);
    for (call, body) in [("settings", &settings), ("secrets", &secrets), ("sites", &sites)] {
        let answer = world.admin.post(&admin(world, call), body).expect(200).json();
        assert_eq!(answer["resourceType"], "Project");
    }
    let shown = world.admin.get(&place).expect(200).json();
    let project = &shown["project"];
    assert_eq!((&project["id"], &project["name"]), (&json!(world.project), &json!("Project")));
    assert_eq!((&project["setting"], &project["secret"], &project["site"]), (&settings, &secrets, &sites));
    world.admin.post(&admin(world, "settings"), &json!([])).expect(200);
    assert!(world.admin.get(&place).expect(200).json()["project"]["setting"].is_null());
    for body in [
        json!({"name": "x"}),
        json!([{"valueString": "x"}]),
        json!([1]),
        json!([{"name": "x", "nonsense": 1}]),
    ] {
        let answer = world.admin.post(&admin(world, "settings"), &body);
        assert!(matches!(answer.status, 400 | 422), "{body}: {}", answer.text());
    }
    assert_eq!(world.admin.get(&place).expect(200).json()["project"]["secret"], secrets);
});

on_both!(a_member_sees_of_the_project_its_name_and_no_secret, |world| {
    let secrets = json!([{"name": "key", "valueString": "SENTINEL"}]);
    world.admin.post(&admin(world, "secrets"), &secrets).expect(200);
    let shown = world.member.get(&format!("Project/{}", world.project)).expect(200);
    assert!(!shown.text().contains("SENTINEL"), "{}", shown.text());
});
