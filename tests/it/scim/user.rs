//! Users made, read, replaced and taken away: <https://www.rfc-editor.org/rfc/rfc7644#section-3.3> to 3.6, with the full
//! user of <https://www.rfc-editor.org/rfc/rfc7643#section-8.2>.

use serde_json::{Value, json};

use super::{ENTERPRISE, Scim, USER, place, refused, text};

/// Every attribute that one may write.
pub fn full(name: &str) -> Value {
    json!({
        "schemas": [USER, ENTERPRISE],
        "externalId": format!("ext-{name}"),
        "userName": format!("{name}@example.com"),
        "name": {
            "formatted": "Ms. Barbara J Jensen, III", "familyName": "Jensen", "givenName": "Barbara",
            "middleName": "Jane", "honorificPrefix": "Ms.", "honorificSuffix": "III"
        },
        "displayName": "Babs Jensen",
        "nickName": "Babs",
        "profileUrl": "https://login.example.com/bjensen",
        "emails": [
            { "value": format!("{name}@example.com"), "type": "work", "primary": true },
            { "value": format!("{name}@jensen.org"), "type": "home", "display": "At home" }
        ],
        "addresses": [
            {
                "streetAddress": "100 Universal City Plaza", "locality": "Hollywood", "region": "CA",
                "postalCode": "91608", "country": "US", "type": "work", "primary": true,
                "formatted": "100 Universal City Plaza\nHollywood, CA 91608 USA"
            },
            { "locality": "Hollywood", "country": "US", "type": "home" }
        ],
        "phoneNumbers": [
            { "value": "555-555-5555", "type": "work" },
            { "value": "555-555-4444", "type": "mobile", "primary": true },
            { "value": "555-555-3333", "type": "fax" },
            { "value": "555-555-2222", "type": "satellite", "display": "On the boat" }
        ],
        "ims": [{ "value": "someaimhandle", "type": "aim" }],
        "photos": [
            { "value": "https://photos.example.com/profilephoto/72930000000Ccne/F", "type": "photo", "primary": true },
            { "value": "https://photos.example.com/profilephoto/72930000000Ccne/T", "type": "thumbnail" }
        ],
        "userType": "Employee",
        "title": "Tour Guide",
        "preferredLanguage": "en-US",
        "locale": "en-US",
        "timezone": "America/Los_Angeles",
        "active": true,
        "entitlements": [{ "value": "gold" }],
        "roles": [{ "value": "guide", "type": "tour", "primary": true }],
        "x509Certificates": [{ "value": "MIIDQzCCAqygAwIBAgICEAAwDQYJKoZIhvcNAQEFBQAwTjELMAkGA1UEBhMCVVM=" }],
        (ENTERPRISE): {
            "employeeNumber": "701984", "costCenter": "4130", "organization": "Universal Studios",
            "division": "Theme Park", "department": "Tour Operations",
            "manager": { "value": "26118915-6090-4610-87e4-49d8ca9f808d" }
        }
    })
}

/// What was sent, of what came back.
#[track_caller]
pub fn holds(shown: &Value, sent: &Value) {
    for (name, value) in sent.as_object().expect("attributes") {
        let mut found = shown[name].clone();
        if name == ENTERPRISE {
            found["manager"].as_object_mut().map(|manager| manager.shift_remove("$ref"));
        }
        assert_eq!(sorted(&found), sorted(value), "{name}");
    }
}

/// Several values have no order.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(list) => {
            let mut list: Vec<Value> = list.clone();
            list.sort_by_key(|one| one["value"].to_string() + &one["type"].to_string());
            Value::Array(list)
        }
        value => value.clone(),
    }
}

