//! With the official package everything of R4 is served: <https://hl7.org/fhir/R4/resourcelist.html>,
//! <https://hl7.org/fhir/R4/searchparameter-registry.html>.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{official, resources};

/// Types, and what each can be searched by, as a CapabilityStatement tells.
fn told(statement: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let params = |one: &Value| list(&one["searchParam"]).iter().map(|param| text(&param["name"])).collect();
    let told = list(&statement["rest"][0]["resource"]);
    told.iter().map(|one| (text(&one["type"]), params(one))).collect()
}

on_both!(every_type_of_r4_is_served_with_all_its_parameters, |config| official(config), |world| {
    let told = told(&world.anonymous.get("metadata").expect(200).json());
    let defined = resources(u64::MAX, |name| name.starts_with("StructureDefinition-"));
    let types: BTreeSet<&str> = defined
        .iter()
        .filter(|(_, one)| one["kind"] == "resource" && one["derivation"] == "specialization")
        .filter(|(_, one)| one["abstract"] == false)
        .filter_map(|(_, one)| one["type"].as_str())
        .collect();
    assert_eq!(types.len(), 146);
    let not_served: Vec<&&str> = types.iter().filter(|name| !told.contains_key(**name)).collect();
    // What operations take and give: the standard gives it no address.
    assert_eq!(not_served, [&"Parameters"]);
    for own in ["User", "Project", "ProjectMembership", "ClientApplication"] {
        assert!(told.contains_key(own), "{own}");
    }

    let mut missing = Vec::new();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for (_, param) in resources(u64::MAX, |name| name.starts_with("SearchParameter-")) {
        let code = param["code"].as_str().expect("a code");
        // Some have no expression, and so no meaning that the package tells.
        if param["expression"].is_null() {
            continue;
        }
        for base in list(&param["base"]) {
            let all = told.iter().filter(|(name, _)| base == "Resource" || base == **name);
            missing.extend(
                all.filter(|(_, params)| !params.contains(code)).map(|(name, _)| format!("{name}.{code}")),
            );
        }
    }
    assert_eq!(missing, [""; 0]);
});

on_both!(without_the_package_there_is_less, |world| {
    world.admin.get("Observation").expect(404).issues();
});
