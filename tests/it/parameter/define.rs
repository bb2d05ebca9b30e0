//! Who defines a parameter, for whom it is there, and what each kind finds:
//! <https://hl7.org/fhir/R4/searchparameter.html>.

use serde_json::{Value, json};

use super::{defined, finds, parameter, patient, patients, settled, status, town};
use crate::client::{Client, id, place};

fn offers(client: &Client, code: &str) -> bool {
    let statement = client.get("metadata").expect(200).json();
    let types = statement["rest"][0]["resource"].as_array().expect("types").clone();
    types.iter().filter_map(|one| one["searchParam"].as_array()).flatten().any(|param| param["name"] == code)
}

on_both!(one_of_a_super_admin_is_there_for_all_projects, |world| {
    let found = id(&world.admin.create(&patient("Utrecht")));
    let theirs = id(&world.stranger.create(&patient("Utrecht")));
    defined(&world.super_admin, &town());
    finds(&world.admin, "Patient?town=utr", &[&found]);
    finds(&world.stranger, "Patient?town=utr", &[&theirs]);
    let mut all = world.super_admin.found("Patient?town=utr");
    all.sort();
    let mut both = [found, theirs];
    both.sort();
    assert_eq!(all, both);
    for client in [&world.anonymous, &world.admin, &world.stranger, &world.super_admin] {
        assert!(offers(client, "town"));
    }
});

on_both!(one_of_a_project_admin_is_there_for_his_project_alone, |world| {
    let found = id(&world.admin.create(&patient("Utrecht")));
    world.stranger.create(&patient("Utrecht"));
    let made = defined(&world.admin, &town());
    assert_eq!(world.admin.found("Patient?town=utrecht"), [found]);
    for client in [&world.stranger, &world.super_admin] {
        client.get("Patient?town=utrecht").refused(400, "not-supported");
        client.get("Patient?_sort=town").refused(400, "not-supported");
    }
    world.stranger.get(&place(&made)).expect(404);
    world.stranger.get(&format!("{}/$status", place(&made))).expect(404);
    assert!(offers(&world.admin, "town"));
    for client in [&world.anonymous, &world.stranger, &world.super_admin, &world.member] {
        assert_eq!(
            offers(client, "town"),
            client.get(&place(&made)).status == 403,
            "a member is of the project"
        );
    }
    // Each has his own of the same name.
    let theirs = defined(&world.stranger, &parameter("Patient", "town", "string", "Patient.address.country"));
    assert_eq!(world.stranger.found("Patient?town=utrecht"), Vec::<String>::new());
    assert_ne!(id(&made), id(&theirs));
});

on_both!(a_super_admin_defines_for_a_project_too, |world| {
    let found = id(&world.admin.create(&patient("Utrecht")));
    let mut definition = town();
    definition["meta"] = json!({"project": world.project});
    defined(&world.super_admin, &definition);
    assert_eq!(world.admin.found("Patient?town=utrecht"), [found]);
    world.stranger.get("Patient?town=utrecht").refused(400, "not-supported");
    // What he writes into the project is indexed as the project does.
    let mut more = patient("Utrecht");
    more["meta"] = json!({"project": world.project});
    let more = id(&world.super_admin.create(&more));
    assert!(world.admin.found("Patient?town=utrecht").contains(&more));
});

on_both!(nobody_else_defines_any, |world| {
    world.anonymous.post("SearchParameter", &town()).expect(401);
    world.member.post("SearchParameter", &town()).expect(403);
});