on_both!(every_attribute_comes_back_as_it_was_sent, |world| {
    let scim = Scim::of(world);
    let sent = full("bjensen");
    let answer = scim.send("POST", "/Users", &sent).expect(201);
    let user = answer.json();
    assert_eq!(answer.header("Location"), user["meta"]["location"].as_str());
    assert_eq!(answer.header("ETag"), user["meta"]["version"].as_str());
    holds(&user, &sent);
    assert_eq!(user["meta"]["resourceType"], "User");
    let read = scim.get(&place(&user)).expect(200);
    assert_eq!(read.json(), user);
    assert_eq!(scim.get("/Users?filter=userName eq \"bjensen@example.com\"").json()["Resources"][0], user);
    // Over FHIR it is a User of the project's own, and a member.
    let fhir = scim.client.get(&format!("User/{}", text(&user, "id"))).expect(200).json();
    assert_eq!(fhir["lastName"], "Jensen");
    assert_eq!(fhir["email"], "bjensen@example.com");
    assert_eq!(fhir["telecom"].as_array().map(Vec::len), Some(5));
    assert_eq!(fhir["photo"]["url"], sent["photos"][0]["value"]);
    assert_eq!(fhir["meta"]["source"], "https://roster.dev/dialect/scim");
    assert_eq!(fhir["project"]["reference"], format!("Project/{}", scim.keys.project));
    let member = scim.client.search("ProjectMembership?user-name=bjensen@example.com");
    assert_eq!(member[0]["externalId"], "ext-bjensen");
    assert_eq!(member[0]["user"]["reference"], format!("User/{}", text(&user, "id")));
});

on_both!(put_replaces_all_that_one_may_write, |world| {
    let scim = Scim::of(world);
    let user = scim.create("/Users", &full("put"));
    let mut next = json!({
        "schemas": [USER], "id": "another", "userName": "put@example.com", "title": "Vice President",
        "meta": { "created": "2000-01-01T00:00:00Z" }, "groups": [{ "value": "none" }]
    });
    let shown = scim.send("PUT", &place(&user), &next).expect(200).json();
    assert_eq!(shown["id"], user["id"]);
    assert_eq!(shown["meta"]["created"], user["meta"]["created"]);
    assert_ne!(shown["meta"]["version"], user["meta"]["version"]);
    assert_eq!(shown["title"], "Vice President");
    assert_eq!(shown["active"], true);
    for gone in
        ["name", "emails", "phoneNumbers", "addresses", "roles", "locale", "externalId", "photos", ENTERPRISE]
    {
        assert!(shown.get(gone).is_none(), "{gone}: {shown}");
    }
    // What does not fit the element is kept all the same.
    next["timezone"] = json!("1 o'clock");
    next["preferredLanguage"] = json!("da, en-gb;q=0.8");
    next["emails"] = json!([{ "value": "Put.Now@Example.com" }]);
    holds(
        &scim.send("PUT", &place(&user), &next).expect(200).json(),
        &json!({
            "timezone": "1 o'clock", "preferredLanguage": "da, en-gb;q=0.8", "emails": [{ "value": "Put.Now@Example.com" }]
        }),
    );
});

on_both!(a_password_is_taken_and_never_shown, |world| {
    let scim = Scim::of(world);
    let mut sent =
        json!({ "schemas": [USER], "userName": "pass@example.com", "password": "a harbour of seven plums" });
    let user = scim.create("/Users", &sent);
    assert!(user.get("password").is_none());
    assert!(
        scim.get(&format!("{}?attributes=password", place(&user)))
            .expect(200)
            .json()
            .get("password")
            .is_none()
    );
    let signs_in = |password: &str| {
        let mut asked = crate::auth::person::asked("pass@example.com", password);
        asked["projectId"] = json!(scim.keys.project);
        world.anonymous.post("/auth/login", &asked).status == 200
    };
    assert!(signs_in("a harbour of seven plums"));
    sent.as_object_mut().map(|sent| sent.shift_remove("password"));
    scim.send("PUT", &place(&user), &sent).expect(200);
    assert!(signs_in("a harbour of seven plums"), "a PUT without one keeps it");
    scim.patch(
        &place(&user),
        json!([{ "op": "replace", "value": { "password": "the ninth violet lantern" } }]),
    )
    .expect(200);
    assert!(!signs_in("a harbour of seven plums"));
    assert!(signs_in("the ninth violet lantern"));
    refused(scim.get("/Users?filter=password pr"), 400, Some("invalidFilter"));
});

