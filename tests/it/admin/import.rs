//! Importing users with the hashes that they have.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::command::{printed, project};
use crate::client::Client;
use crate::process::{Process, bootstrapped};
use crate::world::token;

/// A file for one test, and the folder that holds it.
fn file(name: &str, text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    fs::write(&path, text).expect("a file");
    (folder, path)
}

fn import(database: &str, project: &str, path: &std::path::Path, more: &[&str]) -> String {
    let path = path.to_str().expect("a path");
    let mut words = vec!["import-users", path, "--project", project];
    words.extend(more);
    printed(database, &words, "")
}

const HASH: &str = "$2b$04$abcdefghijklmnopqrstuuT9tmvF1N5EiKVxA5gLhGPNwVXgOtvHy";

on_each_database!(rows_are_taken_and_what_is_wrong_is_told_row_by_row, |database| {
    let (id, client, secret) = project(&database.url);
    let text = format!(
        "email,firstName,lastName,passwordHash,active,phone\n\
         ada@example.com,Ada,\"Love, lace\",{HASH},true,+1 555 0100\n\
         no address,Bob,B,,,\n\
         eve@example.com,Eve,E,nonsense,,\n\
         ADA@example.com,Ada,Again,,,\n\
         max@example.com,Max,M,,maybe,\n\
         zoe@example.com,Zoe,Z,,false,\n"
    );
    let (folder, path) = file("people.csv", &text);
    let told = import(&database.url, &id, &path, &["--dry-run"]);
    assert!(told.contains("3 rows would be taken") || told.contains("2 rows would be taken"), "{told}");
    let told = import(&database.url, &id, &path, &["--batch", "4"]);
    assert!(told.contains("2 rows taken, 0 there already, 4 refused"), "{told}");
    let errors = fs::read_to_string(folder.path().join("people.csv.errors.ndjson")).expect("the errors");
    let rows: Vec<u64> = errors
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["row"].as_u64().expect("a row"))
        .collect();
    assert_eq!(rows, [2, 3, 4, 5], "{errors}");
    assert!(!folder.path().join("people.csv.progress").exists());
    if database.url.starts_with("postgres") {
        // Its planner knows of them at once.
        let known = "SELECT CAST(reltuples > 0 AS TEXT) AS line FROM pg_class WHERE relname = 'term_index'";
        assert_eq!(database.lines(known), ["true"]);
    }

    let server = Process::serve(bootstrapped(&[]), &database.url);
    let anonymous = Client::anonymous(&server.address());
    let admin = Client::with_token(&server.address(), &token(&anonymous, &client, &secret));
    let found = admin.search("User?_sort=email");
    assert_eq!(found.len(), 2);
    assert_eq!((&found[0]["lastName"], &found[1]["active"]), (&json!("Love, lace"), &json!(false)));
    assert_eq!(found[0]["telecom"][0]["value"], "+1 555 0100");
    assert_eq!(admin.found("ProjectMembership?user:User.email=ada@example.com").len(), 1);
    assert_eq!(admin.found("Practitioner?email=ada@example.com").len(), 1);
    assert!(!admin.get("User").expect(200).text().contains("$2b$"));
});

on_each_database!(an_import_that_was_killed_is_taken_up, |database| {
    let (id, client, secret) = project(&database.url);
    let lines: String = (0..40)
        .map(|n| {
            format!(
                "{}\n",
                json!({"email": format!("p{n}@example.com"), "firstName": "P", "lastName": format!("{n}")})
            )
        })
        .collect();
    let (folder, path) = file("people.ndjson", &lines);
    let told = import(&database.url, &id, &path, &["--as", "nobody", "--batch", "10"]);
    assert!(told.contains("40 rows taken"), "{told}");
    // As a run leaves it that was killed between a commit and its note: the second ten are done, the note says ten.
    let (project, offset) = (json!(id), lines.lines().take(10).map(|line| line.len() + 1).sum::<usize>());
    let progress = folder.path().join("people.ndjson.progress");
    let note = json!({"digest": "", "project": project, "seed": 0, "offset": offset, "row": 10, "errors": 0});
    fs::write(&progress, note.to_string()).expect("a file");
    let path_text = path.to_str().expect("a path");
    let mut command =
        bootstrapped(&["import-users", path_text, "--project", &id, "--database", &database.url]);
    let output = command.output().expect("it ends");
    assert!(!output.status.success(), "a note of another file is not taken up");
    let told = import(&database.url, &id, &path, &["--as", "nobody", "--restart"]);
    assert!(told.contains("0 rows taken, 0 there already, 40 refused"), "{told}");

    let server = Process::serve(bootstrapped(&[]), &database.url);
    let anonymous = Client::anonymous(&server.address());
    let admin = Client::with_token(&server.address(), &token(&anonymous, &client, &secret));
    assert_eq!(admin.get("User?_summary=count").expect(200).json()["total"], 40);
});
