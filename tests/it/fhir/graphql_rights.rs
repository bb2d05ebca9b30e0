//! Through GraphQL everybody sees what he sees by REST, and nothing else: <https://hl7.org/fhir/R4/graphql.html>.

use serde_json::{Value, json};

use super::graphql::{ask, data, error};
use crate::client::{Client, id, place};
use crate::sample::{patient, user, with};
use crate::world::World;

/// The first error there is, or nothing, of a query that asks for one thing.
fn only(client: &Client, query: &str) -> (Value, Option<String>) {
    let answer = ask(client, query).expect(200).json();
    let data = answer["data"].as_object().expect("data").values().next().cloned().expect("a field");
    (data, answer["errors"][0]["extensions"]["code"].as_str().map(str::to_owned))
}

on_both!(what_is_read_is_what_rest_reads, |world| {
    let stored = [
        world.admin.create(&patient("Lovelace", "Ada")),
        world.stranger.create(&patient("Hopper", "Grace")),
        world.admin.create(&user("ada@example.com")),
        world.super_admin.create(&user("pool@example.com")),
    ];
    for one in &stored {
        let (kind, id) = (one["resourceType"].as_str().expect("a type"), id(one));
        for client in [&world.stranger, &world.member, &world.admin, &world.super_admin] {
            let by_rest = client.get(&place(one));
            let (found, code) =
                only(client, &format!("{{ {kind}(id: {id:?}) {{ id meta {{ versionId }} }} }}"));
            let inside = client.post(&format!("{}/$graphql", place(one)), &json!({"query": "{ id }"}));
            assert_eq!(inside.status, by_rest.status);
            if by_rest.status == 200 {
                assert_eq!((found["id"].as_str(), code), (Some(id.as_str()), None));
            } else {
                assert_eq!(found, Value::Null);
                assert_eq!(by_rest.issues()[0]["code"].as_str(), code.as_deref());
            }
            let listed = only(client, &format!("{{ {kind}List(_id: {id:?}) {{ id }} }}"));
            let by_rest = client.get(&format!("{kind}?_id={id}"));
            if by_rest.status == 200 {
                assert_eq!(listed.0.as_array().map(Vec::len), Some(by_rest.resources().len()));
            } else {
                assert_eq!(listed, (Value::Null, Some("forbidden".to_owned())));
            }
            let page =
                format!("{{ {kind}Connection(_id: {id:?}) {{ count edges {{ resource {{ id }} }} }} }}");
            let (page, _) = only(client, &page);
            if by_rest.status == 200 {
                assert_eq!(page["count"], json!(by_rest.resources().len()));
            } else {
                assert_eq!(page, Value::Null);
            }
        }
    }
});

on_both!(nobody_in_particular_asks_nothing, |world| {
    ask(&world.anonymous, "{ PatientList { id } }").refused(401, "login");
    ask(&world.anonymous, "{").refused(401, "login");
    world.anonymous.get("$graphql?query=%7B__typename%7D").refused(401, "login");
    world.anonymous.post("Patient/1/$graphql", &json!({"query": "{ id }"})).refused(401, "login");
});

on_both!(a_reference_opens_no_door, |world| {
    let theirs = world.stranger.create(&with(patient("Hopper", "Grace"), json!({})));
    // A reference that came by an import, or whose target moved: it leads out of the project.
    let answer = world.admin.post(
        "Patient",
        &with(
            patient("Lovelace", "Ada"),
            json!({"link": [{"other": {"reference": place(&theirs)}, "type": "seealso"}]}),
        ),
    );
    if answer.status == 201 {
        let own = answer.json();
        let query =
            format!("{{ Patient(id: {:?}) {{ link {{ other {{ resource {{ id }} }} }} }} }}", id(&own));
        let told = error(&world.admin, &query);
        assert_eq!(told["extensions"]["code"], "not-found");
        let optional = query.replace("resource {", "resource(optional: true) {");
        let found = data(&world.admin, &optional);
        assert_eq!(found["Patient"]["link"][0]["other"]["resource"], Value::Null);
        // What refers to a resource of another project is not seen from there.
        let query =
            format!("{{ Patient(id: {:?}) {{ PatientList(_reference: link) {{ id }} }} }}", id(&theirs));
        assert_eq!(data(&world.stranger, &query)["Patient"]["PatientList"], json!([]));
    }
    // A member follows a link from what he may read to nothing that he may not.
    let (own, _) = only(&world.member, "{ PatientList { id } }");
    assert_eq!(own, Value::Null);
});

