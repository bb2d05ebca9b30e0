//! What packages add and what they cannot change: <https://hl7.org/fhir/R4/profiling.html>.

use roster::definitions::{Definitions, ParamKind, Places};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::making::{manifest, param, ward, write};
use super::{DEFINITIONS, resources};
use crate::client::id;
use crate::definitions::DEFINITIONS as EMBEDDED;

fn with(resources: &[Value]) -> Definitions {
    let folder = TempDir::new().expect("a folder");
    let packages = [folder.path().join("clinic.tgz")];
    write(&packages[0], &manifest(), resources);
    Definitions::open(&Places { packages: &packages, ..Places::default() }).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn no_parameter_of_the_package_or_of_ours_is_lost() {
    for (name, ours) in &EMBEDDED.resources {
        let with = &DEFINITIONS.resources[name];
        for (code, param) in &ours.params {
            assert_eq!(
                (param.kind, &param.text),
                (with.params[code].kind, &with.params[code].text),
                "{name}.{code}"
            );
        }
    }
    for (file, param) in resources(u64::MAX, |name| name.starts_with("SearchParameter-")) {
        let kind = ParamKind::of(param["type"].as_str().expect("a type")).expect("a known type");
        let code = param["code"].as_str().expect("a code");
        let bases = param["base"].as_array().cloned().unwrap_or_default();
        for base in bases.iter().filter_map(Value::as_str).filter(|_| param["expression"].is_string()) {
            if let Some(resource) = DEFINITIONS.resources.get(base) {
                assert_eq!(
                    resource.params.get(code).map(|one| one.kind),
                    Some(kind),
                    "{file}: {base}.{code}"
                );
            }
        }
    }
}

#[test]
fn what_the_package_has_is_used_whole_but_for_a_few() {
    let mut codes: Vec<&str> =
        DEFINITIONS.warnings.iter().filter_map(|warning| warning.split(": ").nth(2)).collect();
    codes.sort_unstable();
    // Two examples of parameters, two parameters without an expression, a set of codes that LOINC keeps.
    let variant = "MolecularSequence.structureVariant.variantType";
    assert_eq!(codes, [variant, "_id", "age", "birthOrderBoolean", "subject"], "{:#?}", DEFINITIONS.warnings);
}

#[test]
fn what_is_embedded_stays_as_it_is() {
    let mut user = ward();
    user["url"] = json!("https://example.com/fhir/StructureDefinition/User");
    user["type"] = json!("User");
    user["differential"]["element"] = json!([{"path": "User"}]);
    let mut patient = ward();
    patient["url"] = json!("http://hl7.org/fhir/StructureDefinition/Patient");
    patient["type"] = json!("Patient");
    patient["differential"]["element"] = json!([{"path": "Patient"}]);
    let email = param("User", "email", "User.lastName");
    let street = param("User", "street", "User.telecom.value");
    let definitions = with(&[user, patient, email, street]);
    assert!(definitions.resources["User"].structure.root().element("email").is_some());
    assert!(definitions.resources["Patient"].structure.root().element("birthDate").is_some());
    assert_eq!(definitions.resources["User"].params["email"].text, "User.email");
    assert!(definitions.resources["User"].params.contains_key("street"));
}

#[test]
fn what_is_for_a_type_that_nobody_defines_is_told_and_left_out() {
    let definitions = with(&[param("Observatory", "dome", "Observatory.dome")]);
    assert!(
        definitions.warnings.iter().any(|warning| warning.contains("Observatory")),
        "{:?}",
        definitions.warnings
    );
}

on_both!(
    a_type_from_a_package_is_like_any_other,
    |config| {
        let folder = TempDir::new().expect("a folder").keep();
        let file = folder.join("clinic.tgz");
        write(&file, &manifest(), &[ward(), param("Ward", "name", "Ward.name")]);
        config.packages.push(file);
        config.cache_dir = Some(folder);
    },
    |world| {
        let stored = world.admin.create(&json!({"resourceType": "Ward", "name": "Surgery"}));
        assert_eq!(world.admin.found("Ward?name=surg"), [id(&stored)]);
        world.admin.post("Ward", &json!({"resourceType": "Ward"})).refused(422, "required").at("Ward.name");
        world.stranger.get(&format!("Ward/{}", id(&stored))).refused(404, "not-found");
    }
);
