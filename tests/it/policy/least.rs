//! What `*` does not mean, and what nobody gives himself.

use serde_json::json;

use super::{couple, holder, holder_of, policy};
use crate::client::{id, place};
use crate::sample::{user, with};

on_both!(every_type_does_not_mean_those_of_administration, |world| {
    let holder = holder(world, json!([{"resourceType": "*"}]));
    let ada = world.admin.create(&user("ada@example.com"));
    for kind in [
        "User",
        "AccessPolicy",
        "ProjectMembership",
        "ClientApplication",
        "AuditEvent",
        "Login",
        "UserSecurityRequest",
    ] {
        holder.get(kind).refused(403, "forbidden");
    }
    holder.get(&place(&ada)).refused(403, "forbidden");
    holder.post("User", &user("eve@example.com")).refused(403, "forbidden");
    let all = holder.get("/fhir/R4?_count=100").expect(200).text();
    assert!(!all.contains("\"User\"") && !all.contains("\"ClientApplication\""), "{all}");
    assert!(!holder.get("_history").expect(200).text().contains("\"User\""));
    holder.get("Patient?_has:Group:member:type=person").expect(200);
});

on_both!(a_type_of_administration_is_given_by_name, |world| {
    let ada = world.admin.create(&user("ada@example.com"));
    world.admin.create(&user("eve@example.com"));
    let holder = holder(
        world,
        json!([{"resourceType": "User", "criteria": "User?email=ada@example.com", "hiddenFields": ["lastName"]}]),
    );
    let seen = holder.get(&place(&ada)).expect(200).json();
    assert_eq!((&seen["email"], &seen["lastName"]), (&json!("ada@example.com"), &json!(null)));
    assert_eq!(holder.found("User"), [id(&ada)]);
    holder.update(&with(seen, json!({"firstName": "Augusta"})));
    assert_eq!(world.admin.get(&place(&ada)).expect(200).json()["lastName"], "Lovelace");
});

on_both!(whoever_has_a_policy_still_has_the_least, |world| {
    let holder = holder(world, json!([{"resourceType": "Patient"}]));
    let project = holder.get(&format!("Project/{}", world.project)).expect(200).json();
    assert_eq!(project["name"], "Project");
    assert_eq!(project["superAdmin"], json!(null));
    holder.get(&format!("Project/{}", world.other_project)).refused(403, "forbidden");
});

on_both!(nobody_gives_himself_rights, |world| {
    let given = policy(
        world,
        json!([
            {"resourceType": "AccessPolicy"}, {"resourceType": "ProjectMembership"}, {"resourceType": "Project"},
            {"resourceType": "Patient", "readonly": true}
        ]),
    );
    let holder = holder_of(world, &given);
    let own = holder.get(&given).expect(200).json();
    holder
        .put(&given, &with(own.clone(), json!({"resource": [{"resourceType": "*"}]})))
        .refused(403, "forbidden");
    holder
        .post("AccessPolicy", &json!({"resourceType": "AccessPolicy", "name": "Mine"}))
        .refused(403, "forbidden");
    holder.delete(&given).refused(403, "forbidden");
    for membership in holder.search("ProjectMembership") {
        let others = [
            json!({"admin": membership["admin"] != true}),
            json!({"accessPolicy": {"reference": "AccessPolicy/x"}}),
        ];
        for other in others {
            holder.put(&place(&membership), &with(membership.clone(), other)).refused(403, "forbidden");
        }
        holder.update(&with(membership, json!({"active": true})));
    }
    let project = holder.get(&format!("Project/{}", world.project)).expect(200).json();
    for other in [json!({"superAdmin": true}), json!({"features": ["email"]})] {
        let answer = holder.put(&place(&project), &with(project.clone(), other));
        assert!(matches!(answer.status, 403 | 422), "{}", answer.text());
    }
    let (woman, _) = couple(world);
    holder.put(&place(&woman), &with(woman.clone(), json!({"active": false}))).refused(403, "forbidden");
});
