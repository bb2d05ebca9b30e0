//! What the server says of itself: <https://www.rfc-editor.org/rfc/rfc8414>,
//! <https://www.rfc-editor.org/rfc/rfc9728>, <https://hl7.org/fhir/smart-app-launch/STU2.2/conformance.html>.

use serde_json::Value;

use crate::client::PUBLIC_URL;
use crate::world::World;

fn read(world: &World, place: &str) -> Value {
    world.anonymous.get(place).expect(200).json()
}

on_both!(discovery_says_where_everything_is_and_it_is_there, |world| {
    let said = read(world, "/.well-known/openid-configuration");
    assert_eq!(said, read(world, "/.well-known/oauth-authorization-server"));
    assert_eq!(said["issuer"], PUBLIC_URL);
    for (name, address) in said.as_object().expect("an object") {
        let Some(address) = address.as_str().filter(|_| name.ends_with("_endpoint") || name == "jwks_uri")
        else {
            continue;
        };
        let answer = world.anonymous.get(address);
        assert!(answer.status != 404, "{name} leads to {}", answer.status);
    }
    assert_eq!(said["code_challenge_methods_supported"], serde_json::json!(["S256"]));
    assert_eq!(said["response_types_supported"], serde_json::json!(["code"]));
    assert_eq!(said["authorization_response_iss_parameter_supported"], true);
    let grants = said["grant_types_supported"].as_array().expect("grants");
    for unsafe_grant in ["implicit", "password"] {
        assert!(!grants.contains(&Value::from(unsafe_grant)), "{unsafe_grant}");
    }
    // Nobody may register here, so that nobody is sent there.
    assert!(said.get("registration_endpoint").is_none());
});

on_both!(smart_is_described_below_the_base_to_everybody, |world| {
    let said = read(world, ".well-known/smart-configuration");
    assert_eq!(said, read(world, "/.well-known/smart-configuration"));
    let capabilities = said["capabilities"].as_array().expect("capabilities");
    for capability in [
        "launch-ehr",
        "launch-standalone",
        "client-confidential-asymmetric",
        "permission-v1",
        "permission-v2",
    ] {
        assert!(capabilities.contains(&Value::from(capability)), "{capability}");
    }
    assert_eq!(said["code_challenge_methods_supported"], serde_json::json!(["S256"]));
    assert_eq!(said["token_endpoint"], format!("{PUBLIC_URL}/oauth2/token"));
    let statement = read(world, "metadata");
    let security = &statement["rest"][0]["security"]["extension"][0];
    let find = |name: &str| {
        let all = security["extension"].as_array().expect("addresses");
        all.iter().find(|one| one["url"] == name).expect("an address")["valueUri"].clone()
    };
    assert_eq!(find("authorize"), said["authorization_endpoint"]);
    assert_eq!(find("token"), said["token_endpoint"]);
});

on_both!(the_resource_server_names_who_gives_its_tokens, |world| {
    let said = read(world, "/.well-known/oauth-protected-resource");
    assert_eq!(said["resource"], format!("{PUBLIC_URL}/fhir/R4"));
    assert_eq!(said["authorization_servers"], serde_json::json!([PUBLIC_URL]));
    assert_eq!(said["bearer_methods_supported"], serde_json::json!(["header"]));
});
