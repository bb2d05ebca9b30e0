//! Filters: <https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2.2>, each against the users that it finds.

use serde_json::json;

use super::user::full;
use super::{ENTERPRISE, Scim, USER, refused, text};

on_both!(every_comparison_finds_whom_it_should, |world| {
    let scim = Scim::of(world);
    let barbara = scim.create("/Users", &full("barbara"));
    let jose = scim.user(
        "jose",
        &json!({
            "active": false, "name": { "familyName": "Zürich", "givenName": "José" },
            "emails": [{ "value": "jose@Jensen.org", "type": "work" }]
        }),
    );
    scim.user("josé", &json!({ "title": "Guide" }));
    let group = scim.group("Tour Guides", &[&barbara]);
    let (barbara, jose_id, group) = (text(&barbara, "id"), text(&jose, "id"), text(&group, "id"));
    let modified = text(&jose["meta"], "lastModified");
    let (b, j, e) = ("barbara@example.com", "jose", "josé");
    let among = "(userName sw \"jos\" or userName sw \"barb\")";
    let cases: Vec<(String, Vec<&str>)> = vec![
        ("userName eq \"BARBARA@example.COM\"".into(), vec![b]),
        // Who has another name is nobody's namesake.
        ("userName eq \"jose\"".into(), vec![j]),
        ("userName eq \"JOSÉ\"".into(), vec![e]),
        ("userName sw \"jos\"".into(), vec![j, e]),
        ("userName co \"arbar\"".into(), vec![b]),
        ("userName ew \"ose\"".into(), vec![j, e]),
        ("userName gt \"c\" and userName lt \"k\"".into(), vec![j, e]),
        (format!("not (userName eq \"jose\") and {among}"), vec![b, e]),
        (format!("userName ne \"jose\" and {among}"), vec![b, e]),
        ("USERNAME EQ \"jose\" OR Title Eq \"tour guide\"".into(), vec![b, j]),
        // `and` binds closer than `or`.
        (format!("userName eq \"jose\" or title pr and {among}"), vec![b, j, e]),
        (format!("{USER}:userName eq \"jose\""), vec![j]),
        ("name.familyName eq \"JENSEN\"".into(), vec![b]),
        ("name.middleName eq \"jane\"".into(), vec![b]),
        ("nickName co \"ab\"".into(), vec![b]),
        (format!("nickName eq null and {among}"), vec![j, e]),
        ("nickName ne null".into(), vec![b]),
        ("name.honorificPrefix pr".into(), vec![b]),
        (format!("name pr and {among}"), vec![b, j]),
        (format!("active eq false and {among}"), vec![j]),
        (format!("active ne \"False\" and {among}"), vec![b, e]),
        ("externalId eq \"ext-barbara\"".into(), vec![b]),
        ("externalId eq \"EXT-barbara\"".into(), vec![]),
        ("emails.value eq \"BARBARA@jensen.org\"".into(), vec![b]),
        ("emails co \"@jensen.org\"".into(), vec![b, j]),
        ("emails[type eq \"work\"].value eq \"jose@jensen.org\"".into(), vec![j]),
        ("emails[type eq \"work\" and value sw \"barbara@j\"]".into(), vec![]),
        ("emails[type eq \"home\" and value sw \"barbara@j\"]".into(), vec![b]),
        ("emails[type eq \"home\" or value eq \"jose@jensen.org\"]".into(), vec![b, j]),
        ("emails[primary eq true].value eq \"barbara@example.com\"".into(), vec![b]),
        ("emails[primary eq true and type eq \"home\"]".into(), vec![]),
        ("phoneNumbers[type eq \"fax\"].value eq \"555-555-3333\"".into(), vec![b]),
        ("phoneNumbers[type eq \"fax\"].value eq \"555-555-5555\"".into(), vec![]),
        ("addresses[locality eq \"hollywood\"]".into(), vec![b]),
        ("addresses.postalCode sw \"916\"".into(), vec![b]),
        ("photos.value eq \"https://photos.example.com/profilephoto/72930000000Ccne/T\"".into(), vec![b]),
        ("ims.value eq \"someaimhandle\"".into(), vec![b]),
        ("roles[value eq \"guide\"]".into(), vec![b]),
        ("roles.primary eq true".into(), vec![b]),
        ("entitlements eq \"GOLD\"".into(), vec![b]),
        ("preferredLanguage eq \"en-us\" and timezone sw \"America/\" and locale pr".into(), vec![b]),
        (format!("{ENTERPRISE}:department co \"operat\""), vec![b]),
        (format!("{ENTERPRISE}:employeeNumber eq \"701984\""), vec![b]),
        (format!("{ENTERPRISE}:manager.value eq \"26118915-6090-4610-87e4-49d8ca9f808d\""), vec![b]),
        (format!("groups.value eq \"{group}\""), vec![b]),
        ("groups.display eq \"tour guides\"".into(), vec![b]),
        (format!("not (groups pr) and {among}"), vec![j, e]),
        (format!("id eq \"{barbara}\" or id eq \"{jose_id}\""), vec![b, j]),
        (format!("meta.lastModified ge \"{modified}\" and {among}"), vec![j, e]),
        (format!("meta.lastModified lt \"{modified}\" and {among}"), vec![b]),
        ("meta.lastModified gt \"2999-01-01T00:00:00Z\"".into(), vec![]),
        (format!("meta.resourceType eq \"User\" and schemas eq \"{USER}\" and {among}"), vec![b, j, e]),
        (format!("meta.created ge \"2020-01-01T00:00:00Z\" and {among}"), vec![b, j, e]),
        ("meta.resourceType eq \"Group\"".into(), vec![]),
        // Nobody is an answer.
        ("userName eq \"3f2c9a70-0000-4000-8000-000000000000\"".into(), vec![]),
    ];
    for (filter, expected) in &cases {
        assert_eq!(scim.found(filter), *expected, "{filter}");
    }
    let groups = |filter: &str| {
        scim.get(&format!("/Groups?filter={filter}")).expect(200).json()["totalResults"].clone()
    };
    assert_eq!(groups("displayName eq \"tour guides\""), 1);
    assert_eq!(groups(&format!("members.value eq \"{barbara}\" and displayName co \"guide\"")), 1);
    assert_eq!(groups(&format!("members[value eq \"{jose_id}\"]")), 0);
    assert_eq!(groups("members.type eq \"User\""), 1);
});

