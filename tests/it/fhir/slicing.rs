//! Slices of profiles: <https://hl7.org/fhir/R4/profiling.html#slicing>.

use serde_json::{Value, json};

use super::profile::{BASE, define, expect, profile};

fn by(kind: &str, path: &str) -> Value {
    json!([{"type": kind, "path": path}])
}

fn person(elements: Value) -> Value {
    crate::sample::with(json!({"resourceType": "Patient"}), elements)
}

/// A profile whose identifiers are sliced by their system.
fn identified(name: &str, rules: &str, ordered: bool) -> Value {
    profile(
        name,
        "Patient",
        json!([
            {"path": "Patient.identifier", "slicing": {"discriminator": by("value", "system"), "rules": rules, "ordered": ordered}},
            {"path": "Patient.identifier", "sliceName": "mrn", "min": 1, "max": "1"},
            {"id": "Patient.identifier:mrn.system", "path": "Patient.identifier.system", "min": 1, "fixedUri": "urn:mrn"},
            {"id": "Patient.identifier:mrn.value", "path": "Patient.identifier.value", "min": 1, "maxLength": 3},
            {"path": "Patient.identifier", "sliceName": "ssn", "max": "1"},
            {"id": "Patient.identifier:ssn.system", "path": "Patient.identifier.system", "min": 1, "patternUri": "urn:ssn"}
        ]),
    )
}

fn identifiers(list: &[(&str, &str)]) -> Value {
    let one = |(system, value): &(&str, &str)| json!({"system": format!("urn:{system}"), "value": value});
    person(json!({"identifier": list.iter().map(one).collect::<Vec<_>>()}))
}

on_both!(slices_are_told_apart_by_a_value, |world| {
    define(&world.admin, identified("open", "open", false));
    let judge = |list: &[(&str, &str)], expected: &[(&str, &str)]| {
        expect(&world.admin, "open", identifiers(list), expected);
    };
    judge(&[("mrn", "1")], &[]);
    judge(&[("other", "12345"), ("ssn", "12345"), ("mrn", "1")], &[]);
    judge(&[("ssn", "1")], &[("required", "Patient.identifier")]);
    judge(&[("mrn", "1"), ("mrn", "2")], &[("structure", "Patient.identifier")]);
    judge(&[("x", "1"), ("mrn", "1234")], &[("too-long", "Patient.identifier[1].value")]);
    expect(
        &world.admin,
        "open",
        person(json!({"identifier": [{"system": "urn:mrn"}]})),
        &[("required", "Patient.identifier[0].value")],
    );
    expect(&world.admin, "open", person(json!({"active": true})), &[("required", "Patient.identifier")]);
});

on_both!(slices_may_be_closed_ordered_or_come_first, |world| {
    define(&world.admin, identified("closed", "closed", false));
    define(&world.admin, identified("first", "openAtEnd", false));
    define(&world.admin, identified("ordered", "open", true));
    let judge = |name: &str, list: &[(&str, &str)], expected: &[(&str, &str)]| {
        expect(&world.admin, name, identifiers(list), expected);
    };
    judge("closed", &[("ssn", "1"), ("mrn", "1")], &[]);
    judge("closed", &[("mrn", "1"), ("x", "1")], &[("structure", "Patient.identifier[1]")]);
    judge("first", &[("mrn", "1"), ("x", "1"), ("y", "1")], &[]);
    judge("first", &[("x", "1"), ("mrn", "1")], &[("structure", "Patient.identifier[1]")]);
    judge("ordered", &[("x", "1"), ("mrn", "1"), ("y", "1"), ("ssn", "1")], &[]);
    judge("ordered", &[("ssn", "1"), ("mrn", "1")], &[("structure", "Patient.identifier[1]")]);
});

