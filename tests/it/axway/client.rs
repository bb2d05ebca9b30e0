//! Service accounts.

use base64::Engine as _;
use serde_json::{Value, json};

use super::{Platform, delete, get, names, post, put, refused, result, taken};
use crate::world::{World, token};

/// 1024 bits, which is too few.
const SHORT: &str = "-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDKLMoJZp586S/jxbp4yk7lBk1d
GPQSRyV14dGo+hT5S4ptS65XkPZ3iGrGnGUcW/ePVjLM8CcMtL3Vy0pX3N4LLCnk
UfJZ2IoOJO5rP9SiNk5AF6CN3WxohXFLIXxJ+Br1hFN1z2xLT00Cy0IfEXrgPrIE
ZJg+5X2RmWKOZbMhyQIDAQAB
-----END PUBLIC KEY-----";

fn account(platform: &Platform, more: Value) -> Value {
    let base = json!({"name": "Backend", "org_guid": platform.keys.project, "type": "secret"});
    crate::sample::with(base, more)
}

on_both!(a_secret_that_is_made_up_is_shown_once, |world| {
    let platform = Platform::new(world, "Secrets");
    platform.policy("developer");
    let made = taken(post(
        &platform.api,
        "/client",
        &account(&platform, json!({"roles": ["developer"], "tags": ["a b"]})),
    ));
    let (id, secret) = (text(&made, "client_id"), text(&made, "secret"));
    assert_eq!(
        (&made["roles"], &made["tags"], &made["type"]),
        (&json!(["developer"]), &json!(["a b"]), &json!("secret"))
    );
    token(&world.anonymous, &id, &secret);
    let place = format!("/client/{id}");
    for told in [place.clone(), format!("/client?org_id={}", platform.keys.project), format!("{place}/json")]
    {
        assert!(!get(&platform.api, &told).expect(200).text().contains(&secret), "{told}");
    }
    platform.api.get(&format!("ClientApplication/{id}/_history")).expect(200);
    let given = "another secret of a client";
    let changed = taken(put(
        &platform.api,
        &place,
        &json!({"secret": given, "name": "Front", "roles": ["administrator"]}),
    ));
    assert_eq!(
        (&changed["name"], &changed["roles"], changed.get("secret")),
        (&json!("Front"), &json!(["administrator"]), None)
    );
    let key = crate::client::Client::with_token(&world.server.address, &format!("sk_{id}_{given}"));
    assert_eq!(result(&key, "/auth/checkSession")["guid"], id.as_str());
    refused(put(&platform.api, &place, &json!({"secret": "short"})), 400);
    refused(put(&platform.api, &place, &json!({"generateKey": true})), 400);
    refused(delete(&key, &place), 400);
    delete(&platform.api, &place).expect(204);
    get(&key, "/auth/checkSession").expect(401);
    refused(get(&platform.api, &place), 404);
});

on_both!(a_service_account_signs_with_a_key, |world| {
    let platform = Platform::new(world, "Keys");
    let certificate =
        |more: Value| crate::sample::with(account(&platform, json!({"type": "certificate"})), more);
    let made = taken(post(&platform.api, "/client", &certificate(json!({"generateKey": true}))));
    let private = text(&made, "privateKey");
    assert!(private.starts_with("-----BEGIN PRIVATE KEY-----") && made.get("secret").is_none());
    let place = format!("/client/{}", text(&made, "client_id"));
    let told = get(&platform.api, &format!("{place}/json")).expect(200).json();
    assert_eq!(
        (&told["clientId"], &told["tokenUrl"]),
        (&made["client_id"], &json!("https://roster.test/oauth2/token"))
    );
    assert!(text(&told, "publicKey").starts_with("-----BEGIN PUBLIC KEY-----") && told["kid"].is_string());
    signs(world, &text(&made, "client_id"), &private, &text(&told, "kid"));
    // The public key in PEM is the same when it comes back.
    let again = certificate(json!({"name": "Again", "publicKey": told["publicKey"]}));
    let again = taken(post(&platform.api, "/client", &again));
    let same = get(&platform.api, &format!("/client/{}/json", text(&again, "client_id"))).expect(200).json();
    assert_eq!((&same["publicKey"], &same["kid"]), (&told["publicKey"], &told["kid"]));
    for wrong in [
        json!({}),
        json!({"publicKey": "nonsense"}),
        json!({"publicKey": SHORT}),
        json!({"publicKey": SHORT, "generateKey": true}),
        json!({"generateKey": true, "type": "secret"}),
        json!({"generateKey": true, "type": "magic"}),
    ] {
        refused(post(&platform.api, "/client", &certificate(wrong)), 400);
    }
    refused(post(&platform.api, "/client", &json!({"name": "x", "type": "secret"})), 400);
    refused(put(&platform.api, &place, &json!({"secret": "a secret of some length"})), 400);
    let found = |query: &str| {
        names(&result(&platform.api, &format!("/client?org_id={}&{query}", platform.keys.project)), "name")
    };
    assert_eq!(found("term=again"), ["Again"]);
    assert_eq!(found("roles=consumer&sort=-name"), ["Backend", "Again"]);
    assert_eq!(found("roles=administrator").len(), 2);
    refused(get(&platform.api, "/client"), 400);
});

/// Gets a token by a signature of this key.
fn signs(world: &World, client: &str, private: &str, kid: &str) {
    use jsonwebtoken::{Algorithm, EncodingKey, Header};
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a time").as_secs();
    let claims = json!({
        "iss": client, "sub": client, "aud": "https://roster.test/oauth2/token", "exp": now + 120, "iat": now,
        "jti": uuid::Uuid::new_v4().to_string(),
    });
    let header = Header { kid: Some(kid.to_owned()), ..Header::new(Algorithm::ES256) };
    let key = EncodingKey::from_ec_der(&der(private));
    let assertion = jsonwebtoken::encode(&header, &claims, &key).expect("a token");
    let kind = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
    let form =
        format!("grant_type=client_credentials&client_assertion_type={kind}&client_assertion={assertion}");
    world.anonymous.call("POST", "/oauth2/token").form(&form).send().expect(200);
}

fn der(pem: &str) -> Vec<u8> {
    let inner: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    base64::prelude::BASE64_STANDARD.decode(inner).expect("a key in PEM")
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("{name} of {value}")).to_owned()
}
