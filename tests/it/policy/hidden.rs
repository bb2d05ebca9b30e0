//! Hidden elements are shown nowhere, cannot be asked for, and stay what they are.

use serde_json::{Value, json};

use super::{couple, found, holder, ids};
use crate::client::{id, place};
use crate::sample::with;

on_both!(a_hidden_element_is_in_no_answer, |world| {
    let (woman, _) = couple(world);
    world.admin.update(&with(woman.clone(), json!({"active": false})));
    let holder =
        holder(world, json!([{"resourceType": "Patient", "hiddenFields": ["birthDate", "name.given"]}]));
    let here = place(&woman);
    let read = holder.get(&here).expect(200).json();
    assert_eq!((&read["birthDate"], &read["name"]), (&Value::Null, &json!([{"family": "Offen"}])));
    for query in [
        here.clone(),
        format!("{here}/_history"),
        format!("{here}/_history/1"),
        "Patient".to_owned(),
        "Patient/_history".to_owned(),
        format!("$graphql?query=%7BPatient(id:%22{}%22)%7BbirthDate%20name%7Bgiven%7D%7D%7D", id(&woman)),
    ] {
        let told = holder.get(&query).expect(200).text();
        assert!(!told.contains("1980") && !told.contains("Anna"), "{query}: {told}");
    }
});

on_both!(a_parameter_of_a_hidden_element_is_refused, |world| {
    couple(world);
    let holder = holder(
        world,
        json!([
            {"resourceType": "Patient", "hiddenFields": ["birthDate", "name.given"]},
            {"resourceType": "RelatedPerson"}
        ]),
    );
    for query in [
        "Patient?birthdate=1980",
        "Patient?birthdate:missing=true",
        "Patient?_sort=birthdate",
        "Patient?_filter=birthdate%20gt%201970",
        "Patient?given=Anna",
        "Patient?name=Anna",
        "Patient?_content=Anna",
        "RelatedPerson?patient.birthdate=1980",
        "RelatedPerson?patient:Patient.given=Anna",
    ] {
        let answer = holder.get(query);
        assert_eq!(answer.status, 403, "{query}: {}", answer.text());
    }
    assert_eq!(holder.found("Patient?family=Offen&_sort=family").len(), 1);
    assert_eq!(holder.found("Patient?gender=female").len(), 1);
});

on_both!(whoever_does_not_know_an_element_does_not_change_it, |world| {
    let (woman, _) = couple(world);
    let holder =
        holder(world, json!([{"resourceType": "Patient", "hiddenFields": ["birthDate", "name.given"]}]));
    let seen = holder.get(&place(&woman)).expect(200).json();
    let changed = with(seen, json!({"active": false, "birthDate": "2020-01-01"}));
    let told = holder.update(&changed);
    assert_eq!((&told["birthDate"], &told["active"]), (&Value::Null, &json!(false)));
    let stored = world.admin.get(&place(&woman)).expect(200).json();
    assert_eq!((&stored["birthDate"], &stored["name"]), (&woman["birthDate"], &woman["name"]));
    let made = holder.create(&json!({"resourceType": "Patient", "birthDate": "2020-01-01", "active": true}));
    assert_eq!(world.admin.get(&place(&made)).expect(200).json()["birthDate"], Value::Null);
});

on_both!(what_is_written_back_as_it_was_seen_is_no_change, |world| {
    let (woman, _) = couple(world);
    let holder =
        holder(world, json!([{"resourceType": "Patient", "hiddenFields": ["birthDate", "name.family"]}]));
    let seen = holder.get(&place(&woman)).expect(200).json();
    holder.put(&place(&woman), &seen).expect(200);
    assert_eq!(world.admin.get(&place(&woman)).expect(200).json(), woman);
});

on_both!(every_type_of_a_choice_is_hidden, |world| {
    let dead = json!({"resourceType": "Patient", "deceasedBoolean": true});
    let dead = world.admin.create(&dead);
    let holder = holder(world, json!([{"resourceType": "Patient", "hiddenFields": ["deceased[x]"]}]));
    assert_eq!(holder.get(&place(&dead)).expect(200).json()["deceasedBoolean"], Value::Null);
    holder.get("Patient?deceased=true").refused(403, "forbidden");
});

