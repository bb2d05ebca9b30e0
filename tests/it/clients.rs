//! Clients that others wrote, unmodified, in processes of their own, against the binary:
//! <https://hl7.org/fhir/R4/http.html> as it is spoken out there.
//!
//! `tests/clients/install` brings them, and `tests/run` calls it. `ROSTER_BINARY` names another build of the
//! server, such as the one that is released.

use std::fs::File;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::client::Client;
use crate::database::Database;
use crate::dns::Dns;
use crate::process::{Process, bootstrapped, roster};
use crate::world::{new_project, register, token};

/// Runs a script of `tests/clients` against a fresh server, as the admin of a project.
fn speak(database: &Database, program: &str, arguments: &[&str], script: &str) {
    speak_with(database, program, arguments, script, &[]);
}

/// The same, with more in its environment.
fn speak_with(database: &Database, program: &str, arguments: &[&str], script: &str, more: &[(&str, &str)]) {
    speak_to(database, &[], program, arguments, script, more);
}

/// The same, to a server with settings of its own.
fn speak_to(
    database: &Database,
    settings: &[&str],
    program: &str,
    arguments: &[&str],
    script: &str,
    more: &[(&str, &str)],
) {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let installed = home.join("target/clients");
    assert!(installed.join("installed").exists(), "the clients are missing: tests/clients/install");
    let process = Process::serve_as_it_is(bootstrapped(settings), &database.url);
    let super_admin = process.super_admin();
    let project = new_project(&super_admin, "Clients");
    let (id, secret) = register(&super_admin, &project, true);
    let token = token(&Client::anonymous(&process.address()), &id, &secret);
    // On standard input, so that what it imports is looked for where it is installed.
    let script = home.join("tests/clients").join(script);
    // With a folder in its name a program is of those installed; otherwise it is the machine's.
    let program = if program.contains('/') { installed.join(program) } else { program.into() };
    let output = Command::new(&program)
        .args(arguments)
        .current_dir(&installed)
        .stdin(File::open(&script).expect("the script"))
        .env("BASE", format!("{}/fhir/R4", process.address()))
        .env("TOKEN", token)
        .env("ORIGIN", process.address())
        .env("PROJECT", &project)
        .env("API_KEY", format!("sk_{id}_{secret}"))
        .envs(more.iter().copied())
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    let printed = String::from_utf8_lossy(&output.stdout);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}, after {printed:?}:\n{said}", script.display());
}

on_each_database!(fhir_kit_client, |database| {
    speak(database, "node", &["--input-type=module"], "fhir-kit-client.mjs");
});

on_each_database!(the_smart_client, |database| {
    speak(database, "node", &["--input-type=module"], "fhirclient.mjs");
});

on_each_database!(medplum, |database| {
    speak(database, "node", &["--input-type=module"], "medplum.mjs");
});

on_each_database!(medplum_of_before, |database| {
    speak_with(database, "node", &["--input-type=module"], "medplum.mjs", &[("MEDPLUM", "medplum-core-4")]);
});

on_each_database!(openid_client, |database| {
    speak(database, "node", &["--input-type=module"], "openid-client.mjs");
});

on_each_database!(a_smart_launch_in_a_browser, |database| {
    speak(database, "node", &["--input-type=module"], "smart-launch.mjs");
});

on_each_database!(the_pages_of_sign_in_without_scripts, |database| {
    let folder = tempfile::tempdir().expect("a folder");
    let mail = folder.path().to_str().expect("a path");
    let settings =
        ["--mail", &format!("dir:{mail}"), "--bcrypt-cost", "4", "--login-rate", "0", "--auth-rate", "0"];
    speak_to(database, &settings, "node", &["--input-type=module"], "pages.mjs", &[("MAIL", mail)]);
});

on_each_database!(fhirpy, |database| {
    speak(database, "python/bin/python", &["-"], "fhirpy_client.py");
});

on_each_database!(truto, |database| {
    speak(database, "python/bin/python", &["-"], "truto_client.py");
});

on_each_database!(scim_client_and_tester, |database| {
    speak(database, "python/bin/python", &["-"], "scim_client.py");
});

on_each_database!(commerce_layer, |database| {
    speak(database, "node", &["--input-type=module"], "commerce-layer.mjs");
});

on_each_database!(workos, |database| {
    // It hears of its events at home.
    let (dns, private) = (Dns::serve(), "--subscription-private=true");
    let settings = [private, "--dns", &dns.address.to_string()];
    speak_to(database, &settings, "node", &["--input-type=module"], "workos.mjs", &[]);
});

on_each_database!(workos_of_python, |database| {
    speak(database, "python/bin/python", &["-"], "workos_client.py");
});

on_each_database!(amplify, |database| {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let process = Process::serve_as_it_is(bootstrapped(&[]), &database.url);
    let project = |name: &str, more: &[&str]| -> Value {
        let add = ["project", "add", name, "--json", "--database", &database.url];
        let output = roster(&add).args(more).output().expect("the command");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("keys")
    };
    let owner = ["--owner", "olga@example.com", "--password", "violet harbour of nine plums"];
    let keys = project("Amplify", &owner);
    let text = |name: &str| keys[name].as_str().expect(name);
    let below = project("Branch", &["--parent", text("project")]);
    let key = Client::with_token(&process.address(), text("apiKey"));
    let resource = json!([{"resourceType": "Patient"}]);
    key.create(&json!({"resourceType": "AccessPolicy", "name": "Developer", "slug": "developer", "resource": resource}));
    let script = File::open(home.join("tests/clients/axway.mjs")).expect("the script");
    let output = Command::new("node")
        .arg("--input-type=module")
        .current_dir(home.join("target/clients"))
        .stdin(script)
        .env("ORIGIN", process.address())
        .env("OWNER", text("ownerToken"))
        .env("KEY", text("apiKey"))
        .env("PROJECT", text("project"))
        .env("BELOW", below["project"].as_str().expect("a project"))
        .env("SCHEMA", home.join("tests/clients/axway-user.schema.json"))
        .output()
        .expect("node");
    let printed = String::from_utf8_lossy(&output.stdout);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "after {printed:?}:\n{said}");
});
