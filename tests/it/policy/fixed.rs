//! Elements that may be read and not changed.

use serde_json::{Value, json};

use super::{couple, holder};
use crate::client::place;
use crate::sample::with;

on_both!(a_fixed_element_keeps_its_value, |world| {
    let (woman, _) = couple(world);
    let holder =
        holder(world, json!([{"resourceType": "Patient", "readonlyFields": ["birthDate", "name.family"]}]));
    let sent = with(
        woman.clone(),
        json!({
            "birthDate": "2020-01-01", "active": false, "name": [{"family": "Anders", "given": ["Berta"]}]
        }),
    );
    let told = holder.update(&sent);
    assert_eq!((&told["birthDate"], &told["active"]), (&woman["birthDate"], &json!(false)));
    assert_eq!(told["name"], json!([{"given": ["Berta"], "family": "Offen"}]));
    let mut without = told.clone();
    without.as_object_mut().expect("a resource").shift_remove("birthDate");
    assert_eq!(holder.put(&place(&woman), &without).expect(200).json()["birthDate"], woman["birthDate"]);
});

on_both!(a_fixed_element_of_something_new_is_left_out, |world| {
    let holder = holder(world, json!([{"resourceType": "Patient", "readonlyFields": ["birthDate"]}]));
    let made = holder.create(&json!({"resourceType": "Patient", "birthDate": "2020-01-01", "active": true}));
    assert_eq!((&made["birthDate"], &made["active"]), (&Value::Null, &json!(true)));
});

on_both!(labels_may_be_fixed, |world| {
    let (woman, _) = couple(world);
    let holder = holder(world, json!([{"resourceType": "Patient", "readonlyFields": ["meta.tag"]}]));
    let meta = json!({"tag": [{"system": "urn:x", "code": "y"}]});
    let body = json!({"resourceType": "Parameters", "parameter": [{"name": "meta", "valueMeta": meta}]});
    holder.post(&format!("{}/$meta-add", place(&woman)), &body).expect(200);
    holder.update(&with(woman.clone(), json!({"meta": meta, "active": false})));
    assert_eq!(world.admin.get(&place(&woman)).expect(200).json()["meta"]["tag"], Value::Null);
});
