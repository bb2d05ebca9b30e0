//! Bundles: each entry under the policy, and all of a transaction or nothing.

use serde_json::{Value, json};

use super::{couple, found, holder, ids};
use crate::client::{id, place};
use crate::sample::with;

fn bundle(entry: Value) -> Value {
    json!({"resourceType": "Bundle", "type": "transaction", "entry": entry})
}

on_both!(one_entry_that_is_not_allowed_stops_all, |world| {
    let (woman, man) = couple(world);
    let holder = holder(world, json!([{"resourceType": "Patient", "criteria": "Patient?gender=female"}]));
    let good = json!({"request": {"method": "POST", "url": "Patient"}, "resource": {"resourceType": "Patient", "gender": "female"}});
    let bad = |method: &str, url: String, resource: Value| match resource {
        Value::Null => json!({"request": {"method": method, "url": url}}),
        resource => json!({"request": {"method": method, "url": url}, "resource": resource}),
    };
    for (bad, status) in [
        (bad("POST", "Patient".to_owned(), json!({"resourceType": "Patient", "gender": "male"})), 403),
        (bad("PUT", place(&man), with(man.clone(), json!({"gender": "female"}))), 404),
        (bad("PUT", place(&woman), with(woman.clone(), json!({"gender": "male"}))), 403),
        (bad("GET", place(&man), Value::Null), 404),
        (bad("POST", "Organization".to_owned(), json!({"resourceType": "Organization", "name": "O"})), 403),
    ] {
        let answer = holder.post("", &bundle(json!([good, bad])));
        assert_eq!(answer.status, status, "{bad}: {}", answer.text());
    }
    assert_eq!(found(&world.admin, "Patient"), ids(&[&woman, &man]));
    holder.post("", &bundle(json!([good]))).expect(200);
});

on_both!(references_on_a_condition_lead_only_to_what_is_seen, |world| {
    let (woman, _) = couple(world);
    let holder = holder(
        world,
        json!([{"resourceType": "Patient", "criteria": "Patient?gender=female"}, {"resourceType": "RelatedPerson"}]),
    );
    let to = |query: &str| {
        bundle(json!([{
            "request": {"method": "POST", "url": "RelatedPerson"},
            "resource": {"resourceType": "RelatedPerson", "patient": {"reference": format!("Patient?{query}")}}
        }]))
    };
    holder.post("", &to("family=Verborgen")).refused(412, "not-found");
    holder.post("", &to("family=Offen")).expect(200);
    let stored = holder.search("RelatedPerson").remove(0);
    assert_eq!(stored["patient"]["reference"], format!("Patient/{}", id(&woman)));
});

on_both!(what_a_transaction_answers_with_is_masked, |world| {
    let (woman, _) = couple(world);
    let holder = holder(world, json!([{"resourceType": "Patient", "hiddenFields": ["birthDate"]}]));
    let seen = holder.get(&place(&woman)).expect(200).json();
    let entry = json!([
        {"request": {"method": "PUT", "url": place(&woman)}, "resource": with(seen, json!({"active": false}))}
    ]);
    let call = holder.call("POST", "").header("Prefer", "return=representation");
    let told = call.json(&bundle(entry)).send().expect(200).text();
    assert!(told.contains("Offen") && !told.contains("1980"), "{told}");
    assert_eq!(world.admin.get(&place(&woman)).expect(200).json()["birthDate"], "1980-01-02");
});
