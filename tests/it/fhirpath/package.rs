//! Every invariant and every search parameter of the official R4 package, compiled and put to its examples:
//! <https://hl7.org/fhir/R4/conformance-rules.html#constraints>,
//! <https://hl7.org/fhir/R4/searchparameter-registry.html>.
//!
//! The package is hl7.fhir.r4.examples@4.0.1, unpacked at `ROSTER_R4_EXAMPLES`, without which nothing passes.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use roster::fhirpath::{Context, Expression, Types};
use serde_json::Value;

/// Examples of a type at most, and their bytes.
const EXAMPLES: usize = 8;
const LARGEST: u64 = 60_000;

/// The official definitions.
pub fn r4() -> PathBuf {
    let folder = std::env::var("ROSTER_R4_EXAMPLES");
    folder.expect("ROSTER_R4_EXAMPLES, the unpacked package: `tests/run` fetches it").into()
}

pub fn json(path: &Path) -> Option<Value> {
    serde_json::from_str(&fs::read_to_string(path).ok()?).ok()
}

/// All definitions of one kind in the package.
fn definitions(folder: &Path, kind: &str) -> Vec<Value> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let name = path.file_name().unwrap().to_string_lossy();
            name.starts_with(kind) && name.ends_with(".json")
        })
        .collect();
    paths.sort();
    paths.iter().filter_map(|path| json(path)).collect()
}

/// The types, out of the snapshots of the structure definitions.
pub fn types(folder: &Path) -> Types {
    let mut types = Types::new();
    for definition in definitions(folder, "StructureDefinition-") {
        let text = |name: &str| definition[name].as_str().unwrap_or("");
        let constraint = text("derivation") == "constraint";
        if constraint || text("kind") == "logical" {
            continue;
        }
        let base = text("baseDefinition").rsplit('/').next().unwrap();
        types.define(text("type"), Some(base).filter(|base| !base.is_empty()));
        for element in definition["snapshot"]["element"].as_array().unwrap() {
            let path = element["path"].as_str().unwrap();
            if let Some(other) = element["contentReference"].as_str() {
                types.element_like(path, other.trim_start_matches('#'));
                continue;
            }
            let codes: Vec<&str> =
                element["type"].as_array().into_iter().flatten().map(|kind| code(path, kind)).collect();
            types.element(path, &codes);
        }
    }
    types
}

/// The code of a type; where it is a System type, the FHIR type that an extension names.
fn code<'j>(path: &str, kind: &'j Value) -> &'j str {
    let resource_id = path.ends_with(".id") && path.starts_with(char::is_uppercase);
    let extension = kind["extension"].as_array().into_iter().flatten();
    let named = extension
        .filter(|extension| extension["url"].as_str().unwrap().ends_with("-fhir-type"))
        .find_map(|extension| extension["valueUrl"].as_str());
    match named {
        Some("string") if resource_id => "id",
        Some(named) => named,
        None => kind["code"].as_str().unwrap_or(""),
    }
}

