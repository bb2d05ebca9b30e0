//! The public keys: <https://www.rfc-editor.org/rfc/rfc7517>.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::elliptic_curve::sec1::FromEncodedPoint;
use p256::{EncodedPoint, PublicKey};
use serde_json::Value;

fn bytes(text: &Value) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD.decode(text.as_str().expect("text")).expect("base64")
}

on_both!(the_published_key_verifies_a_token, |world| {
    let keys = world.anonymous.get("/.well-known/jwks.json").expect(200).json();
    let [header, claims, signature] = world.admin.token().splitn(3, '.').collect::<Vec<_>>()[..] else {
        panic!("no JWT")
    };
    let header: Value = serde_json::from_slice(&bytes(&header.into())).expect("JSON");
    let keys = keys["keys"].as_array().expect("keys");
    let key = keys.iter().find(|key| key["kid"] == header["kid"]).expect("the key of the token");
    let (x, y) = (bytes(&key["x"]), bytes(&key["y"]));
    let point = EncodedPoint::from_affine_coordinates(x.as_slice().into(), y.as_slice().into(), false);
    let public = PublicKey::from_encoded_point(&point).expect("a point of the curve");
    let signature = Signature::from_slice(&bytes(&signature.into())).expect("a signature");
    let signed = world.admin.token().rsplit_once('.').expect("a signature").0;
    VerifyingKey::from(public).verify(signed.as_bytes(), &signature).expect("signed by the key");
    assert!(!claims.is_empty());
});

on_both!(no_private_part_is_published, |world| {
    let keys = world.anonymous.get("/.well-known/jwks.json").expect(200).json();
    for key in keys["keys"].as_array().expect("keys") {
        assert_eq!((&key["kty"], &key["crv"]), (&"EC".into(), &"P-256".into()));
        for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            assert!(key.get(private).is_none(), "{private}");
        }
    }
});