on_both!(slices_are_told_apart_by_a_pattern_in_depth, |world| {
    let coded = |code: &str| json!({"coding": [{"system": "urn:t", "code": code}]});
    define(
        &world.admin,
        profile(
            "typed",
            "Patient",
            json!([
                {"path": "Patient.identifier", "slicing": {"discriminator": by("pattern", "type"), "rules": "open"}},
                {"path": "Patient.identifier", "sliceName": "mr"},
                {"id": "Patient.identifier:mr.type", "path": "Patient.identifier.type", "min": 1, "patternCodeableConcept": coded("MR")},
                {"id": "Patient.identifier:mr.value", "path": "Patient.identifier.value", "min": 1},
                {"path": "Patient.identifier", "sliceName": "dl"},
                {"id": "Patient.identifier:dl.type.coding.code", "path": "Patient.identifier.type.coding.code", "min": 1, "fixedCode": "DL"},
                {"id": "Patient.identifier:dl.period", "path": "Patient.identifier.period", "min": 1}
            ]),
        ),
    );
    let of = |code: &str| person(json!({"identifier": [{"system": "urn:x", "type": coded(code)}]}));
    expect(&world.admin, "typed", of("MR"), &[("required", "Patient.identifier[0].value")]);
    expect(&world.admin, "typed", of("DL"), &[("required", "Patient.identifier[0].period")]);
    expect(&world.admin, "typed", of("XX"), &[]);
});

on_both!(choices_are_sliced_by_type, |world| {
    define(
        &world.admin,
        profile(
            "choice",
            "Patient",
            json!([
                {"path": "Patient.deceased[x]", "slicing": {"discriminator": by("type", "$this"), "rules": "closed"}},
                {"path": "Patient.deceased[x]", "sliceName": "deceasedDateTime", "min": 1, "type": [{"code": "dateTime"}], "minValueDateTime": "2000-01-01"},
                {"path": "Patient.multipleBirthInteger", "maxValueInteger": 5}
            ]),
        ),
    );
    let dead = |time: &str| person(json!({"deceasedDateTime": time}));
    expect(&world.admin, "choice", dead("2001-01-01"), &[]);
    expect(&world.admin, "choice", dead("1999-01-01"), &[("invariant", "Patient.deceased")]);
    expect(
        &world.admin,
        "choice",
        person(json!({"deceasedBoolean": true})),
        &[("structure", "Patient.deceased"), ("required", "Patient.deceased")],
    );
    let born = |name: &str, value: Value| person(json!({"deceasedDateTime": "2001", name: value}));
    expect(&world.admin, "choice", born("multipleBirthBoolean", json!(true)), &[]);
    expect(&world.admin, "choice", born("multipleBirthInteger", json!(5)), &[]);
    expect(
        &world.admin,
        "choice",
        born("multipleBirthInteger", json!(6)),
        &[("invariant", "Patient.multipleBirth")],
    );
});

on_both!(slices_are_told_apart_by_what_is_there, |world| {
    define(
        &world.admin,
        profile(
            "there",
            "Patient",
            json!([
                {"path": "Patient.contact", "slicing": {"discriminator": by("exists", "organization"), "rules": "open"}},
                {"path": "Patient.contact", "sliceName": "office"},
                {"id": "Patient.contact:office.organization", "path": "Patient.contact.organization", "min": 1},
                {"id": "Patient.contact:office.telecom", "path": "Patient.contact.telecom", "min": 1},
                {"path": "Patient.contact", "sliceName": "private"},
                {"id": "Patient.contact:private.organization", "path": "Patient.contact.organization", "max": "0"},
                {"id": "Patient.contact:private.name", "path": "Patient.contact.name", "min": 1}
            ]),
        ),
    );
    let office = json!({"organization": {"display": "O"}});
    expect(
        &world.admin,
        "there",
        person(json!({"contact": [office, {"telecom": [{"system": "email", "value": "x"}]}]})),
        &[("required", "Patient.contact[0].telecom"), ("required", "Patient.contact[1].name")],
    );
});

on_both!(slices_are_told_apart_by_where_they_point, |world| {
    let target = |kind: &str| json!([{"code": "Reference", "targetProfile": [format!("http://hl7.org/fhir/StructureDefinition/{kind}")]}]);
    define(
        &world.admin,
        profile(
            "pointing",
            "Patient",
            json!([
                {"path": "Patient.generalPractitioner", "slicing": {"discriminator": by("type", "$this.resolve()"), "rules": "open"}},
                {"path": "Patient.generalPractitioner", "sliceName": "person", "max": "1", "type": target("Practitioner")},
                {"path": "Patient.generalPractitioner", "sliceName": "group", "min": 1, "type": target("Organization")}
            ]),
        ),
    );
    let to = |list: &[&str]| {
        let list: Vec<Value> = list.iter().map(|one| json!({"reference": one})).collect();
        person(json!({"generalPractitioner": list}))
    };
    expect(&world.admin, "pointing", to(&["Practitioner/1", "Organization/1", "Organization/2"]), &[]);
    expect(
        &world.admin,
        "pointing",
        to(&["Practitioner/1", "Practitioner/2"]),
        &[("structure", "Patient.generalPractitioner"), ("required", "Patient.generalPractitioner")],
    );
});

