//! Following the links misses nobody and shows nobody twice, whatever is written meanwhile:
//! <https://hl7.org/fhir/R4/http.html#paging>.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::client::{Client, id, place};
use crate::sample::with;
use crate::world::World;

const ORDERS: [&str; 9] = [
    "",
    "_sort=family",
    "_sort=-family",
    "_sort=birthdate",
    "_sort=-birthdate,family",
    "_sort=gender,-birthdate",
    "_sort=_id",
    "_sort=-_lastUpdated",
    "_sort=active,organization,given",
];

/// The n-th of a crowd with few values for many people: ties everywhere, and gaps.
fn somebody(n: usize) -> Value {
    let mut patient = json!({"resourceType": "Patient", "name": [{"given": [format!("G{}", n % 3)]}]});
    let mut set = |element: &str, value: Value| patient[element] = value;
    if !n.is_multiple_of(4) {
        set("birthDate", ["1970", "1970-01", "1980-05-05"][n % 3].into());
    }
    if !n.is_multiple_of(5) {
        set("gender", ["male", "female"][n % 2].into());
    }
    if n.is_multiple_of(3) {
        set("managingOrganization", json!({"reference": format!("Organization/{}", n % 2)}));
    }
    if !n.is_multiple_of(7) {
        patient["name"][0]["family"] = ["Éa", "ea", "Bo", "c d"][n % 4].into();
    }
    patient
}

fn crowd(world: &World, size: usize) -> Vec<Value> {
    (0..size).map(|n| world.admin.create(&somebody(n))).collect()
}

/// Follows a link to the end, and does something between the pages.
fn walk(client: &Client, start: &str, relation: &str, mut between: impl FnMut(usize)) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut next = Some(start.to_owned());
    while let Some(link) = next {
        let answer = client.get(&link).expect(200);
        pages.push(answer.resources().iter().map(id).collect::<Vec<_>>());
        next = answer.link(relation);
        between(pages.len());
        assert!(pages.len() < 100, "the pages do not end: {start}");
    }
    pages
}

on_both!(the_pages_together_are_the_whole_result_in_order, |world| {
    crowd(world, 30);
    for order in ORDERS {
        let whole = world.admin.found(&format!("Patient?_count=1000&{order}"));
        assert_eq!(whole.len(), 30, "{order}");
        for size in [1, 4, 29, 30] {
            let pages = walk(&world.admin, &format!("Patient?_count={size}&{order}"), "next", |_| {});
            assert_eq!(pages.concat(), whole, "{order} in pages of {size}");
        }
    }
});

on_both!(a_filtered_result_is_paged_as_well, |world| {
    crowd(world, 30);
    for order in ORDERS {
        for filter in [
            "gender=male",
            "gender:not=male",
            "family:contains=a&birthdate=lt1985",
            "family:missing=true",
            "given=g1,g2",
        ] {
            let whole = world.admin.found(&format!("Patient?_count=1000&{filter}&{order}"));
            assert!(!whole.is_empty());
            let pages = walk(&world.admin, &format!("Patient?_count=3&{filter}&{order}"), "next", |_| {});
            assert_eq!(pages.concat(), whole, "{filter} {order}");
        }
    }
});

on_both!(previous_leads_back_over_the_same_pages, |world| {
    crowd(world, 23);
    for order in ORDERS {
        let (mut there, mut last) = (Vec::new(), String::new());
        let mut next = Some(format!("Patient?_count=5&{order}"));
        while let Some(link) = next {
            let answer = world.admin.get(&link).expect(200);
            there.push(answer.resources().iter().map(id).collect::<Vec<_>>());
            next = answer.link("next");
            last = link;
        }
        let mut back = walk(&world.admin, &last, "previous", |_| {});
        back.reverse();
        assert_eq!(back, there, "{order}");
    }
});

on_both!(who_was_there_throughout_is_seen_exactly_once, |world| {
    for (round, order) in ORDERS.iter().enumerate() {
        let all = crowd(world, 24);
        // The first third stays as it is; the others are changed or go; new ones come.
        let (staying, moving) = all.split_at(8);
        let between = |page: usize| {
            let other = &moving[page % moving.len()];
            if page.is_multiple_of(2) {
                world.admin.delete(&place(other)).expect(204);
            } else {
                let moved = with(
                    somebody(page * 5 + 1),
                    json!({"id": other["id"], "active": page.is_multiple_of(3)}),
                );
                let answer = world.admin.put(&place(other), &moved);
                assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
            }
            world.admin.create(&somebody(page * 11 + round));
        };
        let seen = walk(&world.admin, &format!("Patient?_count=2&{order}"), "next", between).concat();
        let mut times = BTreeMap::new();
        for id in &seen {
            *times.entry(id.as_str()).or_insert(0) += 1;
        }
        for patient in staying {
            let id = id(patient);
            assert_eq!(times.get(id.as_str()), Some(&1), "{order}: {id}");
        }
        for patient in world.admin.search("Patient?_count=1000") {
            world.admin.delete(&place(&patient)).expect(204);
        }
    }
});

on_both!(a_page_that_has_lost_its_border_goes_on_behind_it, |world| {
    crowd(world, 12);
    for order in ORDERS {
        let first = world.admin.get(&format!("Patient?_count=4&{order}")).expect(200);
        let before: BTreeSet<String> = world.admin.found("Patient?_count=1000").into_iter().collect();
        let border = first.resources().pop().expect("a page");
        world.admin.delete(&place(&border)).expect(204);
        let rest = walk(&world.admin, &first.link("next").expect("a next page"), "next", |_| {}).concat();
        let seen: Vec<String> = first.resources().iter().map(id).chain(rest).collect();
        assert_eq!(seen.len(), before.len(), "{order}");
        assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), before, "{order}");
        world.admin.create(&somebody(5));
    }
});
