//! SMART App Launch: <https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html>, with the context of a patient, and
//! scopes that hold at the resource server.

use serde_json::{Value, json};

use super::signer::encoded;
use super::visitor::{Page, Visitor, app, caller, join, member, practitioner, redeem, request, tokens};
use crate::client::{id, place};
use crate::sample::{patient, with};
use crate::world::World;

fn about(world: &World, patient: &Value) -> Value {
    world.admin.create(&json!({"resourceType": "RelatedPerson", "patient": {"reference": place(patient)}}))
}

on_both!(a_standalone_launch_asks_for_the_patient, |world| {
    let (client, email) = (app(world, json!({})), practitioner(world));
    let (one, other) =
        (world.admin.create(&patient("Ainsley", "A")), world.admin.create(&patient("Birch", "B")));
    let (own, foreign) = (about(world, &one), about(world, &other));
    let visitor = Visitor::default();
    let scope = "openid fhirUser launch/patient patient/Patient.rs patient/RelatedPerson.rs";
    let page = visitor.sign_in(world, &request(&client, json!({"scope": scope})), &email);
    assert_eq!(page.title(), "Choose a patient");
    let found = visitor.fill(world, &page, "find", &[("name", "Ainsley")]);
    assert!(found.0.text().contains("Ainsley") && !found.0.text().contains("Birch"));
    let choice = found.choice("Ainsley");
    assert_eq!(choice, id(&one));
    let page = visitor.fill(world, &found, "patient", &[("patient", &choice)]);
    assert_eq!(page.title(), "Allow access?");
    let back = visitor.fill(world, &page, "consent", &[]).back();
    let given = redeem(world, &client, &back["code"], "").expect(200).json();
    assert_eq!(given["patient"], id(&one));
    assert_eq!(given["need_patient_banner"], true);
    assert!(given["smart_style_url"].is_string());
    let caller = caller(world, &given);
    assert_eq!(caller.found("Patient"), [id(&one)]);
    assert_eq!(caller.found("RelatedPerson"), [id(&own)]);
    caller.get(&place(&own)).expect(200);
    caller.get(&place(&foreign)).expect(404);
    caller.get(&place(&other)).expect(404);
    caller.post("Patient", &patient("New", "One")).expect(403);
    caller.get("Organization").expect(403);
});

on_both!(a_launch_from_a_record_brings_its_context, |world| {
    let (client, email) = (app(world, json!({})), practitioner(world));
    let subject = world.admin.create(&patient("Ainsley", "A"));
    world.admin.create(&patient("Birch", "B"));
    let launch = world.admin.create(&json!({
        "resourceType": "SmartAppLaunch", "patient": {"reference": place(&subject)},
    }));
    let asked = json!({"scope": "launch patient/*.rs", "launch": id(&launch)});
    let back = Visitor::default().go(world, &request(&client, asked), &email);
    let given = redeem(world, &client, &back["code"], "").expect(200).json();
    assert_eq!(given["patient"], id(&subject));
    assert_eq!(caller(world, &given).found("Patient"), [id(&subject)]);
    // A launch of another project is none.
    let foreign = world.stranger.create(&json!({"resourceType": "SmartAppLaunch"}));
    let back = Visitor::default().open(world, &request(&client, json!({"launch": id(&foreign)}))).back();
    assert_eq!(back["error"], "invalid_request");
});

on_both!(a_patient_is_asked_for_nobody_but_himself, |world| {
    let client = app(world, json!({}));
    let email = member(world, &patient("Ainsley", "A"), false);
    let given = tokens(world, &client, "openid launch/patient patient/*.rs", &email);
    assert!(given["patient"].is_string());
    assert_eq!(given["need_patient_banner"], false);
});

on_both!(scopes_bound_a_user_at_every_door, |world| {
    let (client, email) = (app(world, json!({})), practitioner(world));
    let stored = world.admin.create(&with(patient("A", "B"), json!({"gender": "female"})));
    world.admin.create(&with(patient("C", "D"), json!({"gender": "male"})));
    let given = tokens(world, &client, "user/Patient.rs?gender=female", &email);
    let bounded = caller(world, &given);
    assert_eq!(bounded.found("Patient"), [id(&stored)]);
    bounded.get("User").expect(403);
    bounded.get("ClientApplication").expect(403);
    bounded.delete(&place(&stored)).expect(403);
    // Without any, the token is as good as its user.
    let whole = caller(world, &tokens(world, &client, "openid", &email));
    assert_eq!(whole.found("Patient").len(), 2);
});

on_both!(an_application_gets_no_more_than_it_may_ask_for, |world| {
    let client = app(world, json!({"allowedScope": ["openid", "user/Patient.rs"]}));
    let email = practitioner(world);
    let given = tokens(world, &client, "openid email user/*.cruds", &email);
    assert_eq!(given["scope"], "openid user/Patient.rs");
    // Asking for less is no way to get all.
    assert_eq!(tokens(world, &client, "openid", &email)["scope"], "openid user/Patient.rs");
    let back =
        Visitor::default().open(world, &request(&client, json!({"scope": "openid user/Group.rs"}))).back();
    assert_eq!(back["error"], "invalid_scope");
});

on_both!(a_user_takes_single_scopes_away, |world| {
    let client = app(world, json!({"signInForm": {"showScopeSelection": true}}));
    let email = practitioner(world);
    let visitor = Visitor::default();
    let page = visitor.sign_in(
        world,
        &request(&client, json!({"scope": "openid user/Patient.rs user/Group.rs"})),
        &email,
    );
    assert!(page.0.text().contains("read and search Patient records"));
    // Only the boxes that are left, beside what is fixed.
    let text = page.0.text();
    let token = text
        .split("name=\"token\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a token");
    let asked = request(&client, json!({"scope": "openid user/Patient.rs user/Group.rs"}));
    let send = |scopes: &str| {
        let form = format!(
            "do=consent&token={token}&request={}{scopes}",
            encoded(asked.split_once('?').expect("a query").1)
        );
        let cookie = format!("__Host-roster={}", visitor.cookie("__Host-roster").expect("a cookie"));
        world.anonymous.call("POST", "/oauth2/step").header("Cookie", &cookie).form(&form).send()
    };
    let answer = send("&scope-0=openid&scope-1=user/Patient.rs");
    let code = Page(answer).back()["code"].clone();
    let given = redeem(world, &client, &code, "").expect(200).json();
    assert_eq!(given["scope"], "openid user/Patient.rs");
});

on_both!(who_is_known_in_two_ways_says_as_whom, |world| {
    let client = app(world, json!({}));
    let email = practitioner(world);
    let user = world.super_admin.search(&format!("User?email={email}")).remove(0);
    join(
        world,
        &id(&user),
        &json!({"resourceType": "Practitioner", "name": [{"family": "Byron", "given": ["Augusta"]}]}),
        true,
    );
    let visitor = Visitor::default();
    let page = visitor.sign_in(world, &request(&client, json!({})), &email);
    assert_eq!(page.title(), "Who are you today?");
    let choice = page.choice("Byron");
    let page = visitor.fill(world, &page, "choose", &[("membership", &choice)]);
    let back = visitor.fill(world, &page, "consent", &[]).back();
    redeem(world, &client, &back["code"], "").expect(200);
});
