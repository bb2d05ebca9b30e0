//! Hashes that other systems made. Those here were made by Python's hashlib, argon2-cffi, bcrypt and cryptography, of
//! `person::PASSWORD` and the salt `saltsaltsaltsalt`.

use serde_json::json;

use super::person::*;
use crate::sample::{user as sample, with};
use crate::world::World;

const HASHES: [&str; 23] = [
    "$argon2id$v=19$m=1024,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$fkamk3pF/q8siotK+41bxTXNZOslmI+8s7867DPnL1M",
    "$argon2i$v=19$m=1024,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$J7GihwSc5+l9twtW/1ZiInvTK+AtNqLEZQtyrOUZpLE",
    "$argon2d$v=19$m=1024,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$fEOft5AUV2qp7OW1QrTIWx2VyGEyxIch8AAkJdredRk",
    "$argon2id$v=16$m=1024,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$JluyRlxIPhECnU8Gj7l/YoMHJwon2C76QjgLkh9uxVw",
    "$scrypt$ln=10,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$ASO1H7tLu8MeruZXVRuJwgnZJEMvzx76pdV/DJ00kChqFEYVKLsaCPdpxE9Z3s99SmQ8zJkHyJ12rVaxQdjcJg",
    "$scrypt$v=1$n=1024,r=8,p=1,kl=64$c2FsdHNhbHRzYWx0c2FsdA==$ASO1H7tLu8MeruZXVRuJwgnZJEMvzx76pdV/DJ00kChqFEYVKLsaCPdpxE9Z3s99SmQ8zJkHyJ12rVaxQdjcJg==",
    "$firescrypt$ln=10,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA==$HCT+SIxEcPPxi7igvWXxlMsbqHKLcMnX4IjCYCmtW4XXgEqp49SHf+FJKeLhZOyzVphMQIW+P0iOo9Z8G/M5/A==$Bw==$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==",
    "$firebase-scrypt$hash=HCT+SIxEcPPxi7igvWXxlMsbqHKLcMnX4IjCYCmtW4XXgEqp49SHf+FJKeLhZOyzVphMQIW+P0iOo9Z8G/M5/A==$salt=c2FsdHNhbHRzYWx0c2FsdA==$sk=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==$ss=Bw==$r=8$m=10",
    "$pbkdf2-sha1$1000$c2FsdHNhbHRzYWx0c2FsdA$l/2sUKSUlkXNIrFNiDHsVM3n3pQ",
    "$pbkdf2$i=1000,d=sha1$c2FsdHNhbHRzYWx0c2FsdA$l/2sUKSUlkXNIrFNiDHsVM3n3pQ",
    "$pbkdf2-sha256$1000$c2FsdHNhbHRzYWx0c2FsdA$WUg5C40briV3l/1gNiUn5uoQSUkH36/ao9lxuJFv4qg",
    "$pbkdf2-sha256$i=1000,l=32$c2FsdHNhbHRzYWx0c2FsdA$WUg5C40briV3l/1gNiUn5uoQSUkH36/ao9lxuJFv4qg",
    "$pbkdf2$i=1000,d=sha256$c2FsdHNhbHRzYWx0c2FsdA$WUg5C40briV3l/1gNiUn5uoQSUkH36/ao9lxuJFv4qg",
    "$pbkdf2-sha512$1000$c2FsdHNhbHRzYWx0c2FsdA$Ut.l5y8I2h5eOt.CkOO.6V2nWl6kwHMCE7Qa92aEnDOqzZULdw5yG9e43faX0wKFYyNvCzL7zrZnI9ZGBb6KHA",
    "$pbkdf2-sha512$i=1000,l=64$c2FsdHNhbHRzYWx0c2FsdA$Ut+l5y8I2h5eOt+CkOO+6V2nWl6kwHMCE7Qa92aEnDOqzZULdw5yG9e43faX0wKFYyNvCzL7zrZnI9ZGBb6KHA",
    "$pbkdf2$i=1000,d=sha512$c2FsdHNhbHRzYWx0c2FsdA$Ut+l5y8I2h5eOt+CkOO+6V2nWl6kwHMCE7Qa92aEnDOqzZULdw5yG9e43faX0wKFYyNvCzL7zrZnI9ZGBb6KHA",
    "{SSHA}cSYjSYOrF7T3YfCtYm5BIS4ycptzYWx0c2FsdHNhbHRzYWx0",
    "{SSHA256}5FqtFk1/fKi3qKt6yr+zKkTtg2VJzW2U6Qu2xSC++p1zYWx0c2FsdHNhbHRzYWx0",
    "{SSHA512}MscusLAtzfFLBVZ7q+5K/w/cQOr4rass6c68LmvO9JaTB5l2xtci0UTJGz1wtK+sFK4D+ELSRCvJ64+/ZTYXpXNhbHRzYWx0c2FsdHNhbHQ=",
    "$2a$04$r6zK2H7UbfIuUNLP8RHi9.48tUHk4FA91dYTBg.GMSXBomqZWySdi",
    "$2b$04$qMilLqhTJXR5TSrOHc5rZuLbsTuoiHG/wi9imvuKKhndM227.Nv.u",
    "$2y$04$mZCQPfESC2LHSK54QSEpXO82.bDBlNuMrLv8gJNJztASh8zOq.aGG",
    "$2x$04$mZCQPfESC2LHSK54QSEpXO82.bDBlNuMrLv8gJNJztASh8zOq.aGG",
];