/// A user of the server pool who is a member of the project: his id.
fn guest(world: &World) -> String {
    let guest = world.super_admin.create(&with(
        user("guest@example.com"),
        json!({"telecom": [{"system": "phone", "value": "+1 555"}], "displayName": "Guest"}),
    ));
    world.super_admin.create(&json!({
        "resourceType": "ProjectMembership",
        "meta": {"project": world.project},
        "project": {"reference": format!("Project/{}", world.project)},
        "user": {"reference": place(&guest)},
        "profile": {"reference": place(&guest)}
    }));
    id(&guest)
}

on_both!(a_guest_is_shown_in_part_on_every_way_to_him, |world| {
    let guest = guest(world);
    let shown = world.admin.get(&format!("User/{guest}")).expect(200).json();
    let fields = "id displayName email telecom { value }";
    let expected = json!({
        "id": guest, "displayName": shown["displayName"], "email": shown["email"],
        "telecom": shown.get("telecom").cloned().unwrap_or_default()
    });
    assert_eq!(expected["telecom"], Value::Null, "a guest shows no telecom");
    let ways = [
        (format!("{{ User(id: {guest:?}) {{ {fields} }} }}"), "/User"),
        (format!("{{ UserList(_id: {guest:?}) {{ {fields} }} }}"), "/UserList/0"),
        (
            format!("{{ UserConnection(_id: {guest:?}) {{ edges {{ resource {{ {fields} }} }} }} }}"),
            "/UserConnection/edges/0/resource",
        ),
        (
            format!(
                "{{ ProjectMembershipList(user: \"User/{guest}\") {{ user {{ resource {{ ... on User {{ {fields} }} }} }} }} }}"
            ),
            "/ProjectMembershipList/0/user/resource",
        ),
    ];
    for (query, place) in ways {
        let found = data(&world.admin, &query);
        assert_eq!(found.pointer(place), Some(&expected), "{query}: {found}");
    }
    let inside =
        world.admin.post(&format!("User/{guest}/$graphql"), &json!({"query": format!("{{ {fields} }}")}));
    assert_eq!(inside.expect(200).json()["data"], expected);
    // What a guest hides cannot be found out by asking for it, either.
    let found = data(&world.admin, "{ UserList(phone: \"+1 555\") { id } }");
    assert_eq!(found["UserList"], json!([]));
    assert_eq!(
        only(&world.stranger, &format!("{{ User(id: {guest:?}) {{ id }} }}")).1.as_deref(),
        Some("not-found")
    );
});

on_both!(secrets_are_no_fields, |world| {
    world.admin.create(&user("ada@example.com"));
    for secret in ["passwordHash", "mfaSecret"] {
        let answer = ask(&world.super_admin, &format!("{{ UserList {{ {secret} }} }}")).expect(400);
        assert!(answer.text().contains("has no field"), "{}", answer.text());
        ask(&world.super_admin, &format!("{{ UserList(_count: 1) {{ id _{secret} {{ id }} }} }}"))
            .expect(400);
    }
    let query = "{ ClientApplicationList { id secret } }";
    let answer = ask(&world.super_admin, query).expect(400);
    assert!(answer.text().contains("secret"), "{}", answer.text());
    let fields = "{ ClientApplicationList(fhirpath: \"secret.exists()\") { id } }";
    assert_eq!(data(&world.super_admin, fields)["ClientApplicationList"], json!([]));
    for name in ["JsonWebKey", "JsonWebKeyList", "JsonWebKeyConnection"] {
        ask(&world.super_admin, &format!("{{ {name}(id: x) {{ id }} }}")).expect(400);
    }
});
