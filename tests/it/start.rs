//! The binary from its start to its end: what stops it at once, what it prints, how it stops.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

use serde_json::Value;
use tempfile::TempDir;

use crate::client::{Client, PUBLIC_URL};
use crate::process::{Process, bootstrapped, failure, roster};
use crate::sample::patient;
use crate::world::{new_project, token};

#[test]
fn a_port_that_is_taken_is_one_line_and_no_database() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("an address").to_string();
    let folder = TempDir::new().expect("a folder");
    let database = format!("sqlite:{}", folder.path().join("roster.db").display());
    let output = roster(&["serve", "--listen", &address, "--database", &database]).output().expect("it ends");
    assert!(failure(&output).contains(&address));
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
}

#[test]
fn a_database_that_cannot_be_had_is_one_line_without_the_password() {
    for database in [
        "postgres://somebody:hunter2@127.0.0.1:1/none",
        "sqlite:/no/such/folder/roster.db",
        "mysql://x",
        "sqlite:",
    ] {
        for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["migrate"], &["check"]] {
            let output = roster(command).args(["--database", database]).output().expect("it ends");
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(1), "{command:?} {database}: {said}");
            assert_eq!(said.lines().count(), 1, "{command:?} {database}: {said}");
            assert!(!said.contains("hunter2"), "{said}");
        }
    }
}

#[test]
fn a_broken_definition_is_one_line_with_the_name_of_its_file() {
    for broken in ["{", "[]", r#"{"resourceType":"StructureDefinition"}"#] {
        let folder = TempDir::new().expect("a folder");
        fs::write(folder.path().join("Broken.json"), broken).expect("a file");
        let database = format!("sqlite:{}", folder.path().join("roster.db").display());
        let directory = folder.path().to_string_lossy().into_owned();
        let arguments =
            ["serve", "--listen", "127.0.0.1:0", "--database", &database, "--definitions", &directory];
        let said = failure(&roster(&arguments).output().expect("it ends"));
        assert!(said.contains("Broken.json"), "{said}");
    }
}

#[test]
fn a_broken_configuration_is_one_line() {
    for (text, named) in
        [("nonsense = 1", "nonsense"), ("listen = 5", ""), ("[", ""), ("max_page = \"many\"", "")]
    {
        let folder = TempDir::new().expect("a folder");
        let file = folder.path().join("settings.toml");
        fs::write(&file, text).expect("a file");
        let output = roster(&["serve", "--config", &file.to_string_lossy()]).output().expect("it ends");
        let said = failure(&output);
        assert!(said.contains("settings.toml") && said.contains(named), "{said}");
    }
    for (setting, value) in [("conditional_delete", "many"), ("log_format", "xml")] {
        let folder = TempDir::new().expect("a folder");
        let file = folder.path().join("settings.toml");
        fs::write(&file, format!("{setting} = \"{value}\"")).expect("a file");
        let output = roster(&["serve", "--config", &file.to_string_lossy()]).output().expect("it ends");
        let said = failure(&output);
        assert!(said.contains(setting) && said.contains(value), "{said}");
    }
    let said = failure(&roster(&["serve", "--config", "/no/such/file.toml"]).output().expect("it ends"));
    assert!(said.contains("/no/such/file.toml"), "{said}");
}

on_each_database!(a_migration_from_the_future_is_one_line, |database| {
    let output = roster(&["migrate", "--database", &database.url]).output().expect("it ends");
    assert!(output.status.success());
    database.run("INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')");
    let output =
        roster(&["serve", "--listen", "127.0.0.1:0", "--database", &database.url]).output().expect("it ends");
    assert!(failure(&output).contains("99990101000000"));
});

on_each_database!(the_first_start_tells_the_keys_once, |database| {
    let process = Process::serve(roster(&[]), &database.url);
    Client::anonymous(&process.address()).get("/readyz").expect(200);
    process.terminate();
    let (good, printed, logged) = process.end();
    assert!(good, "{logged}");
    let told = |name: &str| {
        let line = printed.lines().find(|line| line.trim_start().starts_with(name)).expect(name);
        line.split_whitespace().last().expect("a value").to_owned()
    };
    let (client, secret, password) = (told("client id"), told("client secret"), told("password"));
    assert!(told("e-mail").contains('@'));

    let process = Process::serve(roster(&[]), &database.url);
    let anonymous = Client::anonymous(&process.address());
    let super_admin = Client::with_token(&process.address(), &token(&anonymous, &client, &secret));
    new_project(&super_admin, "Mine");
    process.terminate();
    let (good, printed, logged) = process.end();
    assert!(good, "{logged}");
    for kept in [&secret, &password] {
        assert!(!printed.contains(kept.as_str()) && !logged.contains(kept.as_str()));
    }
});

on_each_database!(keys_from_the_environment_are_not_printed, |database| {
    let process = Process::serve(bootstrapped(&[]), &database.url);
    process.super_admin().get("Project").expect(200);
    assert!(process.greeting.contains(PUBLIC_URL), "{}", process.greeting);
    process.terminate();
    let (good, printed, logged) = process.end();
    assert!(good, "{logged}");
    let all = format!("{printed}{logged}");
    assert!(!all.contains("a-first-password") && !all.contains(crate::server::BOOTSTRAP_SECRET), "{all}");
    assert!(!printed.contains("client secret"), "{printed}");
});

on_each_database!(a_stop_finishes_the_request_in_flight, |database| {
    let process = Process::serve(bootstrapped(&[]), &database.url);
    let super_admin = process.super_admin();
    let body = patient("Late", "But whole").to_string();
    let (first, second) = body.split_at(20);
    let mut stream = TcpStream::connect(process.socket).expect("it listens");
    let token = super_admin.token();
    write!(
        stream,
        "POST /fhir/R4/Patient HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Length: {}\r\n\
         Content-Type: application/fhir+json\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
        body.len()
    )
    .expect("it reads");
    // The server says so when the handler wants the body: then the request is in flight.
    let mut answer = BufReader::new(stream.try_clone().expect("a second end"));
    let mut line = String::new();
    answer.read_line(&mut line).expect("an interim answer");
    assert!(line.contains("100"), "{line}");
    stream.write_all(first.as_bytes()).expect("it reads");
    process.terminate();
    stream.write_all(second.as_bytes()).expect("it still reads");
    let mut rest = String::new();
    answer.read_to_string(&mut rest).expect("an answer");
    assert!(rest.trim_start().starts_with("HTTP/1.1 201"), "{rest}");
    let (good, _, logged) = process.end();
    assert!(good, "{logged}");

    let again = Process::serve(bootstrapped(&[]), &database.url);
    assert_eq!(again.super_admin().found("Patient?family=late").len(), 1);
});

#[test]
fn the_definitions_and_their_examples_are_proven() {
    let output = roster(&["check"]).output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("0 surprises"), "{said}");
}

on_each_database!(a_demo_can_be_searched_at_once, |database| {
    let mut command = bootstrapped(&["demo", "--users", "25", "--json", "--database", &database.url]);
    let output = command.output().expect("it ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let facts: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let fact = |name: &str| facts[name].as_str().expect("a fact").to_owned();
    let process = Process::serve(bootstrapped(&[]), &database.url);
    let anonymous = Client::anonymous(&process.address());
    let token = token(&anonymous, &fact("clientId"), &fact("clientSecret"));
    let client = Client::with_token(&process.address(), &token);
    let query = format!("User?project=Project/{}&_total=accurate&_count=1", fact("project"));
    assert_eq!(client.get(&query).expect(200).json()["total"], 25);
    let output = roster(&["check", "--database", &database.url]).output().expect("it ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
});
