//! Devices without a browser, as WorkOS has them (<https://www.rfc-editor.org/rfc/rfc8628>).

use serde_json::json;

use super::{App, PASSWORD, app, refused};
use crate::oauth::visitor::Visitor;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

on_both!(a_device_gets_a_session, |world| {
    let (app, other) = (app(world, "Devices"), app(world, "Beside"));
    let user = app.user(json!({"email": "tv@example.com", "password": PASSWORD, "email_verified": true}));
    let home = app.organization("Acme");
    app.member(&user, &home);
    let client = json!({"client_id": app.keys.client_id});
    let codes = app.client.call("POST", "/user_management/authorize/device");
    let codes = codes.body("application/json", client.to_string()).send().expect(200).json();
    let look = |app: &App| {
        let body = json!({
            "grant_type": GRANT, "client_id": app.keys.client_id, "device_code": codes["device_code"]
        });
        // Nobody keeps a secret on a device.
        world
            .anonymous
            .call("POST", "/user_management/authenticate")
            .body("application/json", body.to_string())
            .send()
    };
    refused(look(&app), 400, "authorization_pending");
    refused(look(&other), 400, "invalid_grant");
    let visitor = Visitor::default();
    let page = visitor.open(world, "/oauth2/device");
    let page = visitor.type_code(world, &page, codes["user_code"].as_str().expect("a code"));
    let page = visitor.fill(world, &page, "password", &[("email", "tv@example.com"), ("password", PASSWORD)]);
    assert_eq!(page.title(), "Allow access?", "{}", page.0.text());
    let page = visitor.fill(world, &page, "consent", &[]);
    assert_eq!(page.title(), "Your device is connected", "{}", page.0.text());
    let session = look(&app).expect(200).json();
    assert_eq!((&session["user"]["id"], &session["organization_id"]), (&user["id"], &home["id"]));
    assert_eq!(session["authentication_method"], "Password");
    assert!(session["refresh_token"].is_string() && session["access_token"].is_string(), "{session}");
    refused(look(&app), 400, "invalid_grant");
    let body =
        refused(app.post("/user_management/authorize/device", json!({})), 422, "invalid_request_parameters");
    assert_eq!(body["errors"][0]["field"], "client_id");
});