/// Somebody with this hash, who is a member.
fn imported(world: &World, hash: &str) -> Person {
    let email = email();
    let user = crate::client::id(&world.super_admin.create(&with(
        sample(&email),
        json!({"passwordHash": hash, "project": {"reference": format!("Project/{}", world.project)}}),
    )));
    let membership = member(world, &user, &world.project, json!({}));
    Person { email, user, membership }
}

fn kept(world: &World, person: &Person) -> String {
    let store = &world.server.engine.store;
    let project = store.project_number(&world.project).expect("an answer").expect("a number");
    let row = store.get(project, store.kind("User").expect("a type"), &person.user);
    let secrets = store.secrets(project, row.expect("an answer").expect("a row").rid).expect("secrets");
    secrets.into_iter().find(|(name, _)| name == "passwordHash").expect("a hash").1
}

on_both!(
    each_hash_of_others_lets_in_whoever_knows_the_password_and_is_replaced,
    |config| {
        let limits = &mut config.sign_in;
        (limits.login_rate, limits.free_failures, limits.free_failures_address) = (0, 0, 0);
    },
    |world| {
        for hash in HASHES {
            let person = imported(world, hash);
            for wrong in ["plum violin 77 harbou", "plum violin 77 harbour ", "Plum violin 77 harbour", "x"] {
                post(world, "login", &with(person.asked(world), json!({"password": wrong})))
                    .refused(400, "login");
            }
            assert_eq!(kept(world, &person), hash);
            person.begin(world).expect(200);
            let ours = kept(world, &person);
            assert!(
                ours.starts_with("roster$2b$04$") || ours.starts_with("roster$$2b$04$"),
                "{hash}: {ours}"
            );
            person.begin(world).expect(200);
            post(world, "login", &with(person.asked(world), json!({"password": "x"}))).refused(400, "login");
            assert_eq!(kept(world, &person), ours);
        }
    }
);

