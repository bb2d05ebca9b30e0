//! HEAD: <https://www.rfc-editor.org/rfc/rfc9110#section-9.3.2>, <https://hl7.org/fhir/R4/http.html#head>.

use crate::client::place;
use crate::sample::patient;

on_both!(head_is_get_without_a_body, |world| {
    let stored = world.admin.create(&patient("A", "B"));
    let here = place(&stored);
    let gone = place(&world.admin.create(&patient("C", "D")));
    world.admin.delete(&gone).expect(204);
    for address in [
        here.clone(),
        format!("{here}/_history"),
        format!("{here}/_history/1"),
        "Patient".to_owned(),
        "Patient?family=a".to_owned(),
        "Patient?nonsense=1".to_owned(),
        "Patient/_history".to_owned(),
        "_history".to_owned(),
        "Patient/none".to_owned(),
        gone,
        "NoSuchType".to_owned(),
        "metadata".to_owned(),
        "/".to_owned(),
        "/healthz".to_owned(),
        "/.well-known/jwks.json".to_owned(),
        "/no/such/place".to_owned(),
    ] {
        let get = world.admin.get(&address);
        let head = world.admin.call("HEAD", &address).send();
        assert_eq!(head.status, get.status, "{address}");
        assert!(head.body.is_empty(), "{address}");
        for name in ["Content-Type", "ETag", "Last-Modified", "Content-Length", "Allow"] {
            assert_eq!(head.header(name), get.header(name), "{address}: {name}");
        }
    }
});
