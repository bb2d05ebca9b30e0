//! Every call of `/admin` and every sort of caller: nobody, a stranger, a member, the admin, a super admin.

use serde_json::{Value, json};

use super::{invited, local};
use crate::client::id;

/// Verb, call, body, and what it answers to each.
const CALLS: [(&str, &str, &str, [u16; 5]); 17] = [
    ("GET", "projects/P", "", [401, 404, 403, 200, 200]),
    ("POST", "projects/P/settings", "[]", [401, 404, 403, 200, 200]),
    ("POST", "projects/P/secrets", "[]", [401, 404, 403, 200, 200]),
    ("POST", "projects/P/sites", "[]", [401, 404, 403, 200, 200]),
    ("POST", "projects/P/client", r#"{"name": "C"}"#, [401, 404, 403, 201, 201]),
    ("POST", "projects/P/bot", r#"{"name": "B"}"#, [401, 404, 403, 501, 501]),
    ("POST", "projects/P/invite", "{}", [401, 404, 403, 400, 400]),
    ("GET", "projects/P/members", "", [401, 404, 403, 200, 200]),
    ("GET", "projects/P/members/M", "", [401, 404, 403, 200, 200]),
    ("GET", "projects/P/members/none", "", [401, 404, 403, 404, 404]),
    ("POST", "projects/P/members/M", "{}", [401, 404, 403, 403, 403]),
    ("POST", "projects/P/members/M/mfa/reset", "{}", [401, 404, 403, 400, 400]),
    ("POST", "projects/P/members/M/resetpassword", "{}", [401, 404, 403, 200, 200]),
    ("DELETE", "projects/P/members/none", "", [401, 404, 403, 404, 404]),
    ("POST", "projects/setpassword", "{}", [401, 400, 403, 400, 400]),
    ("POST", "super/setpassword", "{}", [401, 403, 403, 403, 400]),
    ("POST", "super/structuredefinitions", "{}", [401, 403, 403, 403, 501]),
];

on_both!(every_caller_of_every_admin_call_gets_the_answer_due_to_him, |world| {
    let member = id(&invited(world, &local("ada@example.com")));
    let mut faults = Vec::new();
    for (verb, call, body, expected) in CALLS {
        let place = format!("/admin/{}", call.replace('P', &world.project).replace('M', &member));
        let callers = [&world.anonymous, &world.stranger, &world.member, &world.admin, &world.super_admin];
        let told = callers.map(|client| {
            let call = client.call(verb, &place);
            let call = if body.is_empty() { call } else { call.body("application/json", body) };
            call.send().status
        });
        if told != expected {
            faults.push(format!("{verb} {call}: {told:?}, not {expected:?}"));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
});

on_both!(a_stranger_is_told_of_a_project_what_he_is_told_of_none, |world| {
    for rest in ["", "/members", "/members/none"] {
        let answer = |project: &str| world.stranger.get(&format!("/admin/projects/{project}{rest}"));
        let none = "00000000-0000-7000-8000-00000000dead";
        let foreign = answer(&world.project).refused(404, "not-found").text();
        assert_eq!(foreign.replace(&world.project, none), answer(none).refused(404, "not-found").text());
    }
});

on_both!(a_membership_of_another_project_is_not_there, |world| {
    let foreign =
        world.super_admin.search(&format!("ProjectMembership?project={}", world.other_project)).remove(0);
    let place = format!("/admin/projects/{}/members/{}", world.project, id(&foreign));
    for client in [&world.admin, &world.super_admin] {
        client.get(&place).refused(404, "not-found");
        client.post(&place, &foreign).refused(404, "not-found");
        client.delete(&place).refused(404, "not-found");
        client.post(&format!("{place}/resetpassword"), &json!({})).refused(404, "not-found");
        client.post(&format!("{place}/mfa/reset"), &json!({})).refused(404, "not-found");
    }
    let still: Value =
        world.super_admin.get(&format!("ProjectMembership/{}", id(&foreign))).expect(200).json();
    assert_eq!(still, foreign);
});
