//! What is searched: the whole server (<https://hl7.org/fhir/R4/http.html#vsearch>) or a compartment
//! (<https://hl7.org/fhir/R4/compartmentdefinition.html>).

use serde_json::json;

use crate::client::{id, place};
use crate::sample::{organization, patient, with};

on_both!(several_types_are_searched_at_once, |world| {
    let one = world.admin.create(&patient("Chalmers", "1"));
    let two = world.admin.create(&organization("Hospital"));
    let found = world.admin.found(&format!("?_id={},{}", id(&one), id(&two)));
    assert_eq!(found.len(), 2);
    assert_eq!(world.admin.found(&format!("?_type=Organization&_id={},{}", id(&one), id(&two))), [id(&two)]);
    let sorted = world.admin.found("?_type=Organization,Patient&_sort=-_lastUpdated");
    assert_eq!(sorted, [id(&two), id(&one)]);
    let posted =
        world.admin.call("POST", "_search").form("_type=Organization,Patient&_total=accurate").send();
    let bundle = posted.expect(200).json();
    assert_eq!(bundle["total"], 2);
    assert!(bundle["link"][0]["url"].as_str().expect("a link").contains("_type=Organization,Patient"));
});

on_both!(a_search_of_several_types_is_paged_as_one, |world| {
    let mut all = Vec::new();
    for n in 0..7 {
        all.push(id(&world.admin.create(&patient("Chalmers", &n.to_string()))));
        all.push(id(&world.admin.create(&organization(&n.to_string()))));
    }
    for sort in ["", "&_sort=_lastUpdated", "&_sort=-_id"] {
        let mut found = Vec::new();
        let mut next = Some(format!("?_type=Patient,Organization&_count=3{sort}"));
        while let Some(link) = next {
            let answer = world.admin.get(&link).expect(200);
            found.extend(answer.resources().iter().map(id));
            next = answer.link("next");
            assert!(found.len() <= 14, "{sort}");
        }
        if sort == "&_sort=_lastUpdated" {
            assert_eq!(found, all);
        }
        found.sort();
        all.sort();
        assert_eq!(found, all, "{sort}");
    }
});

on_both!(only_what_all_types_have_can_be_asked_of_all, |world| {
    world.admin.get("?family=x").refused(400, "not-supported");
    world.admin.get("?_type=Patient,Nothing").refused(400, "not-supported");
    world.admin.get("?_type=Patient,Practitioner&family=x").expect(200);
    world.admin.get("?_sort=name&_type=Patient,User").expect(200);
});

on_both!(a_compartment_holds_what_belongs_to_its_resource, |world| {
    let ann = world.admin.create(&patient("Ann", "A"));
    let bob = world.admin.create(&patient("Bob", "B"));
    let mother =
        |of| json!({"resourceType": "RelatedPerson", "patient": {"reference": place(of)}, "active": true});
    let anns = world.admin.create(&mother(&ann));
    let bobs = world.admin.create(&mother(&bob));
    let group = world.admin.create(&json!({
        "resourceType": "Group", "type": "person", "actual": true,
        "member": [{"entity": {"reference": place(&ann)}}]
    }));
    let inside = |place: String| world.admin.found(&place);
    assert_eq!(inside(format!("{}/RelatedPerson", place(&ann))), [id(&anns)]);
    assert_eq!(inside(format!("{}/RelatedPerson?active=false", place(&ann))), [""; 0]);
    assert_eq!(inside(format!("{}/Group", place(&ann))), [id(&group)]);
    assert_eq!(inside(format!("{}/Patient", place(&bob))), [id(&bob)]);
    let mut all = inside(format!("{}/*", place(&ann)));
    let mut expected = vec![id(&ann), id(&anns), id(&group)];
    all.sort();
    expected.sort();
    assert_eq!(all, expected);
    let posted =
        world.admin.call("POST", &format!("{}/RelatedPerson/_search", place(&bob))).form("active=true");
    let answer = posted.send().expect(200);
    assert_eq!(answer.resources().iter().map(id).collect::<Vec<_>>(), [id(&bobs)]);
    assert!(answer.link("self").expect("a link").contains(&format!("{}/RelatedPerson", place(&bob))));
    let person = world.admin.create(&json!({"resourceType": "Practitioner"}));
    let group = with(group, json!({"member": [{"entity": {"reference": place(&person)}}]}));
    world.admin.update(&group);
    assert_eq!(inside(format!("{}/Group", place(&person))), [id(&group)]);
});

on_both!(what_has_no_compartment_is_refused, |world| {
    world.admin.get("Organization/1/Patient").refused(404, "not-supported");
    world.admin.get("Patient/1/Organization").refused(404, "not-supported");
    world.admin.get("Patient/1/Nothing").refused(404, "not-supported");
    world.admin.get("Patient/1/RelatedPerson?nothing=x").refused(400, "not-supported");
});

on_both!(nobody_searches_all_of_another_project, |world| {
    let ann = world.admin.create(&patient("Ann", "A"));
    assert!(!world.stranger.found("?_type=Patient,User").contains(&id(&ann)));
    assert_eq!(world.stranger.found(&format!("{}/*", place(&ann))), [""; 0]);
    assert!(world.super_admin.found("?_type=Patient").contains(&id(&ann)));
});
