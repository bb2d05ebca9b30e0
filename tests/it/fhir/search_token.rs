//! Token parameters: <https://hl7.org/fhir/R4/search.html#token>.

use serde_json::json;

use crate::client::id;
use crate::sample::{patient, user, with};
use crate::world::World;

fn identified(system: Option<&str>, value: &str) -> serde_json::Value {
    let mut identifier = json!({"value": value});
    if let Some(system) = system {
        identifier["system"] = system.into();
    }
    with(patient("A", "B"), json!({"identifier": [identifier]}))
}

#[track_caller]
fn finds(world: &World, query: &str, expected: &[&String]) {
    let mut found = world.admin.found(query);
    let mut expected: Vec<String> = expected.iter().map(|id| (*id).clone()).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected, "{query}");
}

on_both!(a_token_is_a_system_and_a_value_or_half_of_it, |world| {
    let in_a = id(&world.admin.create(&identified(Some("urn:a"), "17")));
    let in_b = id(&world.admin.create(&identified(Some("urn:b"), "17")));
    let bare = id(&world.admin.create(&identified(None, "17")));
    finds(world, "Patient?identifier=17", &[&in_a, &in_b, &bare]);
    finds(world, "Patient?identifier=urn:a|17", &[&in_a]);
    finds(world, "Patient?identifier=|17", &[&bare]);
    finds(world, "Patient?identifier=urn:b|", &[&in_b]);
    finds(world, "Patient?identifier=urn:a|17,|17", &[&in_a, &bare]);
    finds(world, "Patient?identifier=urn:c|17", &[]);
    finds(world, "Patient?identifier=1", &[]);
});

on_both!(a_separator_in_a_value_is_escaped, |world| {
    let stored = id(&world.admin.create(&identified(Some("urn:a"), "1|7,8$9\\")));
    finds(world, "Patient?identifier=urn:a|1%5C|7%5C,8%5C$9%5C%5C", &[&stored]);
});

on_both!(a_boolean_is_a_token, |world| {
    let active = id(&world.admin.create(&with(patient("A", "B"), json!({"active": true}))));
    let inactive = id(&world.admin.create(&with(patient("A", "B"), json!({"active": false}))));
    let neither = id(&world.admin.create(&patient("A", "B")));
    finds(world, "Patient?active=true", &[&active]);
    finds(world, "Patient?active=false", &[&inactive]);
    finds(world, "Patient?active:not=true", &[&inactive, &neither]);
    finds(world, "Patient?active:missing=true", &[&neither]);
    finds(world, "Patient?active:missing=false", &[&active, &inactive]);
});

on_both!(not_includes_who_has_no_value, |world| {
    let female = id(&world.admin.create(&with(patient("A", "B"), json!({"gender": "female"}))));
    let male = id(&world.admin.create(&with(patient("A", "B"), json!({"gender": "male"}))));
    let unsaid = id(&world.admin.create(&patient("A", "B")));
    finds(world, "Patient?gender:not=male", &[&female, &unsaid]);
    finds(world, "Patient?gender:not=male,female", &[&unsaid]);
    finds(world, "Patient?gender=male,female", &[&male, &female]);
});

on_both!(text_asks_for_the_words_of_a_code, |world| {
    let coded = json!({"resourceType": "Organization", "name": "A",
        "type": [{"coding": [{"system": "urn:t", "code": "zz", "display": "Healthcare Provider"}], "text": "Our clinic"}]});
    let stored = id(&world.admin.create(&coded));
    finds(world, "Organization?type=urn:t|zz", &[&stored]);
    finds(world, "Organization?type:text=healthcare", &[&stored]);
    finds(world, "Organization?type:text=our%20cl", &[&stored]);
    finds(world, "Organization?type=healthcare", &[]);
    finds(world, "Organization?type:text=zz", &[]);
});

on_both!(a_phone_number_is_a_token, |world| {
    let telecom =
        json!([{"system": "phone", "value": "+49 30 901820"}, {"system": "email", "value": "x@example.com"}]);
    let stored = id(&world.admin.create(&with(patient("A", "B"), json!({"telecom": telecom}))));
    finds(world, "Patient?phone=%2B49%2030%20901820", &[&stored]);
    finds(world, "Patient?email=x@example.com", &[&stored]);
    finds(world, "Patient?phone=x@example.com", &[]);
});

on_both!(metadata_is_found_by_key_and_value, |world| {
    let plan =
        |email, plan: &str| with(user(email), json!({"metadata": [{"name": "plan", "valueString": plan}]}));
    let gold = id(&world.admin.create(&plan("a@example.com", "gold")));
    let lead = id(&world.admin.create(&plan("b@example.com", "lead")));
    finds(world, "User?metadata=plan|gold", &[&gold]);
    finds(world, "User?metadata=plan|", &[&gold, &lead]);
    finds(world, "User?metadata=gold", &[&gold]);
    finds(world, "User?metadata=level|gold", &[]);
});
