//! What belongs to another project is not there: 404, where 403 would tell that it is.

use serde_json::{Value, json};

use crate::client::{Answer, Client, id, place};
use crate::sample::{organization, patient, user, with};
use crate::world::{World, register};

/// Every interaction with one resource.
fn touch(client: &Client, resource: &Value) -> Vec<Answer> {
    let place = place(resource);
    vec![
        client.get(&place),
        client.call("HEAD", &place).send(),
        client.get(&format!("{place}/_history")),
        client.get(&format!("{place}/_history/1")),
        client.get(&format!("{place}/_history/99")),
        client.call("PUT", &place).header("If-Match", "W/\"1\"").json(resource).send(),
    ]
}

fn one_of_each(world: &World) -> Vec<Value> {
    let (client, _) = register(&world.super_admin, &world.project, false);
    let client = world.admin.get(&format!("ClientApplication/{client}")).expect(200).json();
    let mut all: Vec<_> = [
        user("ada@example.com"),
        patient("A", "B"),
        organization("Clinic"),
        json!({"resourceType": "Practitioner", "name": [{"family": "P"}]}),
        json!({"resourceType": "Group", "type": "person", "actual": true, "name": "G"}),
        json!({"resourceType": "AccessPolicy", "name": "P"}),
    ]
    .iter()
    .map(|resource| world.admin.create(resource))
    .collect();
    all.push(client);
    all
}

on_both!(a_foreign_id_is_not_found_on_any_interaction, |world| {
    for resource in one_of_each(world) {
        for answer in touch(&world.stranger, &resource) {
            assert!(matches!(answer.status, 404 | 412), "{}: {answer:?}", place(&resource));
        }
        // As if nothing were there: deleting has no effect, and says no more than for an unknown id.
        let unknown =
            world.stranger.delete(&format!("{}/none", resource["resourceType"].as_str().expect("a type")));
        let foreign = world.stranger.delete(&place(&resource));
        assert_eq!(foreign.status, unknown.status, "{}", place(&resource));
        assert_eq!(world.admin.get(&place(&resource)).expect(200).json(), resource);
    }
});

on_both!(a_search_shows_nothing_of_another_project, |world| {
    for resource in one_of_each(world) {
        let kind = resource["resourceType"].as_str().expect("a type");
        let foreign = id(&resource);
        for query in [kind.to_owned(), format!("{kind}?_id={foreign}"), format!("{kind}?_total=accurate")] {
            let answer = world.stranger.get(&query).expect(200);
            assert!(!answer.text().contains(&format!("\"{foreign}\"")), "{query}: {}", answer.text());
        }
        let total = world.stranger.get(&format!("{kind}?_id={foreign}&_summary=count")).expect(200).json();
        assert_eq!(total["total"], 0, "{kind}");
    }
});

on_both!(a_foreign_project_and_its_memberships_are_not_there, |world| {
    let membership =
        world.super_admin.search(&format!("ProjectMembership?project={}", world.project)).remove(0);
    world.stranger.get(&place(&membership)).refused(404, "not-found");
    world.stranger.get(&format!("Project/{}", world.project)).refused(404, "not-found");
    for project in world.stranger.search("Project") {
        assert_eq!(id(&project), world.other_project);
    }
});

on_both!(nobody_makes_himself_a_member_elsewhere, |world| {
    let (client, _) = register(&world.super_admin, &world.project, false);
    let membership = |project: &str, meta: Value| {
        with(
            json!({
                "resourceType": "ProjectMembership",
                "project": {"reference": format!("Project/{project}")},
                "user": {"reference": format!("ClientApplication/{client}")},
                "profile": {"reference": format!("ClientApplication/{client}")},
                "admin": true
            }),
            meta,
        )
    };
    let of_other = format!("ProjectMembership?project={}", world.other_project);
    let before = world.super_admin.found(&of_other);
    for meta in [json!({}), json!({"meta": {"project": world.other_project}})] {
        let answer = world.admin.post("ProjectMembership", &membership(&world.other_project, meta));
        assert!((400..500).contains(&answer.status), "{}", answer.text());
    }
    assert_eq!(world.super_admin.found(&of_other), before);
});

on_both!(an_admin_makes_himself_no_super_admin, |world| {
    let project = world.admin.get(&format!("Project/{}", world.project)).expect(200).json();
    let answer = world.admin.put(&place(&project), &with(project.clone(), json!({"superAdmin": true})));
    assert!(answer.status < 500, "{}", answer.text());
    assert_ne!(world.super_admin.get(&place(&project)).expect(200).json()["superAdmin"], true);
    let answer =
        world.admin.post("Project", &json!({"resourceType": "Project", "name": "Mine", "superAdmin": true}));
    assert!((400..500).contains(&answer.status), "{}", answer.text());
});

on_both!(a_super_admin_sees_all, |world| {
    for resource in one_of_each(world) {
        world.super_admin.get(&place(&resource)).expect(200);
        let kind = resource["resourceType"].as_str().expect("a type");
        assert_eq!(world.super_admin.found(&format!("{kind}?_id={}", id(&resource))), [id(&resource)]);
    }
    let mut projects = world.super_admin.found("Project");
    projects.retain(|project| [&world.project, &world.other_project].contains(&project));
    assert_eq!(projects.len(), 2);
});

on_both!(a_namesake_deleted_elsewhere_is_not_in_the_way_of_a_super_admin, |world| {
    let stored = world.admin.create(&patient("A", "B"));
    let namesake = world.stranger.put(&place(&stored), &with(patient("C", "D"), json!({"id": stored["id"]})));
    namesake.expect(201);
    world.stranger.delete(&place(&stored)).expect(204);
    assert_eq!(world.super_admin.get(&place(&stored)).expect(200).json(), stored);
    world.super_admin.update(&with(stored, json!({"active": true})));
});
