//! Values of several parts: quantity (<https://hl7.org/fhir/R4/search.html#quantity>), composite
//! (<https://hl7.org/fhir/R4/search.html#composite>), near (<https://hl7.org/fhir/R4/location.html#search>).

use serde_json::{Value, json};

use crate::client::id;
use crate::world::World;

const UCUM: &str = "http://unitsofmeasure.org";

/// A value set that is for a context of this type and this value.
fn value_set(world: &World, contexts: Value) -> String {
    id(&world.admin.create(&json!({"resourceType": "ValueSet", "status": "active", "useContext": contexts})))
}

fn context(kind: &str, value: Value) -> Value {
    let mut context = json!({"code": {"system": "urn:kind", "code": kind}});
    context.as_object_mut().expect("an object").extend(value.as_object().expect("an object").clone());
    context
}

fn found(world: &World, query: &str) -> Vec<String> {
    world.admin.found(&format!("ValueSet?{}", query.replace('|', "%7C")))
}

on_both!(a_quantity_is_a_number_with_a_unit, |world| {
    let quantity = |value: Value| json!([context("weight", json!({"valueQuantity": value}))]);
    let five =
        value_set(world, quantity(json!({"value": 5.4, "unit": "Milligramm", "system": UCUM, "code": "mg"})));
    let less =
        value_set(world, quantity(json!({"value": 7, "comparator": "<", "system": UCUM, "code": "g"})));
    let bare = value_set(world, quantity(json!({"value": 9})));
    let span = json!({"low": {"value": 100, "unit": "m"}, "high": {"value": 200, "unit": "m"}});
    let span = value_set(world, json!([context("length", json!({"valueRange": span}))]));
    let sorted = |mut ids: Vec<String>| {
        ids.sort();
        ids
    };
    let cases: [(&str, Vec<&String>); 15] = [
        ("context-quantity=5.4", vec![&five]),
        (&format!("context-quantity=5.4|{UCUM}|mg"), vec![&five]),
        ("context-quantity=5.4||mg", vec![&five]),
        ("context-quantity=5.4||Milligramm", vec![&five]),
        (&format!("context-quantity=5.4|{UCUM}|g"), vec![]),
        ("context-quantity=4", vec![]),
        ("context-quantity=gt5||mg", vec![&five]),
        (&format!("context-quantity=lt5|{UCUM}|g"), vec![&less]),
        ("context-quantity=lt6", vec![&five, &less]),
        ("context-quantity=9", vec![&bare]),
        ("context-quantity=9||kg", vec![]),
        ("context-quantity=gt150||m", vec![&span]),
        ("context-quantity=gt250", vec![]),
        ("context-quantity=9,5.4", vec![&five, &bare]),
        ("context-quantity:missing=false", vec![&five, &less, &bare, &span]),
    ];
    for (query, expected) in cases {
        assert_eq!(sorted(found(world, query)), sorted(expected.into_iter().cloned().collect()), "{query}");
    }
    assert_eq!(found(world, "context-quantity=5.4,9&_sort=-context-quantity"), [bare, five]);
    for wrong in ["x", "5|mg", "5|a|b|c", "5||", "gt"] {
        world
            .admin
            .get(&format!("ValueSet?context-quantity={}", wrong.replace('|', "%7C")))
            .refused(400, "value");
    }
});

on_both!(a_composite_holds_on_one_element, |world| {
    let coded = |code: &str| json!({"valueCodeableConcept": {"coding": [{"system": "urn:v", "code": code}]}});
    let one = value_set(world, json!([context("a", coded("1")), context("b", coded("2"))]));
    let two = value_set(world, json!([context("a", coded("2"))]));
    let weight = |value: i32| json!({"valueQuantity": {"value": value, "unit": "kg"}});
    let three = value_set(world, json!([context("w", weight(70)), context("h", weight(180))]));
    for (query, expected) in [
        ("context-type-value=urn:kind|a$urn:v|1", vec![&one]),
        ("context-type-value=a$2", vec![&two]),
        ("context-type-value=b$2", vec![&one]),
        ("context-type-value=b$1", vec![]),
        ("context-type-value=a$urn:w|1", vec![]),
        ("context-type-quantity=w$70", vec![&three]),
        ("context-type-quantity=w$gt60||kg", vec![&three]),
        ("context-type-quantity=w$180", vec![]),
        ("context-type-quantity=h$gt150,a$5", vec![&three]),
        ("context-type-value=a$1,a$2&status=active&context-type=b", vec![&one]),
    ] {
        assert_eq!(found(world, query), expected.into_iter().cloned().collect::<Vec<_>>(), "{query}");
    }
    for wrong in ["a", "a$1$2", "$1", "a$"] {
        world.admin.get(&format!("ValueSet?context-type-value={wrong}")).refused(400, "value");
    }
    world.admin.get("ValueSet?_sort=context-type-value").refused(400, "not-supported");
    world.admin.get("ValueSet?context-type-value:not=a$1").refused(400, "not-supported");
});

on_both!(places_are_found_by_how_near_they_are, |world| {
    let place = |latitude: f64, longitude: f64| {
        id(&world.admin.create(&json!({
            "resourceType": "Location", "position": {"latitude": latitude, "longitude": longitude}
        })))
    };
    let (vienna, bratislava, suva) =
        (place(48.2082, 16.3738), place(48.1486, 17.1077), place(-18.1416, 178.4419));
    let near = |value: &str| {
        let mut found = world.admin.found(&format!("Location?near={}", value.replace('|', "%7C")));
        found.sort();
        found
    };
    let sorted = |mut ids: Vec<&String>| {
        ids.sort();
        ids.into_iter().cloned().collect::<Vec<_>>()
    };
    assert_eq!(near("48.2|16.37|10|km"), sorted(vec![&vienna]));
    assert_eq!(near("48.2|16.37|54|km"), sorted(vec![&vienna]));
    assert_eq!(near("48.2|16.37|56|km"), sorted(vec![&vienna, &bratislava]));
    assert_eq!(near("48.2|16.37|56000|m"), sorted(vec![&vienna, &bratislava]));
    assert_eq!(near("48.2|16.37|30|[mi_i]"), sorted(vec![&vienna]));
    // Over the line where the day changes.
    assert_eq!(near("-18|-179|300"), sorted(vec![&suva]));
    assert_eq!(near("0|0|30000|km"), sorted(vec![&vienna, &bratislava, &suva]));
    assert_eq!(near("48.2|16.37"), sorted(vec![&vienna]));
    for wrong in ["48", "48|x", "91|0|1|km", "0|181|1|km", "0|0|-1|km", "0|0|1|parsec", "0|0|1|km|x"] {
        world.admin.get(&format!("Location?near={}", wrong.replace('|', "%7C"))).refused(400, "value");
    }
});

on_both!(a_change_takes_the_old_parts_out, |world| {
    let quantity = |value: i32| json!([context("w", json!({"valueQuantity": {"value": value}}))]);
    let set = world
        .admin
        .create(&json!({"resourceType": "ValueSet", "status": "active", "useContext": quantity(1)}));
    world.admin.update(&crate::sample::with(set.clone(), json!({"useContext": quantity(2)})));
    assert!(found(world, "context-quantity=1").is_empty());
    assert_eq!(found(world, "context-type-quantity=w$2"), [id(&set)]);
    world.admin.delete(&crate::client::place(&set)).expect(204);
    assert!(found(world, "context-quantity=2").is_empty());
});
