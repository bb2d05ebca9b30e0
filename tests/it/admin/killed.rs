//! An import whose process is killed, again and again, at whatever moment: in the end everybody is there, once.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use super::command::project;
use crate::client::Client;
use crate::database::Database;
use crate::process::{Process, bootstrapped};
use crate::world::token;

const ROWS: usize = 1_200;
/// How often it is killed.
const KILLS: usize = 4;
/// People who have come since the last time, when it is.
const ENOUGH: usize = 90;

/// How many users there are by now.
fn count(database: &Database) -> usize {
    let statement = "SELECT CAST(count(*) AS VARCHAR) AS line FROM resource WHERE body LIKE '%@killed.example%' \
                     AND body LIKE '{\"resourceType\":\"User\"%'";
    database.lines(statement)[0].parse().expect("a number")
}

on_each_database!(nobody_is_missing_and_nobody_came_twice, |database| {
    let (id, client, secret) = project(&database.url);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("people.csv");
    let mut text = "email,firstName,lastName,externalId\n".to_owned();
    for row in 0..ROWS {
        writeln!(text, "p{row}@killed.example,P,Person {row},E-{row}").expect("a string");
    }
    fs::write(&file, text).expect("a file");
    let path = file.to_str().expect("a path");
    let start = || {
        let words = ["import-users", path, "--project", &id, "--batch", "15", "--database", &database.url];
        bootstrapped(&words).spawn().expect("it starts")
    };
    for kill in 0..KILLS {
        let before = count(database);
        let mut child = start();
        while count(database) < before + ENOUGH {
            assert!(
                child.try_wait().expect("a child").is_none(),
                "it ended before it could be killed: {kill}"
            );
        }
        // SIGKILL: nothing is tidied up.
        child.kill().expect("it runs");
        child.wait().expect("it ends");
        let there = count(database);
        assert!(there > before && there < ROWS, "{there} after {before}");
        assert!(folder.path().join("people.csv.progress").exists());
    }
    let output = start().wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let taken_up = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{taken_up}");
    assert!(said.contains(" 0 refused"), "{said}");
    assert!(taken_up.contains("taken up at row "), "{taken_up}");
    assert!(!folder.path().join("people.csv.progress").exists());
    assert!(!folder.path().join("people.csv.errors.ndjson").exists());

    let server = Process::serve(bootstrapped(&[]), &database.url);
    let anonymous = Client::anonymous(&server.address());
    let admin = Client::with_token(&server.address(), &token(&anonymous, &client, &secret));
    let total =
        |query: &str| admin.get(query).expect(200).json()["total"].as_u64().expect("a total") as usize;
    assert_eq!(total("User?_summary=count&email:contains=killed.example"), ROWS);
    assert_eq!(total("Practitioner?_summary=count"), ROWS);
    // Each is a member, as himself, once.
    let (mut users, mut members) = (BTreeSet::new(), BTreeSet::new());
    let walk = |query: &str, each: &mut dyn FnMut(serde_json::Value)| {
        let mut next = Some(query.to_owned());
        while let Some(page) = next {
            let page = admin.get(&page).expect(200);
            page.resources().into_iter().for_each(&mut *each);
            next = page.link("next");
        }
    };
    let mut emails = BTreeSet::new();
    walk("User?_count=500&email:contains=killed.example", &mut |user| {
        users.insert(crate::client::place(&user));
        emails.insert(user["email"].as_str().expect("an e-mail").to_owned());
    });
    walk("ProjectMembership?_count=500&profile-type=Practitioner", &mut |membership| {
        let user = membership["user"]["reference"].as_str().expect("a user").to_owned();
        assert!(members.insert(user), "{membership}");
    });
    assert_eq!(emails.len(), ROWS);
    assert_eq!(members, users);
});
