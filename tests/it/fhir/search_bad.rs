//! Questions that are none: <https://hl7.org/fhir/R4/search.html#errors>,
//! <https://hl7.org/fhir/R4/search.html#unsupported>.

use crate::client::Answer;
use crate::sample::patient;
use crate::world::World;

fn handling(world: &World, handling: &str, query: &str) -> Answer {
    world.admin.call("GET", query).header("Prefer", &format!("handling={handling}")).send()
}

on_both!(an_unknown_parameter_is_refused_unless_one_is_lenient, |world| {
    world.admin.create(&patient("A", "B"));
    for query in
        ["Patient?nonsense=1", "Patient?family=a&emial=x", "Patient?Family=a", "Patient?_sort=nonsense"]
    {
        world.admin.get(query).refused(400, "not-supported");
        handling(world, "strict", query).refused(400, "not-supported");
        let answer = handling(world, "lenient", query).expect(200);
        let link = answer.link("self").expect("a self link");
        assert!(!link.contains("nonsense") && !link.contains("emial") && !link.contains("Family="), "{link}");
        let bundle = answer.json();
        let entries = bundle["entry"].as_array().expect("entries");
        let outcome = entries.iter().find(|entry| entry["search"]["mode"] == "outcome").expect("an outcome");
        assert_eq!(outcome["resource"]["issue"][0]["severity"], "warning");
        assert_eq!(answer.resources().len(), 1, "{query}");
    }
});

on_both!(what_would_change_the_question_is_refused_even_so, |world| {
    for query in [
        "family:foo=x",
        "gender:exact=male",
        "birthdate:contains=1970",
        "_id:exact=x",
        "family.name=x",
        "_has:Group:member=x",
        "_include=Patient:family",
        "_revinclude=Group",
        "_filter=name%20is%20x",
        "_text=-",
        "_contained=perhaps",
        "birthdate=x",
        "birthdate=2020-13-01",
        "birthdate=gt",
        "active:missing=maybe",
        "_count=-1",
        "_count=x",
        "_total=perhaps",
        "_summary=nonsense",
        "_summary=text&_include=*",
        "_elements=name.family",
        "_sort=family,family",
        "_count=1&_count=2",
        "family=%00",
    ] {
        for prefer in ["strict", "lenient"] {
            let answer = handling(world, prefer, &format!("Patient?{query}"));
            assert_eq!(answer.status, 400, "{query} ({prefer}): {}", answer.text());
            answer.at(query.split('=').next().expect("a name"));
        }
    }
});

on_both!(all_faults_of_a_question_are_told_at_once, |world| {
    let answer = world.admin.get("Patient?birthdate=x&nonsense=1&_count=-1").expect(400);
    answer.at("birthdate").at("nonsense").at("_count");
});

on_both!(a_question_out_of_all_proportion_is_refused, |world| {
    let many = vec!["x"; 1001].join(",");
    let answer = world.admin.get(&format!("Patient?family={many}"));
    assert!(matches!(answer.status, 400 | 413 | 414), "{}", answer.status);
    let answer =
        world.admin.call("POST", "Patient/_search").form(&format!("family={}", "x".repeat(70_000))).send();
    assert!(matches!(answer.status, 400 | 413), "{}", answer.status);
    answer.issues();
    let all = vec!["x"; 900].join(",");
    world.admin.call("POST", "Patient/_search").form(&format!("family={all}")).send().expect(200);
});

on_both!(a_broken_percent_sign_is_no_fault_of_the_server, |world| {
    for query in ["family=%", "family=%zz", "family=%ff%fe", "%=%", "=x", "&&", "family"] {
        let answer = world.admin.get(&format!("Patient?{query}"));
        assert!(matches!(answer.status, 200 | 400), "{query}: {}", answer.status);
    }
});