on_both!(slices_are_sliced_again, |world| {
    define(
        &world.admin,
        profile(
            "nested",
            "Patient",
            json!([
                {"path": "Patient.identifier", "slicing": {"discriminator": by("value", "system"), "rules": "open"}},
                {"path": "Patient.identifier", "sliceName": "mrn", "slicing": {"discriminator": by("value", "use"), "rules": "closed"}},
                {"id": "Patient.identifier:mrn.system", "path": "Patient.identifier.system", "min": 1, "fixedUri": "urn:mrn"},
                {"path": "Patient.identifier", "sliceName": "mrn/official", "min": 1},
                {"id": "Patient.identifier:mrn/official.use", "path": "Patient.identifier.use", "min": 1, "fixedCode": "official"},
                {"path": "Patient.contact", "slicing": {"discriminator": by("value", "gender"), "rules": "open"}},
                {"path": "Patient.contact", "sliceName": "her"},
                {"id": "Patient.contact:her.gender", "path": "Patient.contact.gender", "min": 1, "fixedCode": "female"},
                {"id": "Patient.contact:her.telecom", "path": "Patient.contact.telecom", "slicing": {"discriminator": by("value", "system"), "rules": "open"}},
                {"id": "Patient.contact:her.telecom:phone", "path": "Patient.contact.telecom", "sliceName": "phone", "min": 1},
                {"id": "Patient.contact:her.telecom:phone.system", "path": "Patient.contact.telecom.system", "min": 1, "fixedCode": "phone"}
            ]),
        ),
    );
    let sound = json!({"identifier": [{"system": "urn:mrn", "use": "official"}]});
    expect(&world.admin, "nested", person(sound.clone()), &[]);
    expect(
        &world.admin,
        "nested",
        person(json!({"identifier": [{"system": "urn:mrn", "use": "old"}]})),
        &[("structure", "Patient.identifier[0]"), ("required", "Patient.identifier")],
    );
    let contact = |telecom: Value, gender: &str| {
        let contact = json!({"gender": gender, "telecom": telecom, "name": {"text": "x"}});
        crate::sample::with(person(sound.clone()), json!({"contact": [contact]}))
    };
    let (mail, phone) = (json!({"system": "email", "value": "x"}), json!({"system": "phone", "value": "1"}));
    expect(&world.admin, "nested", contact(json!([mail.clone(), phone]), "female"), &[]);
    expect(&world.admin, "nested", contact(json!([mail.clone()]), "male"), &[]);
    expect(
        &world.admin,
        "nested",
        contact(json!([mail]), "female"),
        &[("required", "Patient.contact[0].telecom")],
    );
});

on_both!(extensions_are_sliced_by_url_and_judged_by_their_profile, |world| {
    let url = |name: &str| format!("{BASE}{name}");
    define(
        &world.admin,
        profile(
            "colour",
            "Extension",
            json!([
                {"path": "Extension.url", "fixedUri": url("colour")},
                {"path": "Extension.value[x]", "min": 1, "type": [{"code": "code"}]}
            ]),
        ),
    );
    define(
        &world.admin,
        profile(
            "journey",
            "Extension",
            json!([
                {"path": "Extension.extension", "slicing": {"discriminator": by("value", "url"), "rules": "closed"}},
                {"path": "Extension.extension", "sliceName": "from", "min": 1, "max": "1"},
                {"id": "Extension.extension:from.url", "path": "Extension.extension.url", "fixedUri": "from"},
                {"id": "Extension.extension:from.valueString", "path": "Extension.extension.valueString", "min": 1},
                {"path": "Extension.url", "fixedUri": url("journey")},
                {"path": "Extension.value[x]", "max": "0"}
            ]),
        ),
    );
    define(
        &world.admin,
        profile(
            "extended",
            "Patient",
            json!([
                {"path": "Patient.extension", "sliceName": "colour", "min": 1, "max": "1", "type": [{"code": "Extension", "profile": [url("colour")]}]},
                {"path": "Patient.extension", "sliceName": "journey", "type": [{"code": "Extension", "profile": [url("journey")]}]},
                {"path": "Patient.extension", "sliceName": "far", "type": [{"code": "Extension", "profile": [url("unknown")]}]}
            ]),
        ),
    );
    let colour = json!({"url": url("colour"), "valueCode": "red"});
    let judge = |list: Value, expected: &[(&str, &str)]| {
        expect(&world.admin, "extended", person(json!({"active": true, "extension": list})), expected);
    };
    judge(json!([colour]), &[]);
    judge(json!([{"url": "urn:other", "valueCode": "x"}]), &[("required", "Patient.extension")]);
    judge(
        json!([{"url": url("colour"), "valueString": "red"}]),
        &[("structure", "Patient.extension[0].value")],
    );
    let journey = |parts: Value| json!([colour, {"url": url("journey"), "extension": parts}]);
    judge(journey(json!([{"url": "from", "valueString": "here"}])), &[]);
    judge(
        journey(json!([{"url": "from", "valueCode": "here"}])),
        &[("required", "Patient.extension[1].extension[0].value")],
    );
    judge(
        journey(json!([{"url": "from", "valueString": "here"}, {"url": "to", "valueString": "there"}])),
        &[("structure", "Patient.extension[1].extension[1]")],
    );
    judge(
        json!([colour, {"url": url("unknown"), "valueCode": "x"}]),
        &[("not-found", "Patient.extension[1]")],
    );
});

