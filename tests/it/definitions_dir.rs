//! A type of resource is added at start, by files alone: <https://hl7.org/fhir/R4/structuredefinition.html>,
//! <https://hl7.org/fhir/R4/searchparameter.html>.

use serde_json::json;

use crate::client::{Client, id, place};
use crate::clinic;
use crate::sample::{patient, with, written};
use crate::server::Server;

on_both!(a_type_from_a_directory_is_like_any_other, |config| clinic::define(config), |world| {
    let sent = json!({"resourceType": "Ward", "name": "Intensive care", "area": 120.50,
        "head": {"reference": "Practitioner/1"}, "bed": [{"number": 1}, {"number": 2}]});
    let stored = world.admin.create(&sent);
    assert_eq!(written(&stored), sent);
    assert_eq!(world.admin.get(&place(&stored)).expect(200).json(), stored);
    let other = world.admin.create(&json!({"resourceType": "Ward", "name": "Surgery"}));
    for query in ["name=intens", "area=gt100", "head=Practitioner/1", "area:missing=false"] {
        assert_eq!(world.admin.found(&format!("Ward?{query}")), [id(&stored)], "{query}");
    }
    let sorted: Vec<_> = world.admin.search("Ward?_sort=-name").iter().map(id).collect();
    assert_eq!(sorted, [id(&other), id(&stored)]);
    world.admin.update(&with(stored.clone(), json!({"name": "Emergency"})));
    world.admin.delete(&place(&stored)).expect(204);
    world.stranger.get(&place(&other)).refused(404, "not-found");
});

on_both!(a_type_from_a_directory_is_validated, |config| clinic::define(config), |world| {
    for (elements, expression) in [
        (json!({"name": null}), "Ward.name"),
        (json!({"nonsense": 1}), "Ward.nonsense"),
        (json!({"bed": [{"number": 0}], "head": {"reference": "Practitioner/1"}}), "Ward.bed[0].number"),
        (json!({"bed": [{"number": 1}]}), "Ward"),
    ] {
        let sent = with(json!({"resourceType": "Ward", "name": "Surgery"}), elements);
        world.admin.post("Ward", &sent).expect(422).at(expression);
    }
    world.admin.post("Ward", &json!({"resourceType": "Ward"})).refused(422, "required").at("Ward.name");
});

on_both!(a_type_from_a_directory_is_in_the_capability_statement, |config| clinic::define(config), |world| {
    let statement = world.anonymous.get("metadata").expect(200).json();
    let resources = statement["rest"][0]["resource"].as_array().expect("resources");
    let ward = resources.iter().find(|resource| resource["type"] == "Ward").expect("the ward");
    assert_eq!(ward["profile"], "https://example.com/fhir/StructureDefinition/Ward");
    let params = ward["searchParam"].as_array().expect("parameters");
    let names: Vec<_> = params.iter().map(|param| param["name"].as_str().expect("a name")).collect();
    for name in ["name", "area", "head", "identifier", "_id", "_lastUpdated"] {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
});

on_both!(without_the_directory_there_is_no_such_type, |world| {
    world.admin.get("Ward").expect(404).issues();
});

on_both!(what_was_stored_before_is_found_by_a_parameter_that_came_later, |world| {
    let marital = json!({"maritalStatus": {"text": "Widowed twice"}});
    let stored = world.admin.create(&with(patient("A", "B"), marital));
    world.admin.get("Patient?marital=widowed").expect(400).issues();

    let folder = tempfile::tempdir().expect("a folder");
    let param = json!({"resourceType": "SearchParameter", "id": "Patient-marital", "status": "active", "name": "marital",
        "url": "https://example.com/fhir/SearchParameter/Patient-marital", "description": "Marital status",
        "code": "marital", "base": ["Patient"], "type": "string", "expression": "Patient.maritalStatus.text"});
    std::fs::write(folder.path().join("marital.json"), param.to_string()).expect("a file");
    let later =
        Server::start(&world.database.url, |config| config.definitions.push(folder.path().to_owned()));
    let admin = Client::with_token(&later.address, world.admin.token());
    assert_eq!(admin.found("Patient?marital=widowed"), [id(&stored)]);
    assert_eq!(admin.found("Patient?family=a"), [id(&stored)]);
});
