//! What may be written and never read: no answer, version, search, log line or column shows it but the
//! credential table's.

use serde_json::json;

use crate::client::{Answer, id, place};
use crate::process::{Process, bootstrapped};
use crate::sample::{user, with};
use crate::server::BOOTSTRAP_SECRET;

const HASH: &str = "$2b$12$SENTINELofAPASSWORDhashXSENTINELofAPASSWORDhashXSENTI";
const SEED: &str = "SENTINELOFANMFASECRET234567";

on_both!(a_secret_element_is_shown_by_nothing, |world| {
    let super_admin = &world.super_admin;
    let mut answers: Vec<Answer> = Vec::new();
    let secrets = json!({"passwordHash": HASH, "mfaSecret": SEED});
    let project = json!({"project": {"reference": format!("Project/{}", world.project)}});
    let sent = with(with(user("ada@example.com"), project), secrets.clone());
    answers.push(super_admin.post("User", &sent).expect(201));
    let stored = answers[0].json();
    let place = place(&stored);

    // Written again, with a change, and by way of a refusal: the last must not repeat what it refuses.
    answers.push(
        super_admin
            .put(&place, &with(with(stored.clone(), json!({"title": "Dr"})), secrets.clone()))
            .expect(200),
    );
    answers.push(
        super_admin
            .put(&place, &with(with(stored.clone(), json!({"nonsense": 1})), secrets.clone()))
            .expect(422),
    );
    answers.push(super_admin.post("User", &sent).expect(409));
    answers.push(world.admin.put(&place, &with(stored, secrets)));
    for client in [super_admin, &world.admin, &world.member, &world.stranger] {
        answers.push(client.get(&place));
        answers.push(client.get(&format!("{place}?_elements=passwordHash,mfaSecret")));
        answers.push(client.get(&format!("{place}/_history")));
        for version in 1..4 {
            answers.push(client.get(&format!("{place}/_history/{version}")));
        }
        for query in ["", "email=ada@example.com", "_elements=passwordHash,mfaSecret", "_summary=true"] {
            answers.push(client.get(&format!("User?{query}")));
        }
    }
    answers.push(world.anonymous.get("metadata"));
    for answer in &answers {
        let all = format!("{}{}", answer.headers(), answer.text());
        assert!(!all.contains("SENTINEL"), "{all}");
    }
    assert_eq!(super_admin.found("User?email=ada@example.com").len(), 1);

    for (table, rows) in world.database.dump() {
        let told = |row: &&String| row.contains("SENTINEL") || row.contains(&hex("SENTINEL"));
        let telling = rows.iter().filter(told).count();
        assert_eq!(telling, if table == "credential" { 2 } else { 0 }, "{table}");
    }
});

on_both!(a_secret_is_no_search_parameter, |world| {
    for name in ["passwordHash", "password-hash", "mfaSecret", "mfa-secret"] {
        world.super_admin.get(&format!("User?{name}=x")).refused(400, "not-supported");
        world.super_admin.get(&format!("User?_sort={name}")).expect(400);
    }
});

on_both!(a_write_without_the_secret_keeps_it, |world| {
    let sent = with(user("ada@example.com"), json!({"passwordHash": HASH}));
    let stored = world.super_admin.create(&sent);
    world.super_admin.update(&with(stored.clone(), json!({"title": "Dr"})));
    let kept = world.database.dump()["credential"].iter().filter(|row| row.contains("SENTINEL")).count();
    assert_eq!(kept, 1);
    world.super_admin.delete(&place(&stored)).expect(204);
    let kept = world.database.dump()["credential"].iter().filter(|row| row.contains("SENTINEL")).count();
    assert_eq!(kept, 0, "the secret of {} outlived it", id(&stored));
});

on_each_database!(no_log_line_shows_a_secret, |database| {
    let process = Process::serve(bootstrapped(&["--log", "trace"]), &database.url);
    let super_admin = process.super_admin();
    let sent = with(user("ada@example.com"), json!({"passwordHash": HASH, "mfaSecret": SEED}));
    let stored = super_admin.create(&sent);
    super_admin.post("User", &sent).expect(409);
    super_admin.put(&place(&stored), &with(sent, json!({"id": stored["id"], "nonsense": 1}))).expect(422);
    let token = super_admin.token().to_owned();
    process.terminate();
    let (good, printed, logged) = process.end();
    assert!(good && logged.lines().count() > 10, "{logged}");
    for secret in ["SENTINEL", BOOTSTRAP_SECRET, token.as_str()] {
        assert!(!printed.contains(secret), "{printed}");
        let told: Vec<_> = logged.lines().filter(|line| line.contains(secret)).collect();
        assert!(told.is_empty(), "{told:?}");
    }
});

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02X}")).collect()
}
