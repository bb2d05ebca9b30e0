//! What shapes a result: <https://hl7.org/fhir/R4/search.html#return>, <https://hl7.org/fhir/R4/search.html#summary>.

use serde_json::{Value, json};

use crate::sample::{patient, with};
use crate::world::World;

fn five(world: &World) {
    for n in 0..5 {
        world.admin.create(&with(
            patient("Chalmers", &n.to_string()),
            json!({"gender": "male", "birthDate": "1970-01-01"}),
        ));
    }
}

fn ask(world: &World, query: &str) -> Value {
    world.admin.get(query).expect(200).json()
}

on_both!(count_limits_a_page, |world| {
    five(world);
    assert_eq!(world.admin.found("Patient?_count=2").len(), 2);
    assert_eq!(world.admin.found("Patient?_count=5").len(), 5);
    assert_eq!(world.admin.found("Patient?_count=99999999999999999999").len(), 5);
});

on_both!(no_page_and_a_count_are_the_same_question, |world| {
    five(world);
    for query in ["Patient?_count=0", "Patient?_summary=count", "Patient?_summary=count&_count=3"] {
        let bundle = ask(world, query);
        assert_eq!((&bundle["total"], bundle.get("entry")), (&json!(5), None), "{query}");
    }
    assert_eq!(ask(world, "Patient?given=3&_summary=count")["total"], 1);
});

on_both!(a_total_is_told_when_it_is_asked_for, |world| {
    five(world);
    assert_eq!(ask(world, "Patient?_total=accurate&_count=2")["total"], 5);
    assert_eq!(ask(world, "Patient?_total=none&_count=2").get("total"), None);
    assert_eq!(ask(world, "Patient?family=nobody&_total=accurate")["total"], 0);
});

on_both!(the_total_is_that_of_all_pages, |world| {
    five(world);
    let first = world.admin.get("Patient?_total=accurate&_count=2").expect(200);
    let second = world.admin.get(&first.link("next").expect("a next page")).expect(200).json();
    assert_eq!(second["total"], 5);
});

on_both!(elements_leaves_the_rest_out_and_says_so, |world| {
    five(world);
    for patient in world.admin.search("Patient?_elements=gender") {
        assert_eq!(patient["gender"], "male");
        assert!(patient["id"].is_string() && patient["meta"]["versionId"].is_string(), "{patient}");
        assert_eq!((patient.get("name"), patient.get("birthDate")), (None, None));
        let tags = patient["meta"]["tag"].as_array().expect("a tag");
        assert!(tags.iter().any(|tag| tag["code"] == "SUBSETTED"), "{patient}");
    }
});

on_both!(a_summary_has_the_elements_of_a_summary, |world| {
    let contact = json!({"contact": [{"name": {"family": "Bauer"}}], "gender": "male"});
    world.admin.create(&with(patient("Chalmers", "Peter"), contact));
    let patient = world.admin.search("Patient?_summary=true").remove(0);
    assert_eq!((&patient["gender"], patient.get("contact")), (&json!("male"), None));
    assert_eq!(patient["meta"]["tag"][0]["code"], "SUBSETTED");
    assert!(world.admin.search("Patient?_summary=false")[0]["contact"].is_array());
});

on_both!(what_is_left_out_of_an_answer_stays_in_the_resource, |world| {
    five(world);
    world.admin.search("Patient?_elements=gender");
    for patient in world.admin.search("Patient") {
        assert!(patient["name"].is_array() && patient["meta"].get("tag").is_none(), "{patient}");
    }
});
