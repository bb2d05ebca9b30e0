//! Totals count what the asker may find.

use serde_json::json;

use super::{couple, found, holder, ids};

on_both!(totals_and_pages_know_nothing_of_the_others, |world| {
    let (woman, _) = couple(world);
    let mut women = vec![woman];
    for turn in 0..5 {
        for gender in ["female", "male"] {
            let one = json!({"resourceType": "Patient", "gender": gender, "name": [{"family": format!("F{turn}")}]});
            let one = world.admin.create(&one);
            if gender == "female" {
                women.push(one);
            }
        }
    }
    let all: Vec<&serde_json::Value> = women.iter().collect();
    let holder = holder(world, json!([{"resourceType": "Patient", "criteria": "Patient?gender=female"}]));
    for query in ["_summary=count", "_total=accurate", "_total=estimate", "_count=0&_total=accurate"] {
        let total = holder.get(&format!("Patient?{query}")).expect(200).json();
        assert_eq!(total["total"], 6, "{query}");
    }
    assert_eq!(holder.get("/fhir/R4?_summary=count").expect(200).json()["total"], 6);
    for order in ["", "&_sort=family", "&_sort=-_lastUpdated", "&_sort=birthdate,family"] {
        let (mut seen, mut next) = (Vec::new(), Some(format!("Patient?_count=2{order}")));
        while let Some(place) = next {
            let page = holder.get(&place).expect(200);
            seen.extend(page.resources().iter().map(crate::client::id));
            next = page.link("next");
        }
        seen.sort();
        assert_eq!(seen, ids(&all), "{order}");
    }
    let graphql = "$graphql?query=%7BPatientConnection%7Bcount%7D%7D";
    assert_eq!(holder.get(graphql).expect(200).json()["data"]["PatientConnection"]["count"], 6);
    assert_eq!(found(&holder, "Patient?gender:not=male"), ids(&all));
    assert!(holder.found("Patient?gender:not=female").is_empty());
});
