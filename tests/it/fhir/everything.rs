//! `Patient/$everything`: <https://hl7.org/fhir/R4/patient-operation-everything.html>.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::client::{Answer, Client, place};
use crate::sample::{organization, patient, with};

struct Record {
    patient: String,
    /// What is the patient's own.
    own: BTreeSet<String>,
    organization: String,
}

fn record(client: &Client) -> Record {
    let organization = place(&client.create(&organization("O")));
    let body = with(patient("A", "B"), json!({"managingOrganization": {"reference": organization}}));
    let patient_place = place(&client.create(&body));
    let subject = json!({"reference": patient_place});
    let own = [
        json!({"resourceType": "RelatedPerson", "patient": subject}),
        json!({"resourceType": "RelatedPerson", "patient": subject}),
        json!({"resourceType": "Group", "type": "person", "actual": true, "member": [{"entity": subject}]}),
        json!({"resourceType": "DocumentReference", "status": "current", "subject": subject, "date": "2020-05-05T00:00:00Z",
            "content": [{"attachment": {"url": "http://example.com/x"}}]}),
    ];
    let own = own.iter().map(|body| place(&client.create(body))).collect();
    Record { patient: patient_place, own, organization }
}

/// The places of the entries of a mode.
fn entries(answer: &Answer, mode: &str) -> Vec<String> {
    let bundle = answer.json();
    let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
    entries.iter().filter(|one| one["search"]["mode"] == mode).map(|one| place(&one["resource"])).collect()
}

on_both!(all_of_a_patient_is_told, |world| {
    let (one, other) = (record(&world.admin), record(&world.admin));
    record(&world.stranger);
    let answer = world.admin.get(&format!("{}/$everything", one.patient)).expect(200);
    assert_eq!(answer.json()["type"], "searchset");
    let told = entries(&answer, "match");
    assert_eq!(told[0], one.patient);
    assert_eq!(told[1..].iter().cloned().collect::<BTreeSet<_>>(), one.own);
    assert_eq!(entries(&answer, "include"), std::slice::from_ref(&one.organization));
    let empty = json!({"resourceType": "Parameters"});
    let posted = world.admin.post(&format!("{}/$everything", one.patient), &empty).expect(200);
    assert_eq!(entries(&posted, "match"), told);

    let all = world.admin.get("Patient/$everything").expect(200);
    let both: BTreeSet<String> =
        one.own.union(&other.own).cloned().chain([one.patient, other.patient]).collect();
    assert_eq!(entries(&all, "match").into_iter().collect::<BTreeSet<_>>(), both);
    assert_eq!(
        entries(&all, "include").into_iter().collect::<BTreeSet<_>>(),
        BTreeSet::from([one.organization, other.organization])
    );
});

on_both!(pages_have_each_resource_once, |world| {
    let record = record(&world.admin);
    for count in 1..=3 {
        let mut next = Some(format!("{}/$everything?_count={count}", record.patient));
        let mut told = Vec::new();
        while let Some(link) = next {
            let answer = world.admin.get(&link).expect(200);
            let page = entries(&answer, "match");
            assert!(page.len() <= count.max(2), "{page:?}");
            told.extend(page);
            next = answer.link("next");
        }
        assert_eq!((told.len(), &told[0]), (5, &record.patient));
        assert_eq!(told[1..].iter().cloned().collect::<BTreeSet<_>>(), record.own);
    }
});

on_both!(types_time_and_care_narrow_it_down, |world| {
    let record = record(&world.admin);
    let told = |query: &str, mode: &str| {
        let answer = world.admin.get(&format!("{}/$everything?{query}", record.patient)).expect(200);
        let kinds = entries(&answer, mode);
        kinds.iter().map(|one| one.split('/').next().expect("a type").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(told("_type=RelatedPerson", "match"), ["RelatedPerson", "RelatedPerson"]);
    assert_eq!(told("_type=Patient", "match"), ["Patient"]);
    assert_eq!(told("_type=Patient", "include"), Vec::<String>::new());
    assert_eq!(told("_type=Patient,Organization,Group", "match"), ["Patient", "Group"]);
    assert_eq!(told("_type=Patient&_since=2100-01-01T00:00:00Z", "match"), Vec::<String>::new());
    assert_eq!(told("_since=2000-01-01T00:00:00Z", "match").len(), 5);
    let documents = |query: &str| told(&format!("_type=DocumentReference&{query}"), "match").len();
    assert_eq!(documents("start=2020-01-01&end=2020-12-31"), 1);
    assert_eq!((documents("start=2021-01-01"), documents("end=2020-01-01")), (0, 0));
    assert_eq!(told("start=2021-01-01", "match").len(), 4);
    let post = |parameter: Value| {
        let body = json!({"resourceType": "Parameters", "parameter": [parameter]});
        world.admin.post(&format!("{}/$everything", record.patient), &body)
    };
    let answer = post(json!({"name": "_type", "valueCode": "Group"})).expect(200);
    assert_eq!(entries(&answer, "match").len(), 1);
});

on_both!(what_is_not_there_or_not_understood_is_refused, |world| {
    let record = record(&world.admin);
    let at = |query: &str| world.admin.get(&format!("{}/$everything?{query}", record.patient));
    at("_type=Nonsense").refused(400, "not-supported").at("_type");
    at("_type=Organization").refused(400, "not-supported").at("_type");
    at("nonsense=1").refused(400, "not-supported");
    for wrong in ["_since=x", "_type=DocumentReference&start=x", "_count=0", "_count=x", "_cursor=x"] {
        at(wrong).expect(400).issues();
    }
    let place = format!("{}/$everything", record.patient);
    world.anonymous.get(&place).expect(401);
    world.member.get(&place).refused(403, "forbidden");
    world.stranger.get(&place).refused(404, "not-found");
    world.admin.get("Patient/none/$everything").refused(404, "not-found");
    let answer = world.admin.get("Practitioner/none/$everything");
    assert!([404, 501].contains(&answer.status), "{}", answer.text());
    world.admin.delete(&record.patient).expect(204);
    world.admin.get(&place).refused(410, "deleted");
});
