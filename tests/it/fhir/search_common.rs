//! Parameters of every type, combinations, and both ways to ask:
//! <https://hl7.org/fhir/R4/search.html#all>, <https://hl7.org/fhir/R4/http.html#search>.

use serde_json::json;

use crate::client::{PUBLIC_URL, id};
use crate::sample::{patient, with};

on_both!(a_result_tells_what_it_is, |world| {
    let stored = world.admin.create(&patient("Chalmers", "Peter"));
    let bundle = world.admin.get("Patient?family=chalmers").expect(200).json();
    assert_eq!(bundle["type"], "searchset");
    assert_eq!(bundle["entry"][0]["fullUrl"], format!("{PUBLIC_URL}/fhir/R4/Patient/{}", id(&stored)));
    assert_eq!(bundle["entry"][0]["search"]["mode"], "match");
    assert_eq!(bundle["entry"][0]["resource"], stored);
});

on_both!(nobody_found_is_an_answer, |world| {
    let bundle = world.admin.get("Patient?family=chalmers").expect(200).json();
    assert_eq!((&bundle["type"], bundle.get("entry")), (&json!("searchset"), None));
});

on_both!(the_self_link_says_what_was_asked, |world| {
    let answer = world.admin.get("Patient?family=o%27brien%26co&_count=5").expect(200);
    let link = answer.link("self").expect("a self link");
    assert!(link.starts_with(&format!("{PUBLIC_URL}/fhir/R4/Patient?")), "{link}");
    let url = url::Url::parse(&link).expect("a url");
    let pairs: Vec<_> = url.query_pairs().into_owned().collect();
    assert!(pairs.contains(&("family".into(), "o'brien&co".into())), "{link}");
    assert!(pairs.contains(&("_count".into(), "5".into())), "{link}");
});

on_both!(a_search_by_form_is_the_same_search, |world| {
    let peter = id(&world.admin.create(&patient("Chalmers", "Peter")));
    world.admin.create(&patient("Chalmers", "James"));
    let search = |place: &str, form: &str| world.admin.call("POST", place).form(form).send().expect(200);
    let ids = |resources: Vec<serde_json::Value>| resources.iter().map(id).collect::<Vec<_>>();
    assert_eq!(ids(search("Patient/_search", "family=chalmers&given=peter").resources()), [peter.as_str()]);
    // What is in the address counts as well.
    assert_eq!(ids(search("Patient/_search?given=peter", "family=chalmers").resources()), [peter]);
    assert_eq!(search("Patient/_search", "").resources().len(), 2);
    let call = world.admin.call("POST", "Patient/_search");
    call.body("application/fhir+json", "{}").send().expect(415).issues();
});

on_both!(repetition_is_and_and_a_comma_is_or, |world| {
    let both = json!({"name": [{"family": "Chalmers", "given": ["Peter", "James"]}]});
    let peter_james = id(&world.admin.create(&with(patient("X", "Y"), both)));
    let peter = id(&world.admin.create(&patient("Chalmers", "Peter")));
    assert_eq!(world.admin.found("Patient?given=peter&given=james"), [peter_james.as_str()]);
    let mut found = world.admin.found("Patient?given=peter,james");
    found.sort();
    let mut all = [peter_james, peter];
    all.sort();
    assert_eq!(found, all);
    assert!(world.admin.found("Patient?given=peter&family=bauer").is_empty());
});

on_both!(an_id_finds_its_resource, |world| {
    let (first, second) =
        (id(&world.admin.create(&patient("A", "B"))), id(&world.admin.create(&patient("C", "D"))));
    assert_eq!(world.admin.found(&format!("Patient?_id={first}")), [first.as_str()]);
    assert_eq!(world.admin.found(&format!("Patient?_id={first},{second}")).len(), 2);
    assert_eq!(world.admin.found(&format!("Patient?_id={first},{second}&family=c")), [second.as_str()]);
    assert_eq!(world.admin.found(&format!("Patient?_id:not={first}")), [second]);
    assert!(world.admin.found("Patient?_id=none").is_empty());
});

on_both!(tags_and_security_labels_are_tokens, |world| {
    let meta = json!({"meta": {"tag": [{"system": "urn:t", "code": "pilot"}], "security": [{"system": "urn:s", "code": "R"}]}});
    let tagged = id(&world.admin.create(&with(patient("A", "B"), meta)));
    world.admin.create(&patient("C", "D"));
    assert_eq!(world.admin.found("Patient?_tag=urn:t|pilot"), [tagged.as_str()]);
    assert_eq!(world.admin.found("Patient?_tag=pilot"), [tagged.as_str()]);
    assert_eq!(world.admin.found("Patient?_security=urn:s|R"), [tagged]);
});

on_both!(an_empty_value_asks_nothing, |world| {
    world.admin.create(&patient("A", "B"));
    let answer = world.admin.get("Patient?family=&given=").expect(200);
    assert_eq!(answer.resources().len(), 1);
    assert!(!answer.link("self").expect("a self link").contains("family"));
});

on_both!(an_update_moves_a_resource_in_the_index, |world| {
    let stored = world
        .admin
        .create(&with(patient("Chalmers", "Peter"), json!({"gender": "male", "birthDate": "1970-01-01"})));
    world.admin.update(&with(
        stored.clone(),
        json!({"name": [{"family": "Windsor"}], "gender": "other", "birthDate": "1980-01-01"}),
    ));
    for gone in [
        "family=chalmers",
        "given=peter",
        "gender=male",
        "birthdate=1970",
        "name:contains=halm",
        "given:missing=false",
    ] {
        assert!(world.admin.found(&format!("Patient?{gone}")).is_empty(), "{gone}");
    }
    for new in
        ["family=windsor", "gender=other", "birthdate=1980", "name:contains=inds", "given:missing=true"]
    {
        assert_eq!(world.admin.found(&format!("Patient?{new}")).len(), 1, "{new}");
    }
});
