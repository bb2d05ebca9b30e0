//! Who may do what inside a project.

use serde_json::json;

use crate::client::place;
use crate::sample::{patient, user};

on_both!(nobody_in_particular_may_do_nothing, |world| {
    let stored = world.admin.create(&patient("A", "B"));
    let anonymous = &world.anonymous;
    for answer in [
        anonymous.get(&place(&stored)),
        anonymous.get("Patient"),
        anonymous.get("Patient/none"),
        anonymous.get(&format!("{}/_history", place(&stored))),
        anonymous.post("Patient", &patient("A", "B")),
        anonymous.put(&place(&stored), &stored),
        anonymous.delete(&place(&stored)),
        anonymous.call("POST", "Patient/_search").form("").send(),
    ] {
        assert!(answer.header("WWW-Authenticate").is_some_and(|told| told.starts_with("Bearer")));
        answer.refused(401, "login");
    }
});

on_both!(a_member_without_a_policy_may_do_the_least, |world| {
    let patient_there = world.admin.create(&patient("A", "B"));
    let user_there = world.admin.create(&user("ada@example.com"));
    let member = &world.member;
    for stored in [&patient_there, &user_there] {
        for answer in [
            member.get(&place(stored)),
            member.get(&format!("{}/_history", place(stored))),
            member.put(&place(stored), stored),
            member.delete(&place(stored)),
        ] {
            assert!(matches!(answer.status, 403 | 404), "{answer:?}");
        }
        assert_eq!(&world.admin.get(&place(stored)).expect(200).json(), stored);
    }
    member.post("Patient", &patient("C", "D")).refused(403, "forbidden");
    member.post("User", &user("c@example.com")).refused(403, "forbidden");
    for kind in ["Patient", "User", "ProjectMembership", "AccessPolicy"] {
        let answer = member.get(kind);
        assert!(answer.status == 403 || answer.resources().is_empty(), "{kind}: {}", answer.text());
    }
});

on_both!(an_admin_sets_no_password, |world| {
    for secret in ["passwordHash", "mfaSecret"] {
        let mut sent = user("ada@example.com");
        sent[secret] = json!("$2b$12$abcdefghijklmnopqrstuv");
        let answer = world.admin.post("User", &sent);
        assert!(matches!(answer.status, 400 | 403 | 422), "{}", answer.text());
        answer.at(&format!("User.{secret}"));
    }
    assert!(world.admin.found("User").is_empty());
});