on_both!(a_deleted_user_is_gone_and_his_name_is_free, |world| {
    let scim = Scim::of(world);
    let user = scim.user("gone@example.com", &json!({ "externalId": "g" }));
    let group = scim.group("Crew", &[&user]);
    assert_eq!(scim.get(&place(&user)).json()["groups"][0]["display"], "Crew");
    scim.delete(&place(&user)).expect(204);
    refused(scim.get(&place(&user)), 404, None);
    refused(scim.delete(&place(&user)), 404, None);
    refused(scim.patch(&place(&user), json!([{ "op": "add", "path": "title", "value": "x" }])), 404, None);
    assert!(scim.found("userName eq \"gone@example.com\"").is_empty());
    assert!(scim.get(&place(&group)).expect(200).json().get("members").is_none());
    assert!(scim.client.search("ProjectMembership?external-id=g").is_empty());
    scim.user("gone@example.com", &json!({ "externalId": "g" }));
});

on_both!(only_the_version_that_is_known_is_written_and_none_is_sent_twice, |world| {
    let scim = Scim::of(world);
    let user = scim.user("etag@example.com", &json!({}));
    let tag = user["meta"]["version"].as_str().expect("a version");
    let with = |method: &str, name: &str, tag: &str| scim.call(method, &place(&user)).header(name, tag);
    with("GET", "If-None-Match", tag).send().expect(304);
    with("GET", "If-None-Match", "W/\"0.0\"").send().expect(200);
    let patch = json!({ "schemas": [crate::scim::PATCH], "Operations": [{ "op": "add", "path": "title", "value": "A" }] });
    let patch = patch.to_string();
    let stale = with("PATCH", "If-Match", "W/\"9.9\"").body("application/json", patch.clone()).send();
    refused(stale, 412, None);
    let next =
        with("PATCH", "If-Match", tag).body("application/json; charset=utf-8", patch).send().expect(200);
    assert_ne!(next.header("ETag"), Some(tag));
    refused(with("DELETE", "If-Match", tag).send(), 412, None);
    with("DELETE", "If-Match", "*").send().expect(204);
});

on_both!(as_much_is_shown_as_is_asked_for, |world| {
    let scim = Scim::of(world);
    let user = scim.create("/Users", &full("shape"));
    let shaped = |query: &str| scim.get(&format!("{}?{query}", place(&user))).expect(200).json();
    let some = shaped("attributes=userName,NAME.familyname,emails.value");
    let names: Vec<&String> = some.as_object().expect("a user").keys().collect();
    assert_eq!(names, ["schemas", "id", "userName", "name", "emails"]);
    assert_eq!(some["name"], json!({ "familyName": "Jensen" }));
    assert_eq!(some["emails"][0], json!({ "value": "shape@example.com" }));
    let some = shaped(&format!("attributes={ENTERPRISE}:department"));
    assert_eq!(some[ENTERPRISE], json!({ "department": "Tour Operations" }));
    let less = shaped(&format!("excludedAttributes=emails,name.givenName,id,{ENTERPRISE}"));
    assert!(less.get("emails").is_none() && less.get(ENTERPRISE).is_none());
    assert_eq!(less["id"], user["id"]);
    assert_eq!(less["name"]["familyName"], "Jensen");
    assert!(less["name"].get("givenName").is_none());
    refused(
        scim.get(&format!("{}?attributes=title&excludedAttributes=name", place(&user))),
        400,
        Some("invalidValue"),
    );
});

on_both!(me_is_whose_token_it_is, |world| {
    let scim = Scim::of(world);
    refused(scim.get("/Me"), 501, None);
    let owner = crate::client::Client::with_token(&world.server.address, &scim.keys.owner_token);
    let me = owner.get("/scim/v2/Me").expect(200).json();
    assert_eq!(me["userName"], scim.keys.owner_email.as_str());
    assert_eq!(me["emails"], json!([{ "value": scim.keys.owner_email, "primary": true }]));
    // Nobody locks himself out.
    refused(owner.delete("/scim/v2/Me"), 403, None);
});