on_both!(a_hidden_reference_takes_nothing_along, |world| {
    let house = world.admin.create(&json!({"resourceType": "Organization", "name": "Haus"}));
    let at = json!({"reference": place(&house)});
    world.admin.create(&json!({"resourceType": "Patient", "managingOrganization": at}));
    let holder = holder(
        world,
        json!([{"resourceType": "Patient", "hiddenFields": ["managingOrganization"]}, {"resourceType": "Organization"}]),
    );
    holder.get("Patient?_include=Patient:organization").refused(403, "forbidden");
    assert!(!holder.get("Patient?_include=*").expect(200).text().contains("Haus"));
    assert!(!holder.get("Organization?_revinclude=*").expect(200).text().contains("\"Patient\""));
});

on_both!(where_one_entry_hides_and_another_does_not, |world| {
    let (woman, man) = couple(world);
    let holder = holder(
        world,
        json!([
            {"resourceType": "Patient", "hiddenFields": ["birthDate"]},
            {"resourceType": "Patient", "criteria": "Patient?gender=female"}
        ]),
    );
    assert_eq!(holder.get(&place(&woman)).expect(200).json(), woman);
    assert_eq!(holder.get(&place(&man)).expect(200).json()["birthDate"], Value::Null);
    assert_eq!(found(&holder, "Patient").len(), 2);
    // Asked by what is hidden of some, only those answer of whom it is not.
    assert_eq!(found(&holder, "Patient?birthdate=gt1900&_sort=birthdate"), ids(&[&woman]));
});

on_both!(a_parameter_defined_by_others_shows_nothing_either, |world| {
    couple(world);
    for (code, expression) in [
        ("born", "Patient.where(active = true).birthDate"),
        ("child", "iif(Patient.birthDate > @1990, 'y', 'n')"),
    ] {
        let kind = if code == "born" { "date" } else { "string" };
        world.admin.create(&json!({
            "resourceType": "SearchParameter", "url": format!("https://example.com/{code}"), "name": code,
            "status": "active", "description": code, "code": code, "base": ["Patient"], "type": kind,
            "expression": expression
        }));
    }
    let holder = holder(world, json!([{"resourceType": "Patient", "hiddenFields": ["birthDate"]}]));
    for query in ["Patient?born=1980", "Patient?child=y", "Patient?_sort=born"] {
        let answer = holder.get(query);
        assert!(matches!(answer.status, 400 | 403), "{query}: {}", answer.text());
    }
});

on_both!(a_hidden_part_stays_with_what_it_is_a_part_of, |world| {
    let stored = world.admin.create(&json!({
        "resourceType": "Patient",
        "name": [
            {"use": "official", "family": "A", "given": ["One"]},
            {"given": ["Two"]},
            {"use": "nickname", "family": "C", "given": ["Three"]}
        ]
    }));
    let holder = holder(world, json!([{"resourceType": "Patient", "hiddenFields": ["name.given"]}]));
    let seen = holder.get(&place(&stored)).expect(200).json();
    let shown = json!([{"use": "official", "family": "A"}, {"use": "nickname", "family": "C"}]);
    assert_eq!(seen["name"], shown);
    // In another order, with a new one.
    let names =
        json!([{"use": "nickname", "family": "C"}, {"use": "official", "family": "A"}, {"family": "New"}]);
    holder.put(&place(&stored), &with(seen, json!({"name": names}))).expect(200);
    let now = world.admin.get(&place(&stored)).expect(200).json();
    let given = |family: &str| {
        let names = now["name"].as_array().expect("names");
        names.iter().find(|name| name["family"] == family).map(|name| name["given"].clone())
    };
    assert_eq!(given("C"), Some(json!(["Three"])));
    assert_eq!(given("A"), Some(json!(["One"])));
    assert_eq!(given("New"), Some(Value::Null));
    assert!(now["name"].to_string().contains("Two"), "{now}");
});
