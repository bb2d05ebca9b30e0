//! One store, every dialect: what somebody says of a person in one of them is what all others say of him, as far as they
//! have a word for it; and a version tells who wrote it, and in which dialect.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::client::{Client, id};
use crate::world::{Keys, World, keys};

type Facts = BTreeMap<&'static str, Value>;

/// A project that is spoken to in every dialect.
struct House {
    keys: Keys,
    api: Client,
    scim: Client,
    owner: Client,
}

/// A dialect: what it can say of somebody new, how it says so, and what it shows.
struct Dialect {
    name: &'static str,
    says: &'static [&'static str],
    make: fn(&House, &Facts),
    show: fn(&House, &str) -> Facts,
    /// Gives somebody another last name.
    rename: fn(&House, &str, &str),
    /// What `meta.source` ends in.
    source: Option<&'static str>,
}

const ALL: &[&str] =
    &["first", "last", "email", "external", "locale", "zone", "phone", "photo", "title", "metadata"];

const DIALECTS: [Dialect; 6] = [
    Dialect {
        name: "FHIR",
        says: ALL,
        make: fhir,
        show: shown_in_fhir,
        rename: rename_in_fhir,
        source: None,
    },
    Dialect {
        name: "SCIM",
        says: &["first", "last", "email", "external", "locale", "zone", "phone", "photo", "title"],
        make: scim,
        show: shown_in_scim,
        rename: rename_in_scim,
        source: Some("scim"),
    },
    Dialect {
        name: "WorkOS",
        says: &["first", "last", "email", "external", "metadata"],
        make: workos,
        show: shown_in_workos,
        rename: rename_in_workos,
        source: Some("workos"),
    },
    Dialect {
        name: "Truto",
        says: &["first", "last", "email", "external", "locale", "zone", "phone", "photo", "title"],
        make: truto,
        show: shown_in_truto,
        rename: rename_in_truto,
        source: Some("truto"),
    },
    Dialect {
        name: "Axway",
        says: &["email"],
        make: axway,
        show: shown_in_axway,
        rename: rename_in_axway,
        source: Some("axway"),
    },
    Dialect {
        name: "Commerce Layer",
        says: &["email"],
        make: commerce_layer,
        show: shown_in_commerce_layer,
        rename: rename_in_commerce_layer,
        source: Some("commerce-layer"),
    },
];

impl House {
    fn new(world: &World) -> Self {
        let keys = keys(world, "House");
        let client = |token: &str| Client::with_token(&world.server.address, token);
        Self {
            api: client(&keys.api_key),
            scim: client(&keys.scim_token),
            owner: client(&keys.owner_token),
            keys,
        }
    }

    /// The id of whoever has this e-mail.
    fn find(&self, email: &Value) -> String {
        let found = self.api.search(&format!("User?email={}", email.as_str().expect("an e-mail")));
        assert_eq!(found.len(), 1, "{email}: {found:?}");
        id(&found[0])
    }

    /// Some dialects only know who is a member.
    fn join(&self, user: &str) {
        if self.api.search(&format!("ProjectMembership?user=User/{user}")).is_empty() {
            self.api.create(&json!({
                "resourceType": "ProjectMembership",
                "project": {"reference": format!("Project/{}", self.keys.project)},
                "user": {"reference": format!("User/{user}")},
            }));
        }
    }

    fn truto(&self, rest: &str) -> String {
        format!("/unified/user-directory/{rest}?integrated_account_id={}", self.keys.project)
    }
}

fn person(dialect: &str) -> Facts {
    let email = format!("ada.{}@example.com", dialect.to_lowercase().replace(' ', "-"));
    BTreeMap::from([
        ("first", json!("Ada")),
        ("last", json!("Lovelace")),
        ("external", json!(format!("emp-{dialect}"))),
        ("locale", json!("fr-FR")),
        ("zone", json!("Europe/Paris")),
        ("phone", json!("+33 1 23 45 67 89")),
        ("photo", json!("https://example.com/ada.png")),
        ("title", json!("Countess")),
        ("metadata", json!({"team": "engines"})),
        ("email", json!(email)),
    ])
}

/// What is there, of these.
fn facts<const N: usize>(all: [(&'static str, &Value); N]) -> Facts {
    all.into_iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name, value.clone())).collect()
}

fn fhir(house: &House, person: &Facts) {
    let metadata = person["metadata"].as_object().expect("pairs").iter();
    let metadata: Vec<Value> =
        metadata.map(|(name, value)| json!({"name": name, "valueString": value})).collect();
    house.api.create(&json!({
        "resourceType": "User", "firstName": person["first"], "lastName": person["last"], "email": person["email"],
        "externalId": person["external"], "preferredLanguage": [person["locale"]], "timezone": person["zone"],
        "telecom": [{"system": "phone", "value": person["phone"]}], "photo": {"url": person["photo"]},
        "title": person["title"], "metadata": metadata,
    }));
}