/// No password could be verified by these, or only at a price.
const NONE: [&str; 40] = [
    "plain text",
    "d41d8cd98f00b204e9800998ecf8427e",
    "$",
    "$$",
    "$1$saltsalt$abcdefghijklmnopqrstuv",
    "$5$saltsalt$abcdefghijklmnopqrstuv",
    "$2b$",
    "$2b$04$short",
    "$2b$04$qMilLqhTJXR5TSrOHc5rZuLbsTuoiHG/wi9imvuKKhndM227.Nv.uX",
    "$2b$04$qMilLqhTJXR5TSrOHc5rZuLbsTuoiHG/wi9imvuKKhndM227.Nv.!",
    "$2b$4$qMilLqhTJXR5TSrOHc5rZuLbsTuoiHG/wi9imvuKKhndM227.Nv.u",
    "$2b$31$qMilLqhTJXR5TSrOHc5rZuLbsTuoiHG/wi9imvuKKhndM227.Nv.u",
    "$2c$04$qMilLqhTJXR5TSrOHc5rZuLbsTuoiHG/wi9imvuKKhndM227.Nv.u",
    "roster$plain",
    "$argon2id$v=19$m=1024,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA",
    "$argon2id$v=18$m=1024,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$fkamk3pF/q8siotK+41bxTXNZOslmI+8s7867DPnL1M",
    "$argon2id$v=19$m=4194304,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$fkamk3pF/q8siotK+41bxTXNZOslmI+8s7867DPnL1M",
    "$argon2id$v=19$m=1024,t=4000000,p=1$c2FsdHNhbHRzYWx0c2FsdA$fkamk3pF/q8siotK+41bxTXNZOslmI+8s7867DPnL1M",
    "$argon2id$v=19$m=1024,t=2$c2FsdHNhbHRzYWx0c2FsdA$fkamk3pF/q8siotK+41bxTXNZOslmI+8s7867DPnL1M",
    "$argon2id$v=19$m=1024,t=2,p=1,data=AAAA$c2FsdHNhbHRzYWx0c2FsdA$fkamk3pF/q8siotK+41bxTXNZOslmI+8s7867DPnL1M",
    "$argon2id$v=19$m=1024,t=2,p=1$!!!!$fkamk3pF/q8siotK+41bxTXNZOslmI+8s7867DPnL1M",
    "$argon2$v=19$m=1024,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$fkamk3pF/q8siotK+41bxTXNZOslmI+8s7867DPnL1M",
    "$scrypt$ln=31,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$WUg5C40briV3l/1gNiUn5uoQSUkH36/ao9lxuJFv4qg",
    "$scrypt$ln=10,r=8$c2FsdHNhbHRzYWx0c2FsdA$WUg5C40briV3l/1gNiUn5uoQSUkH36/ao9lxuJFv4qg",
    "$scrypt$ln=10,r=8,p=0$c2FsdHNhbHRzYWx0c2FsdA$WUg5C40briV3l/1gNiUn5uoQSUkH36/ao9lxuJFv4qg",
    "$scrypt$v=1$n=1000,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$WUg5C40briV3l/1gNiUn5uoQSUkH36/ao9lxuJFv4qg",
    "$scrypt$v=1$n=1024,r=8,p=1,kl=64$c2FsdHNhbHRzYWx0c2FsdA$WUg5C40briV3l/1gNiUn5uoQSUkH36/ao9lxuJFv4qg",
    "$firebase-scrypt$hash=AAAA$salt=c2FsdA==$sk=AAAA$ss=Bw==$r=8$m=14",
    "$firebase-scrypt$salt=c2FsdA==$sk=MDEyMzQ1Njc4OWFiY2RlZg==$ss=Bw==$r=8$m=14",
    "$firescrypt$ln=14,r=8,p=1$c2FsdA==$MDEyMzQ1Njc4OWFiY2RlZg==$Bw==",
    "$pbkdf2-sha256$1000$c2FsdHNhbHRzYWx0c2FsdA",
    "$pbkdf2-sha256$0$c2FsdHNhbHRzYWx0c2FsdA$WUg5C40briV3l/1gNiUn5uoQSUkH36/ao9lxuJFv4qg",
    "$pbkdf2-sha256$4000000000$c2FsdHNhbHRzYWx0c2FsdA$WUg5C40briV3l/1gNiUn5uoQSUkH36/ao9lxuJFv4qg",
    "$pbkdf2-md5$1000$c2FsdHNhbHRzYWx0c2FsdA$WUg5C40briV3l/1gNiUn5uoQSUkH36/ao9lxuJFv4qg",
    "$pbkdf2-sha256$i=1000,l=64$c2FsdHNhbHRzYWx0c2FsdA$WUg5C40briV3l/1gNiUn5uoQSUkH36/ao9lxuJFv4qg",
    "$pbkdf2-sha256$1000$c2FsdA$AAAA",
    "{SSHA}AAAA",
    "{SSHA}!",
    "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=",
    "{SSHA}cSYjSYOrF7T3YfCtYm5BIS4ycps=",
];

on_both!(what_is_no_hash_is_refused_where_it_is_written, |world| {
    let stored = world.super_admin.create(&sample(&email()));
    let place = crate::client::place(&stored);
    for hash in NONE {
        let answers = [
            world.super_admin.post("User", &with(sample(&email()), json!({"passwordHash": hash}))),
            world.super_admin.put(&place, &with(stored.clone(), json!({"passwordHash": hash}))),
            world
                .super_admin
                .call("PATCH", &place)
                .body(
                    "application/json-patch+json",
                    json!([{"op": "add", "path": "/passwordHash", "value": hash}]).to_string(),
                )
                .send(),
        ];
        for answer in answers {
            let answer = answer.refused(422, "value").at("User.passwordHash");
            assert!(!answer.text().contains(hash) || hash.len() < 5, "{}", answer.text());
        }
    }
    let secrets = world.database.dump()["credential"].join("\n");
    assert!(!secrets.contains("passwordHash\u{0}") && !secrets.contains("{SSHA}"), "{secrets}");
    assert_eq!(world.super_admin.get(&place).expect(200).json(), stored);
});
