//! `_filter`: <https://hl7.org/fhir/R4/search_filter.html>.

use serde_json::{Value, json};

use crate::client::{id, place};
use crate::sample::{organization, patient, with};
use crate::world::World;

fn found(world: &World, filter: &str) -> Vec<String> {
    let query: String =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("_filter", filter).finish();
    let mut found = world.admin.found(&format!("Patient?{query}"));
    found.sort();
    found
}

fn sorted(resources: &[&Value]) -> Vec<String> {
    let mut ids: Vec<String> = resources.iter().map(|one| id(one)).collect();
    ids.sort();
    ids
}

on_both!(conditions_are_joined_and_turned_round, |world| {
    let hospital = world.admin.create(&organization("Great Hospital"));
    let ann = json!({
        "gender": "female", "birthDate": "1980-05-01", "active": true,
        "identifier": [{"system": "urn:a", "value": "1"}],
        "managingOrganization": {"reference": place(&hospital)}
    });
    let ann = world.admin.create(&with(patient("Ann", "Mary"), ann));
    let bob =
        json!({"gender": "male", "birthDate": "1990", "identifier": [{"system": "urn:b", "value": "1"}]});
    let bob = world.admin.create(&with(patient("Bob", "Rob"), bob));
    let cid = world.admin.create(&patient("Annabel", "C"));
    let cases: [(&str, Vec<&Value>); 34] = [
        ("family eq \"ann\"", vec![&ann]),
        ("family eq ANN", vec![&ann]),
        ("family sw ann", vec![&ann, &cid]),
        ("family ew bel", vec![&cid]),
        ("family co nab", vec![&cid]),
        ("family ne ann", vec![&bob, &cid]),
        ("gender eq male", vec![&bob]),
        ("gender ne male", vec![&ann, &cid]),
        ("gender pr true", vec![&ann, &bob]),
        ("gender pr false", vec![&cid]),
        ("identifier eq 1", vec![&ann, &bob]),
        ("identifier eq urn:a|1", vec![&ann]),
        ("birthdate ge 1985-01-01", vec![&bob]),
        ("birthdate lt 1985", vec![&ann]),
        ("birthdate eq 1990", vec![&bob]),
        ("birthdate po 1980", vec![&ann]),
        ("birthdate sa 1980", vec![&bob]),
        ("family eq ann and gender eq female", vec![&ann]),
        ("family eq ann and gender eq male", vec![]),
        ("family eq ann or gender eq male", vec![&ann, &bob]),
        ("gender eq male or family eq ann and given eq mary", vec![&ann, &bob]),
        ("(gender eq male or family eq ann) and given eq mary", vec![&ann]),
        ("not (gender eq male)", vec![&ann, &cid]),
        ("not (gender eq male or gender eq female)", vec![&cid]),
        ("not (not (gender eq male))", vec![&bob]),
        ("organization.name eq \"great hospital\"", vec![&ann]),
        ("organization:Organization.name sw great", vec![&ann]),
        ("organization[name co osp]", vec![&ann]),
        ("organization[name co xyz] or family eq bob", vec![&bob]),
        ("organization[name co osp].name sw gr and gender eq female", vec![&ann]),
        ("not (organization.name pr true)", vec![&bob, &cid]),
        ("active eq true", vec![&ann]),
        ("gender in \"http://hl7.org/fhir/ValueSet/administrative-gender\"", vec![&ann, &bob]),
        ("_id eq \"nobody\"", vec![]),
    ];
    for (filter, expected) in cases {
        assert_eq!(found(world, filter), sorted(&expected), "{filter}");
    }
    let query = format!("Patient?_filter=_id%20eq%20{}&gender=female&_sort=-birthdate", id(&ann));
    assert_eq!(world.admin.found(&query), [id(&ann)]);
});

on_both!(a_filter_that_cannot_be_read_is_refused, |world| {
    let deep = format!("{}family eq a{}", "(".repeat(40), ")".repeat(40));
    for (filter, code) in [
        ("family", "value"),
        ("family eq", "value"),
        ("family is a", "not-supported"),
        ("nothing eq a", "not-supported"),
        ("family eq \"a", "value"),
        ("family eq a b", "value"),
        ("(family eq a", "value"),
        ("family eq a)", "value"),
        ("family gt a", "not-supported"),
        ("birthdate eq x", "value"),
        ("family eq a and", "value"),
        ("and", "value"),
        ("organization[name eq a", "value"),
        ("gender[name eq a]", "value"),
        ("family pr maybe", "value"),
        (deep.as_str(), "too-costly"),
    ] {
        let query: String =
            url::form_urlencoded::Serializer::new(String::new()).append_pair("_filter", filter).finish();
        world.admin.get(&format!("Patient?{query}")).refused(400, code).at("_filter");
    }
});

on_both!(a_filter_pages_like_everything_else, |world| {
    let mut all: Vec<String> =
        (0..7).map(|n| id(&world.admin.create(&patient("Ann", &n.to_string())))).collect();
    world.admin.create(&patient("Bob", "0"));
    let mut found = Vec::new();
    let mut next = Some("Patient?_filter=family%20eq%20ann%20or%20family%20eq%20eve&_count=2".to_owned());
    while let Some(link) = next {
        let answer = world.admin.get(&link).expect(200);
        found.extend(answer.resources().iter().map(id));
        next = answer.link("next");
        assert!(found.len() <= 7);
    }
    found.sort();
    all.sort();
    assert_eq!(found, all);
});