on_both!(each_kind_finds_what_it_is_for, |world| {
    let organization = id(&world.admin.create(&json!({"resourceType": "Organization", "name": "Clinic"})));
    let one = world.admin.create(&json!({
        "resourceType": "Patient", "address": [{"city": "São Paulo"}], "multipleBirthInteger": 2,
        "deceasedDateTime": "2020-05-05", "maritalStatus": {"coding": [{"system": "urn:m", "code": "M"}]},
        "contact": [{"organization": {"reference": format!("Organization/{organization}")}}],
        "implicitRules": "https://example.com/rules/strict"
    }));
    let two = world.admin.create(&json!({"resourceType": "Patient", "address": [{"city": "Utrecht"}]}));
    let definitions = [
        parameter("Patient", "c-string", "string", "Patient.address.city"),
        parameter("Patient", "c-token", "token", "Patient.maritalStatus"),
        parameter("Patient", "c-reference", "reference", "Patient.contact.organization"),
        parameter("Patient", "c-date", "date", "(Patient.deceased as dateTime)"),
        parameter("Patient", "c-number", "number", "(Patient.multipleBirth as integer)"),
        parameter("Patient", "c-uri", "uri", "Patient.implicitRules"),
    ];
    let made: Vec<Value> = definitions.iter().map(|definition| world.admin.create(definition)).collect();
    made.iter().for_each(|parameter| settled(&world.admin, parameter, "active"));
    for question in [
        "c-string=sao",
        "c-string:contains=paulo",
        "c-string:exact=São%20Paulo",
        "c-token=urn:m%7CM",
        "c-token=M",
        "c-date=2020-05",
        "c-date=gt2020-01-01",
        "c-number=2",
        "c-number=ge1",
        "c-uri=https://example.com/rules/strict",
        "c-uri:below=https://example.com/rules",
        "c-token:missing=false",
    ] {
        assert_eq!(world.admin.found(&format!("Patient?{question}")), [id(&one)], "{question}");
    }
    assert_eq!(world.admin.found(&format!("Patient?c-reference=Organization/{organization}")), [id(&one)]);
    assert_eq!(world.admin.found("Patient?c-reference.name=clinic"), [id(&one)]);
    assert_eq!(world.admin.found("Patient?c-token:not=M"), [id(&two)]);
    assert_eq!(world.admin.found("Patient?c-date:missing=true"), [id(&two)]);
});

on_both!(an_amount_is_found_by_its_number_and_unit, |world| {
    let group = |amount: f64| {
        let amount =
            json!({"value": amount, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"});
        json!({
            "resourceType": "Group", "type": "person", "actual": false,
            "characteristic": [{"code": {"text": "weight"}, "valueQuantity": amount, "exclude": false}]
        })
    };
    let (light, heavy) = (id(&world.admin.create(&group(50.0))), id(&world.admin.create(&group(90.0))));
    let expression = "(Group.characteristic.value as Quantity)";
    defined(&world.admin, &parameter("Group", "weight", "quantity", expression));
    finds(&world.admin, "Group?weight=gt80", &[&heavy]);
    finds(&world.admin, "Group?weight=50%7Chttp://unitsofmeasure.org%7Ckg", &[&light]);
    finds(&world.admin, "Group?_sort=weight", &[&light, &heavy]);
});

on_both!(results_are_sorted_by_it, |world| {
    let ids = patients(&world.admin, &["b", "C", "a", "d"]);
    defined(&world.admin, &town());
    let order = |places: [usize; 4]| places.map(|place| ids[place].clone()).to_vec();
    assert_eq!(world.admin.found("Patient?_sort=town"), order([2, 0, 1, 3]));
    assert_eq!(world.admin.found("Patient?_sort=-town"), order([3, 1, 0, 2]));
    let first = world.admin.get("Patient?_sort=town&_count=2").expect(200);
    assert_eq!(first.resources().iter().map(id).collect::<Vec<_>>(), order([2, 0, 1, 3])[..2]);
    let next = first.link("next").expect("a second page");
    assert_eq!(world.admin.found(&next), order([2, 0, 1, 3])[2..]);
});

on_both!(one_definition_serves_several_types_and_all_that_derive, |world| {
    let mut definition = parameter("Patient", "spoken", "token", "Patient.language | Practitioner.language");
    definition["base"] = json!(["Patient", "Practitioner"]);
    let patient = id(&world.admin.create(&json!({"resourceType": "Patient", "language": "nl"})));
    let practitioner = id(&world.admin.create(&json!({"resourceType": "Practitioner", "language": "nl"})));
    let spoken = world.admin.create(&definition);
    let mut all = parameter("Resource", "written", "token", "Resource.language");
    all["url"] = json!("https://example.com/written");
    let written = world.admin.create(&all);
    for parameter in [&spoken, &written] {
        settled(&world.admin, parameter, "active");
    }
    for code in ["spoken", "written"] {
        finds(&world.admin, &format!("Patient?{code}=nl"), &[&patient]);
        finds(&world.admin, &format!("Practitioner?{code}=nl"), &[&practitioner]);
    }
    world.admin.get("Group?spoken=nl").refused(400, "not-supported");
    assert!(world.admin.found("Group?written=nl").is_empty());
    assert_eq!(status(&world.admin, &written)["state"], "active");
});
