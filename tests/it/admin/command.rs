//! The commands of administration, without a server and beside one.

use std::io::Write;
use std::process::{Output, Stdio};

use serde_json::{Value, json};

use crate::client::Client;
use crate::process::{Process, bootstrapped};
use crate::world::token;

const GOOD: &str = "correct horse battery staple";

/// Runs a command with this on its standard input.
fn run(database: &str, arguments: &[&str], input: &str) -> Output {
    let mut command = bootstrapped(arguments);
    command.args(["--database", database, "--bcrypt-cost", "4"]).stdin(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    child.stdin.take().expect("its input").write_all(input.as_bytes()).expect("it reads");
    child.wait_with_output().expect("it ends")
}

/// What a command prints that must succeed.
#[track_caller]
pub fn printed(database: &str, arguments: &[&str], input: &str) -> String {
    let output = run(database, arguments, input);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// The one line by which a command fails.
#[track_caller]
fn failed(database: &str, arguments: &[&str], input: &str) -> String {
    let output = run(database, arguments, input);
    let said = String::from_utf8(output.stderr).expect("text");
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
    said
}

/// A new project: its id, and the id and secret of its client.
pub fn project(database: &str) -> (String, String, String) {
    let facts: Value =
        serde_json::from_str(&printed(database, &["project", "add", "Clinic", "--json"], "")).expect("JSON");
    let fact = |name: &str| facts[name].as_str().expect("a fact").to_owned();
    let secret = fact("apiKey")
        .split_once('_')
        .and_then(|(_, rest)| rest.split_once('_'))
        .expect("a key")
        .1
        .to_owned();
    (fact("project"), fact("clientId"), secret)
}

fn sign_in(anonymous: &Client, project: &str, password: &str) -> u16 {
    let body = json!({"email": "ada@example.com", "password": password, "projectId": project});
    anonymous.post("/auth/login", &body).status
}

on_each_database!(a_log_shows_mail_without_its_link, |database| {
    let (id, ..) = project(&database.url);
    let add = ["user", "add", "ada@example.com", "--project", &id, "--send"];
    let logged = String::from_utf8(run(&database.url, &add, "").stderr).expect("text");
    assert!(logged.contains("Your invitation to Clinic") && logged.contains("(not shown)"), "{logged}");
    assert!(!logged.contains("/setpassword/"), "{logged}");
    let words = ["user", "add", "bob@example.com", "--project", &id, "--send", "--mail-links"];
    let logged = String::from_utf8(run(&database.url, &words, "").stderr).expect("text");
    assert!(logged.contains("/setpassword/"), "{logged}");
});

on_each_database!(one_command_gives_all_that_a_client_needs, |database| {
    let server = Process::serve(bootstrapped(&["--bcrypt-cost", "4"]), &database.url);
    let add = ["project", "add", "Clinic", "--owner", "ada@example.com", "--password", GOOD, "--json"];
    let facts: Value = serde_json::from_str(&printed(&database.url, &add, "")).expect("JSON");
    let project = facts["project"].as_str().expect("an id");
    let with = |name: &str| Client::with_token(&server.address(), facts[name].as_str().expect("a fact"));
    for (name, who) in [("apiKey", "Clinic client"), ("scimToken", "SCIM")] {
        let client = with(name);
        assert_eq!(client.search("Project")[0]["id"], project, "{name}");
        let user = client.create(&json!({"resourceType": "User", "email": format!("{name}@example.com")}));
        assert_eq!(user["project"]["reference"], format!("Project/{project}"), "{name}");
        assert_eq!(client.search(&format!("ClientApplication?name={who}").replace(' ', "%20")).len(), 1);
    }
    let owner = with("ownerToken").get("/auth/me").expect(200).json();
    assert_eq!(owner["user"]["email"], "ada@example.com");
    assert_eq!(owner["membership"]["admin"], true);

    let key = facts["apiKey"].as_str().expect("a key");
    for wrong in
        [&key[..key.len() - 1], "sk_", "sk_x", &format!("sk_{}_", facts["clientId"].as_str().expect("an id"))]
    {
        Client::with_token(&server.address(), wrong).get("User").refused(401, "login");
    }
    // He is there by now, and is asked who he is.
    let mut again = add;
    again[2] = "Second clinic";
    assert!(printed(&database.url, &again, "").contains("ownerToken"));
    (again[2], again[6]) = ("Third clinic", "a wrong password of many words");
    assert!(failed(&database.url, &again, "").contains("password"));
    let nobody = ["project", "add", "Fourth clinic", "--owner", "nobody@example.com"];
    assert!(failed(&database.url, &nobody, "").contains("nobody@example.com"));
});

on_each_database!(projects_and_users_are_run_from_a_shell_beside_a_server, |database| {
    let server = Process::serve(bootstrapped(&["--bcrypt-cost", "4"]), &database.url);
    let (id, client, secret) = project(&database.url);
    let anonymous = Client::anonymous(&server.address());
    let admin = Client::with_token(&server.address(), &token(&anonymous, &client, &secret));
    assert!(printed(&database.url, &["project", "list"], "").contains(&format!("{id}  Clinic")));

    let add = ["user", "add", "ada@example.com", "--project", "Clinic", "--password-stdin", "--json"];
    let added: Value = serde_json::from_str(&printed(&database.url, &add, GOOD)).expect("JSON");
    let user = format!("User/{}", added["user"].as_str().expect("an id"));
    assert_eq!(admin.get(&user).expect(200).json()["email"], "ada@example.com");
    assert!(failed(&database.url, &add, GOOD).contains("already a member"));
    assert!(printed(&database.url, &["user", "list", "--project", &id], "").contains("ada@example.com"));
    let shown = printed(&database.url, &["user", "add", "bob@example.com", "--project", &id], "");
    assert!(shown.contains("/setpassword/"), "{shown}");

    assert_eq!(sign_in(&anonymous, &id, GOOD), 200);
    let of = ["ada@example.com", "--project", id.as_str()];
    let with = |first: &[&'static str]| -> Vec<String> {
        first.iter().map(|word| (*word).to_owned()).chain(of.iter().map(|word| (*word).to_owned())).collect()
    };
    let call = |first: &[&'static str], input: &str| {
        let words = with(first);
        printed(&database.url, &words.iter().map(String::as_str).collect::<Vec<_>>(), input)
    };
    call(&["user", "disable"], "");
    // The server hears of it within a second.
    let heard = (0..100).any(|_| {
        admin.get(&user).expect(200).json()["active"] == false || {
            std::thread::yield_now();
            std::thread::park_timeout(std::time::Duration::from_millis(20));
            false
        }
    });
    assert!(heard, "the server goes on with what it knows by heart");
    assert_eq!(sign_in(&anonymous, &id, GOOD), 400);
    call(&["user", "disable", "--undo"], "");
    call(&["user", "set-password"], "another fine pair of boots");
    let words = with(&["user", "set-password"]);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    assert!(failed(&database.url, &words, "short").contains("password"));
    call(&["user", "reset-mfa"], "");
    let old = printed(&database.url, &["keys", "rotate"], "");
    assert!(!old.trim().is_empty());
    assert!(failed(&database.url, &["user", "disable", "nobody@example.com"], "").contains("no user"));
    assert!(failed(&database.url, &["user", "list", "--project", "None"], "").contains("no project"));
    let acts = admin.search("AuditEvent?_count=100");
    for what in ["create-project", "invite", "disable-user", "enable-user", "set-password", "reset-factor"] {
        assert!(acts.iter().any(|event| event.pointer("/subtype/0/code") == Some(&json!(what))), "{what}");
    }
});