fn shown_in_fhir(house: &House, id: &str) -> Facts {
    let user = house.api.get(&format!("User/{id}")).expect(200).json();
    let telecom = user["telecom"].as_array().cloned().unwrap_or_default();
    let phone = telecom.iter().find(|point| point["system"] == "phone").cloned().unwrap_or_default();
    let metadata = user["metadata"].as_array().map(|pairs| {
        let pair =
            |pair: &Value| (pair["name"].as_str().expect("a name").to_owned(), pair["valueString"].clone());
        Value::Object(pairs.iter().map(pair).collect())
    });
    facts([
        ("first", &user["firstName"]),
        ("last", &user["lastName"]),
        ("email", &user["email"]),
        ("external", &user["externalId"]),
        ("locale", &user["preferredLanguage"][0]),
        ("zone", &user["timezone"]),
        ("phone", &phone["value"]),
        ("photo", &user["photo"]["url"]),
        ("title", &user["title"]),
        ("metadata", &metadata.unwrap_or_default()),
    ])
}

fn rename_in_fhir(house: &House, id: &str, last: &str) {
    let mut user = house.api.get(&format!("User/{id}")).expect(200).json();
    user["lastName"] = json!(last);
    house.api.update(&user);
}

fn scim(house: &House, person: &Facts) {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": person["email"],
        "name": {"givenName": person["first"], "familyName": person["last"]},
        "emails": [{"value": person["email"], "primary": true, "type": "work"}], "externalId": person["external"],
        "preferredLanguage": person["locale"], "timezone": person["zone"], "title": person["title"],
        "phoneNumbers": [{"value": person["phone"], "type": "work"}],
        "photos": [{"value": person["photo"], "type": "photo"}], "active": true,
    });
    house
        .scim
        .call("POST", "/scim/v2/Users")
        .body("application/scim+json", body.to_string())
        .send()
        .expect(201);
}

fn shown_in_scim(house: &House, id: &str) -> Facts {
    let user = house.scim.get(&format!("/scim/v2/Users/{id}")).expect(200).json();
    facts([
        ("first", &user["name"]["givenName"]),
        ("last", &user["name"]["familyName"]),
        ("email", &user["emails"][0]["value"]),
        ("external", &user["externalId"]),
        ("locale", &user["preferredLanguage"]),
        ("zone", &user["timezone"]),
        ("phone", &user["phoneNumbers"][0]["value"]),
        ("photo", &user["photos"][0]["value"]),
        ("title", &user["title"]),
    ])
}

fn rename_in_scim(house: &House, id: &str, last: &str) {
    let patch = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "name.familyName", "value": last}],
    });
    let call = house.scim.call("PATCH", &format!("/scim/v2/Users/{id}"));
    let answer = call.body("application/scim+json", patch.to_string()).send();
    assert!(matches!(answer.status, 200 | 204), "{}", answer.text());
}

fn workos(house: &House, person: &Facts) {
    let body = json!({
        "email": person["email"], "first_name": person["first"], "last_name": person["last"],
        "external_id": person["external"], "metadata": person["metadata"],
    });
    let call = house.api.call("POST", "/user_management/users");
    call.body("application/json", body.to_string()).send().expect(201);
}

fn shown_in_workos(house: &House, id: &str) -> Facts {
    let user = house.api.get(&format!("/user_management/users/{id}")).expect(200).json();
    facts([
        ("first", &user["first_name"]),
        ("last", &user["last_name"]),
        ("email", &user["email"]),
        ("external", &user["external_id"]),
        ("locale", &user["locale"]),
        ("photo", &user["profile_picture_url"]),
        ("metadata", &user["metadata"]),
    ])
}

fn rename_in_workos(house: &House, id: &str, last: &str) {
    let call = house.api.call("PUT", &format!("/user_management/users/{id}"));
    call.body("application/json", json!({"last_name": last}).to_string()).send().expect(200);
}

fn truto(house: &House, person: &Facts) {
    let body = json!({
        "first_name": person["first"], "last_name": person["last"], "external_id": person["external"],
        "emails": [{"email": person["email"], "is_primary": true}], "phones": [{"number": person["phone"]}],
        "languages": [person["locale"]], "timezone": person["zone"], "avatar": person["photo"],
        "title": person["title"],
    });
    house.api.post(&house.truto("users"), &body).expect(201);
}

fn shown_in_truto(house: &House, id: &str) -> Facts {
    let user = house.api.get(&house.truto(&format!("users/{id}"))).expect(200).json();
    facts([
        ("first", &user["first_name"]),
        ("last", &user["last_name"]),
        ("email", &user["emails"][0]["email"]),
        ("external", &user["external_id"]),
        ("locale", &user["languages"][0]),
        ("zone", &user["timezone"]),
        ("phone", &user["phones"][0]["number"]),
        ("photo", &user["avatar"]),
        ("title", &user["title"]),
    ])
}

fn rename_in_truto(house: &House, id: &str, last: &str) {
    let call = house.api.call("PATCH", &house.truto(&format!("users/{id}")));
    call.json(&json!({"last_name": last})).send().expect(200);
}

