//! The links of a page: <https://hl7.org/fhir/R4/http.html#paging>. That they miss nothing is in `paging`.

use crate::client::PUBLIC_URL;
use crate::sample::patient;
use crate::world::World;

fn seven(world: &World) {
    for n in 0..7 {
        world.admin.create(&patient("Chalmers", &format!("{n}")));
    }
}

on_both!(the_first_page_has_no_previous_and_the_last_no_next, |world| {
    seven(world);
    let first = world.admin.get("Patient?_count=5&_sort=given").expect(200);
    assert_eq!((first.link("previous"), first.resources().len()), (None, 5));
    let next = first.link("next").expect("a next page");
    assert!(next.starts_with(&format!("{PUBLIC_URL}/fhir/R4/Patient?")), "{next}");
    let last = world.admin.get(&next).expect(200);
    assert_eq!((last.link("next"), last.resources().len()), (None, 2));
    assert!(last.link("previous").is_some());
});

on_both!(one_page_that_holds_all_has_no_next, |world| {
    seven(world);
    let only = world.admin.get("Patient?_count=7").expect(200);
    assert_eq!((only.link("next"), only.link("previous"), only.resources().len()), (None, None, 7));
});

on_both!(first_leads_back_to_the_beginning, |world| {
    seven(world);
    let first = world.admin.get("Patient?_count=3").expect(200);
    let second = world.admin.get(&first.link("next").expect("a next page")).expect(200);
    let again = world.admin.get(&second.link("first").expect("a first page")).expect(200);
    assert_eq!(again.json()["entry"], first.json()["entry"]);
});

on_both!(a_cursor_works_for_its_own_query_only, |world| {
    seven(world);
    let next = world.admin.get("Patient?_count=3&_sort=given").expect(200).link("next").expect("a next page");
    for (from, to) in
        [("_sort=given", "_sort=-given"), ("_sort=given", "_sort=family"), ("_count=3", "_count=3&family=c")]
    {
        let changed = next.replace(from, to);
        assert_ne!(changed, next);
        world.admin.get(&changed).expect(400).at("_cursor");
    }
});

on_both!(a_damaged_cursor_is_refused, |world| {
    seven(world);
    let next = world.admin.get("Patient?_count=3").expect(200).link("next").expect("a next page");
    let (before, cursor) = next.split_once("_cursor=").expect("a cursor");
    for damaged in ["x", "AAAA", "%00", &cursor[1..], &format!("{cursor}A"), &"A".repeat(30_000)] {
        let answer = world.admin.get(&format!("{before}_cursor={damaged}"));
        assert!(matches!(answer.status, 400 | 414), "{damaged:.40}: {}", answer.status);
    }
});

on_both!(the_cursor_of_a_stranger_shows_nothing_of_ours, |world| {
    seven(world);
    let next = world.admin.get("Patient?_count=3").expect(200).link("next").expect("a next page");
    assert!(world.stranger.get(&next).expect(200).resources().is_empty());
});
