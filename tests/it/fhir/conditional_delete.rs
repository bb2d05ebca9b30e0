//! Conditional delete (<https://hl7.org/fhir/R4/http.html#cdelete>).

use serde_json::{Value, json};

use crate::client::id;

fn patient(number: &str) -> Value {
    json!({"resourceType": "Patient", "identifier": [{"system": "urn:mrn", "value": number}]})
}

on_both!(none_is_no_error_one_is_deleted_two_are_left_alone, |world| {
    let place = "Patient?identifier=urn:mrn|1";
    world.admin.delete(place).expect(204);
    let one = world.admin.create(&patient("1"));
    world.admin.delete(place).expect(204);
    world.admin.get(&format!("Patient/{}", id(&one))).expect(410);
    world.admin.create(&patient("1"));
    world.admin.create(&patient("1"));
    world.admin.delete(place).refused(412, "multiple-matches");
    assert_eq!(world.admin.found(place).len(), 2);
});

on_both!(without_a_condition_nothing_is_deleted, |world| {
    world.admin.create(&patient("1"));
    for place in ["Patient", "Patient?", "Patient?_format=json", "Patient?name=", "Patient?_count=1"] {
        world.admin.delete(place).expect(400);
    }
    world.admin.delete("Patient?no-such=1").expect(400);
    world.member.delete("Patient?identifier=1").expect(403);
    world.stranger.delete("Patient?identifier=1").expect(204);
    assert_eq!(world.admin.found("Patient").len(), 1);
});

on_both!(
    where_it_is_configured_all_matches_are_deleted,
    |config| config.conditional_delete_many = true,
    |world| {
        let statement = world.anonymous.get("metadata").expect(200).json();
        assert_eq!(statement["rest"][0]["resource"][0]["conditionalDelete"], "multiple");
        for number in ["1", "1", "1", "2"] {
            world.admin.create(&patient(number));
        }
        world.admin.delete("Patient?identifier=urn:mrn|1").expect(204);
        let left = world.admin.search("Patient");
        assert_eq!(left.len(), 1);
        assert_eq!(left[0]["identifier"][0]["value"], "2");
    }
);

on_both!(
    a_question_mark_in_a_value_does_not_end_the_condition_before_it,
    |config| config.conditional_delete_many = true,
    |world| {
        let other = world.admin.create(&patient("2"));
        world.admin.delete("Patient?identifier=1?identifier=2").expect(204);
        world.admin.get(&format!("Patient/{}", id(&other))).expect(200);
    }
);