on_both!(slices_are_told_apart_by_profile, |world| {
    define(&world.admin, profile("grown", "Patient", json!([{"path": "Patient.birthDate", "min": 1}])));
    define(&world.admin, profile("named", "Patient", json!([{"path": "Patient.name", "min": 1}])));
    let of = |name: &str| json!([{"code": "Patient", "profile": [format!("{BASE}{name}")]}]);
    define(
        &world.admin,
        profile(
            "album",
            "Bundle",
            json!([
                {"path": "Bundle.entry", "slicing": {"discriminator": by("profile", "resource"), "rules": "closed"}},
                {"path": "Bundle.entry", "sliceName": "grown", "min": 1},
                {"id": "Bundle.entry:grown.resource", "path": "Bundle.entry.resource", "min": 1, "type": of("grown")},
                {"path": "Bundle.entry", "sliceName": "named", "max": "1"},
                {"id": "Bundle.entry:named.resource", "path": "Bundle.entry.resource", "min": 1, "type": of("named")}
            ]),
        ),
    );
    let (grown, named, none) = (
        person(json!({"birthDate": "1990"})),
        person(json!({"name": [{"text": "x"}]})),
        person(json!({"active": true})),
    );
    let album = |list: &[&Value]| {
        let entries: Vec<Value> = list.iter().map(|one| json!({"resource": one})).collect();
        json!({"resourceType": "Bundle", "type": "collection", "entry": entries})
    };
    expect(&world.admin, "album", album(&[&grown, &named, &grown]), &[]);
    expect(
        &world.admin,
        "album",
        album(&[&named, &none]),
        &[("structure", "Bundle.entry[1]"), ("required", "Bundle.entry")],
    );
});

on_both!(what_would_take_too_long_is_given_up, |world| {
    // Each level of the extension is judged by each of many slices of the level above.
    let url = format!("{BASE}deep");
    let mut elements =
        vec![json!({"path": "Extension.extension", "slicing": {"description": "by fit", "rules": "open"}})];
    for number in 0..40 {
        elements.push(json!({"path": "Extension.extension", "sliceName": format!("s{number}"), "min": 0,
            "type": [{"code": "Extension", "profile": [url]}]}));
    }
    elements.push(json!({"path": "Extension.url", "min": 1, "fixedUri": "urn:never"}));
    let deep = profile("deep", "Extension", json!(elements));
    define(&world.admin, deep);
    define(
        &world.admin,
        profile(
            "deepest",
            "Patient",
            json!([
                {"path": "Patient.extension", "type": [{"code": "Extension", "profile": [url]}]}
            ]),
        ),
    );
    let mut nested = json!({"url": "urn:x", "valueCode": "x"});
    for _ in 0..20 {
        nested = json!({"url": "urn:x", "extension": [nested, {"url": "urn:y", "valueCode": "y"}]});
    }
    let body = person(json!({"extension": [nested]}));
    let answer = world.admin.post(&format!("Patient/$validate?profile={BASE}deepest"), &body).expect(200);
    assert!(answer.issues().iter().any(|issue| issue["severity"] == "error"), "{}", answer.text());
});