fn axway(house: &House, person: &Facts) {
    let body = json!({"email": person["email"], "suppressEmail": true});
    house.api.post(&format!("/api/v1/org/{}/user", house.keys.project), &body).expect(200);
}

fn shown_in_axway(house: &House, id: &str) -> Facts {
    let user = house.api.get(&format!("/api/v1/user/{id}")).expect(200).json()["result"].clone();
    facts([
        ("first", &user["firstname"]),
        ("last", &user["lastname"]),
        ("email", &user["email"]),
        ("locale", &user["locale"]),
        ("zone", &user["timezone"]),
    ])
}

fn rename_in_axway(house: &House, id: &str, last: &str) {
    house.api.put(&format!("/api/v1/user/profile/{id}"), &json!({"lastname": last})).expect(200);
}

const JSON_API: &str = "application/vnd.api+json";

fn commerce_layer(house: &House, person: &Facts) {
    let role = json!({"data": {"type": "roles", "attributes": {"name": person["email"]}}});
    let call = house.owner.call("POST", "/api/roles").body(JSON_API, role.to_string());
    let role = call.send().expect(201).json();
    let body = json!({"data": {
        "type": "memberships",
        "attributes": {"user_email": person["email"]},
        "relationships": {
            "organization": {"data": {"type": "organizations", "id": house.keys.project}},
            "role": {"data": {"type": "roles", "id": role["data"]["id"]}},
        },
    }});
    house.owner.call("POST", "/api/memberships").body(JSON_API, body.to_string()).send().expect(201);
}

fn shown_in_commerce_layer(house: &House, id: &str) -> Facts {
    let email = house.api.get(&format!("User/{id}")).expect(200).json()["email"].clone();
    let filter = format!("filter[q][user_email_eq]={}", email.as_str().expect("an e-mail"));
    let found = house.owner.get(&format!("/api/memberships?{filter}")).expect(200).json();
    assert_eq!(found["data"].as_array().map(Vec::len), Some(1), "{found}");
    let attributes = &found["data"][0]["attributes"];
    facts([
        ("first", &attributes["user_first_name"]),
        ("last", &attributes["user_last_name"]),
        ("email", &attributes["user_email"]),
    ])
}

/// People change only themselves there: it is the owner who is renamed.
fn rename_in_commerce_layer(house: &House, _: &str, last: &str) {
    let body = json!({"data": {"type": "users", "attributes": {"last_name": last}, "relationships": {}}});
    house.owner.call("PATCH", "/api/user").body(JSON_API, body.to_string()).send().expect(200);
}

on_both!(whoever_is_made_in_one_dialect_is_the_same_in_all, |world| {
    let house = House::new(world);
    for maker in &DIALECTS {
        let person = person(maker.name);
        (maker.make)(&house, &person);
        let user = house.find(&person["email"]);
        house.join(&user);
        let kept = shown_in_fhir(&house, &user);
        for fact in maker.says {
            assert_eq!(kept.get(fact), person.get(fact), "{fact}, said in {}, is not kept", maker.name);
        }
        for reader in &DIALECTS {
            for (fact, value) in (reader.show)(&house, &user) {
                // Some say nothing by an empty text.
                if kept.contains_key(fact) || !matches!(value.as_str(), Some("")) && value != json!({}) {
                    let told = Some(&value);
                    assert_eq!(told, kept.get(fact), "{fact}, of {}, read in {}", maker.name, reader.name);
                }
            }
            let shown = (reader.show)(&house, &user);
            for fact in ["first", "last", "email"].iter().filter(|fact| kept.contains_key(*fact)) {
                assert!(shown.contains_key(fact), "{fact}, of {}, is lost in {}", maker.name, reader.name);
            }
        }
    }
});

on_both!(what_changes_in_one_dialect_is_seen_in_all_at_once_and_tells_through_which, |world| {
    let house = House::new(world);
    let owner = house.find(&json!(house.keys.owner_email));
    for (round, writer) in DIALECTS.iter().enumerate() {
        let last = format!("Owner the {round}.");
        (writer.rename)(&house, &owner, &last);
        for reader in &DIALECTS {
            let shown = (reader.show)(&house, &owner);
            assert_eq!(shown["last"], last.as_str(), "written in {}, read in {}", writer.name, reader.name);
        }
        let own = house.owner.get("/api/user").expect(200).json();
        assert_eq!(own["data"]["attributes"]["last_name"], last.as_str(), "{}", writer.name);
    }
    let history = house.api.get(&format!("User/{owner}/_history")).expect(200).json();
    let entries = history["entry"].as_array().expect("entries");
    for (entry, writer) in entries.iter().zip(DIALECTS.iter().rev()) {
        let source = entry["resource"]["meta"]["source"].as_str();
        let told = source.map(|source| source.trim_start_matches("https://roster.dev/dialect/"));
        assert_eq!(told, writer.source, "{}", writer.name);
        let author = entry["extension"][0]["valueReference"]["reference"].as_str().unwrap_or_default();
        let kind = if writer.name == "Commerce Layer" { "User/" } else { "ClientApplication/" };
        assert!(author.starts_with(kind), "{}: {author}", writer.name);
    }
});