on_both!(what_no_index_answers_is_refused, |world| {
    let scim = Scim::of(world);
    let deep = format!("{}userName pr{}", "(".repeat(40), ")".repeat(40));
    let long = format!("userName eq \"{}\"", "x".repeat(9_000));
    let many = vec!["title pr"; 300].join(" or ");
    for filter in [
        "userName",
        "userName eq",
        "userName eq x",
        "userName xx \"y\"",
        "userName eq \"x\" and",
        "userName eq \"x",
        "(userName eq \"x\"",
        "userName eq \"x\")",
        "userName eq 5",
        "userName eq \"\"",
        "active gt true",
        "active eq \"perhaps\"",
        "nothing eq \"x\"",
        "name eq \"x\"",
        "name.nothing eq \"x\"",
        "urn:x:y eq \"x\"",
        "externalId co \"x\"",
        "meta.lastModified gt \"yesterday\"",
        "emails[type ne \"work\"]",
        "emails[not (type eq \"work\")]",
        "emails[type eq \"work\"",
        "addresses[type eq \"work\" and country eq \"US\"]",
        "userName[value eq \"x\"]",
        "roles.value co \"x\"",
        "x509Certificates.value eq \"TUlJ\"",
        deep.as_str(),
        long.as_str(),
        many.as_str(),
    ] {
        let asked = json!({ "filter": filter });
        refused(scim.send("POST", "/Users/.search", &asked), 400, Some("invalidFilter"));
    }
});

on_both!(who_was_not_made_over_scim_goes_by_his_email, |world| {
    let scim = Scim::of(world);
    let fhir = scim.client.create(&json!({
        "resourceType": "User", "email": "fhir@example.com", "firstName": "Fay",
        "telecom": [{ "system": "phone", "use": "work", "value": "555-1" }]
    }));
    let shown = scim.get(&format!("/Users/{}", text(&fhir, "id"))).expect(200).json();
    assert_eq!(shown["userName"], "fhir@example.com");
    assert_eq!(shown["emails"], json!([{ "value": "fhir@example.com", "primary": true }]));
    assert_eq!(shown["phoneNumbers"], json!([{ "value": "555-1", "type": "work" }]));
    let name = vec!["fhir@example.com".to_owned()];
    for filter in [
        "userName eq \"FHIR@example.com\"",
        "emails[primary eq true].value eq \"fhir@example.com\"",
        "phoneNumbers[type eq \"work\"].value eq \"555-1\"",
        "active eq true and name.givenName eq \"fay\"",
    ] {
        assert_eq!(scim.found(filter), name, "{filter}");
    }
    let taken = json!({ "schemas": [USER], "userName": "fhir@example.com", "emails": [{ "value": "other@example.com" }] });
    refused(scim.send("POST", "/Users", &taken), 409, Some("uniqueness"));
});
