//! Cursors of pages, changed by somebody: <https://hl7.org/fhir/R4/http.html#paging>.

use proptest::prelude::*;
use proptest::sample::select;

use super::text::{addressed, spoilt};
use super::{hold, sound};
use crate::sample::patient;

on_both!(a_cursor_that_was_changed_is_refused_or_leads_somewhere, |world| {
    for number in 0..7 {
        world.admin.create(&patient("Cursor", &format!("{number}")));
    }
    // Real ones of every sort, and the questions they belong to.
    let mut real = Vec::new();
    for question in [
        "Patient?_count=2",
        "Patient?family=cursor&_sort=given&_count=2",
        "Patient?_sort=-_lastUpdated&_count=2",
        "Patient?_sort=birthdate,-family&_count=2",
        "Patient/_history?_count=2",
        "_history?_count=2",
    ] {
        let next = world.admin.get(question).expect(200).link("next").expect("more");
        let (before, cursor) = next.split_once("_cursor=").expect("a cursor");
        let cursor = cursor.split('&').next().unwrap_or_default();
        let place = before.rsplit_once("/R4/").expect("the base").1.to_owned();
        real.push((place, cursor.to_owned()));
    }
    let cursors: Vec<String> = real.iter().map(|(_, cursor)| cursor.clone()).collect();
    let changed = (select(real), select(cursors)).prop_flat_map(|((place, own), other)| {
        let cursor = prop_oneof![
            4 => spoilt(own.clone()),
            2 => spoilt(own).prop_flat_map(spoilt),
            2 => Just(other),
            1 => "[A-Za-z0-9_.-]{0,60}",
            1 => any::<Vec<u8>>().prop_map(|bytes| {
                use base64::Engine as _;
                base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(bytes)
            }),
        ];
        (Just(place), cursor)
    });
    hold(500, &changed, |(place, cursor)| {
        let answer = world.admin.get(&format!("{place}_cursor={}", addressed(&cursor)));
        sound(&answer)?;
        prop_assert!(matches!(answer.status, 200 | 400), "{}", answer.status);
        Ok(())
    });
    // Nobody gets at another's by way of a cursor.
    let (place, cursor) = world
        .stranger
        .get("Patient?_count=2")
        .link("next")
        .and_then(|next| next.split_once("_cursor=").map(|(a, b)| (a.to_owned(), b.to_owned())))
        .unwrap_or_default();
    assert!(place.is_empty() && cursor.is_empty());
    let next = world.admin.get("Patient?_count=2").link("next").expect("more");
    let answer = world.stranger.get(&next);
    assert!(answer.status == 400 || answer.resources().is_empty(), "{}", answer.text());
});