#[test]
fn definitions_compile() {
    let r4 = r4();
    let types = types(&r4);
    let mut wrong = Vec::new();
    let mut count = 0;
    let mut seen = HashSet::new();
    for definition in definitions(&r4, "StructureDefinition-") {
        for element in definition["snapshot"]["element"].as_array().into_iter().flatten() {
            for constraint in element["constraint"].as_array().into_iter().flatten() {
                let Some(text) = constraint["expression"].as_str() else {
                    continue;
                };
                if !seen.insert(text.to_owned()) {
                    continue;
                }
                count += 1;
                let key = constraint["key"].as_str().unwrap();
                match Expression::compile(text) {
                    Err(error) => wrong.push(format!("{key}: {text}: {error}")),
                    Ok(expression) => {
                        let path = element["path"].as_str().unwrap();
                        if let Err(error) = expression.check(&types, path) {
                            println!("check {key} on {path}: {text}: {error}");
                        }
                    }
                }
            }
        }
    }
    for parameter in definitions(&r4, "SearchParameter-") {
        let Some(text) = parameter["expression"].as_str() else {
            continue;
        };
        count += 1;
        let expression = match Expression::compile(text) {
            Err(error) => {
                wrong.push(format!("{}: {text}: {error}", parameter["id"]));
                continue;
            }
            Ok(expression) => expression,
        };
        for base in parameter["base"].as_array().into_iter().flatten() {
            let base = base.as_str().unwrap();
            let narrowed = expression.narrowed(&types, base);
            let checked = narrowed.map(|narrowed| narrowed.check(&types, base));
            match checked {
                Some(Err(error)) => println!("check {text} on {base}: {error}"),
                None => println!("{text} yields nothing on {base}"),
                _ => {}
            }
        }
    }
    println!("compiled {count}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(count, 1587);
}

/// An expression that each of these has to answer.
struct Rule {
    key: String,
    /// The type whose examples it is put to.
    kind: String,
    expression: Expression,
    /// Whether what it says must be true.
    binds: bool,
}

/// The invariants of resources where they stand, those of datatypes wherever there is one.
fn invariants(r4: &Path) -> Vec<Rule> {
    let mut rules = Vec::new();
    for definition in definitions(r4, "StructureDefinition-") {
        let kind = definition["kind"].as_str().unwrap_or("");
        let logical = kind == "logical" || definition["derivation"] == "constraint";
        let own = definition["type"].as_str().unwrap_or("");
        for element in definition["snapshot"]["element"].as_array().into_iter().flatten().filter(|_| !logical)
        {
            let path = element["path"].as_str().unwrap().replace("[x]", "");
            for constraint in element["constraint"].as_array().into_iter().flatten() {
                let inherited =
                    constraint["source"].as_str().is_some_and(|source| definition["url"] != source);
                let Some(text) = constraint["expression"].as_str().filter(|_| !inherited) else { continue };
                // What is empty is not false.
                let (place, kind) = match (kind, path.split_once('.')) {
                    ("resource", Some((_, rest))) => (rest.to_owned(), own),
                    ("resource", None) => ("$this".to_owned(), own),
                    (_, Some((_, rest))) => (format!("descendants().ofType({own}).{rest}"), "Resource"),
                    (_, None) => (format!("descendants().ofType({own})"), "Resource"),
                };
                let key = format!("{} on {path}", constraint["key"].as_str().unwrap());
                let expression = Expression::compile(&format!("{place}.where(({text}) = false).empty()"))
                    .unwrap_or_else(|error| panic!("{key}: {error}"));
                let binds = constraint["severity"] == "error";
                rules.push(Rule { key, kind: kind.to_owned(), expression, binds });
            }
        }
    }
    rules
}

fn parameters(r4: &Path, types: &Types) -> Vec<Rule> {
    let mut rules = Vec::new();
    for parameter in definitions(r4, "SearchParameter-") {
        let Some(text) = parameter["expression"].as_str() else { continue };
        let expression = Expression::compile(text).unwrap();
        for base in parameter["base"].as_array().into_iter().flatten() {
            let kind = base.as_str().unwrap().to_owned();
            if let Some(expression) = expression.narrowed(types, &kind) {
                let key = parameter["id"].as_str().unwrap().to_owned();
                rules.push(Rule { key, kind, expression, binds: false });
            }
        }
    }
    rules
}

/// Some examples of every type.
fn examples(r4: &Path) -> Vec<Value> {
    let mut paths: Vec<PathBuf> = fs::read_dir(r4).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| fs::metadata(path).is_ok_and(|file| file.len() < LARGEST));
    paths.sort();
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    paths.retain(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let kind = name.split('-').next().unwrap().to_owned();
        let count = taken.entry(kind).or_default();
        *count += 1;
        name.ends_with(".json") && *count <= EXAMPLES
    });
    let all = paths.iter().filter_map(|path| json(path));
    all.filter(|example| example["resourceType"].is_string()).collect()
}

/// What the examples of the package break of its own rules: four narratives hold nothing.
const BROKEN: &[&str] = &["txt-1 on Narrative.div (4)", "txt-2 on Narrative.div (4)"];

#[test]
fn every_rule_has_an_answer_on_the_examples() {
    let r4 = r4();
    let types = types(&r4);
    let mut rules = invariants(&r4);
    let invariants = rules.len();
    rules.extend(parameters(&r4, &types));
    let examples = examples(&r4);
    let (mut answered, mut used, mut kinds) = (0, HashSet::new(), HashSet::new());
    let mut broken: BTreeMap<String, usize> = BTreeMap::new();
    for example in &examples {
        let name = example["resourceType"].as_str().unwrap();
        kinds.insert(name);
        let context = Context::new(&types);
        for (number, rule) in rules.iter().enumerate().filter(|(_, rule)| types.is_subtype(name, &rule.kind))
        {
            used.insert(number);
            match rule.expression.evaluate(&context, example) {
                Ok(found) => {
                    answered += 1;
                    if rule.binds && found.first().and_then(|item| item.as_bool()) == Some(false) {
                        *broken.entry(rule.key.clone()).or_default() += 1;
                    }
                }
                Err(error) => *broken.entry(format!("{} on {name}: {error}", rule.key)).or_default() += 1,
            }
        }
    }
    let (rules, used, kinds) = (rules.len(), used.len(), kinds.len());
    println!(
        "{invariants} invariants, {} parameters; {used} put to {} examples of {kinds} types: {answered} answers",
        rules - invariants,
        examples.len()
    );
    let broken: Vec<String> = broken.into_iter().map(|(rule, times)| format!("{rule} ({times})")).collect();
    assert_eq!(broken, BROKEN);
    assert_eq!((rules, kinds), (1955, 140));
}
