//! Runs HL7's published FHIRPath cases (<https://hl7.org/fhirpath/N1/>).
//!
//! The cases are HL7's data and are read from `ROSTER_VECTORS`. Where they are absent, the runner says so and goes
//! on without them. Of the 937 in the file two stand in comments.

use std::fs;
use std::path::{Path, PathBuf};

use roster::fhirpath::{Context, Expression, Item, Items, Types};

use super::package::{json, r4, types};

/// Cases that this engine answers otherwise, and why.
const DISAGREEMENTS: &[(&str, &str)] = &[
    ("testPlusDate19", "N1 ignores fractions only above seconds: 0.1 's' moves a dateTime by 100 ms"),
    ("LowBoundaryDecimal15", "-0.0 does not bound -0.0034 from below; -0.1 does"),
    ("HighBoundaryDecimal15", "0.0 does not bound 0.0034 from above; 0.1 does"),
    ("HighBoundaryDecimal16", "is the negative of the same: -(0.0034.highBoundary(1))"),
    ("testFHIRPathIsFunction8", AGE),
    ("testFHIRPathIsFunction9", AGE),
    ("testFHIRPathIsFunction10", AGE),
];

const AGE: &str = "observation-example.json lacks the extension that the XML has";

/// Cases whose input is not among the published files; their expressions are compiled all the same.
const NO_INPUT: &[&str] = &[
    "testTypeA1",
    "testTypeA2",
    "testTypeA3",
    "testTypeA4",
    "testTypeA",
    "testPeriodInvariantOld",
    "testPeriodInvariantNew",
];

const PASSED: usize = 921;

/// Functions of FHIR and of later drafts that are missing, with arguments. None of R4's invariants and search
/// parameters, nor any published case, uses one.
const MISSING: &[&str] = &[
    "checkModifiers('x')",
    "coalesce(1, 2)",
    "defineVariable('x', 1)",
    "elementDefinition()",
    "slice('x', 'y')",
    "subsumedBy(%context)",
    "subsumes(%context)",
];

/// The published cases, where they are to be had.
fn vectors() -> Option<PathBuf> {
    let path = std::env::var("ROSTER_VECTORS").unwrap_or_else(|_| "../shared/vectors".to_owned());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    path.is_dir().then_some(path)
}

#[derive(Debug)]
enum Verdict {
    Passed,
    Failed(String),
    Refused(String),
    NoInput,
}

fn profiles(item: &Item<'_>, url: &str) -> Option<bool> {
    let name = url.strip_prefix("http://hl7.org/fhir/StructureDefinition/")?;
    Some(item.type_name() == Some(name))
}

fn run(case: roxmltree::Node<'_, '_>, inputs: &Path, types: &Types) -> Verdict {
    let child = |name: &str| case.children().find(|child| child.has_tag_name(name));
    let element = child("expression").unwrap();
    let text = element.text().unwrap_or("");
    let invalid = element.attribute("invalid");
    let file = case.attribute("inputfile").unwrap_or("patient-example.xml").replace(".xml", ".json");
    let expression = match Expression::compile(text) {
        Ok(expression) => expression,
        Err(_) if invalid.is_some() => return Verdict::Passed,
        Err(error) => return Verdict::Refused(error.to_string()),
    };
    let Some(input) = json(&inputs.join(file)) else {
        return Verdict::NoInput;
    };
    let root_type = input["resourceType"].as_str().unwrap_or("");
    let checked = expression.check(types, root_type);
    if invalid == Some("semantic") && checked.is_err() {
        return Verdict::Passed;
    }
    let judge = |item: &Item<'_>, url: &str| profiles(item, url);
    let context = Context::new(types).conforms_to(&judge);
    let found = expression.evaluate(&context, &input);
    match (invalid, checked, found) {
        (Some(_), _, Err(_)) => Verdict::Passed,
        (Some(_), _, Ok(found)) => Verdict::Failed(format!("should be invalid, gives {found:?}")),
        (None, Err(error), _) => Verdict::Failed(format!("the check refuses it: {error}")),
        (None, _, Err(error)) => Verdict::Failed(error.to_string()),
        (None, _, Ok(found)) => compared(case, found),
    }
}

fn compared(case: roxmltree::Node<'_, '_>, found: Items<'_>) -> Verdict {
    let expected: Vec<(Option<&str>, &str)> = case
        .children()
        .filter(|child| child.has_tag_name("output"))
        .map(|output| (output.attribute("type"), output.text().unwrap_or("")))
        .collect();
    if case.attribute("predicate") == Some("true") {
        let truth = match found.as_slice() {
            [item] => item.as_bool().unwrap_or(true).to_string(),
            _ => String::new(),
        };
        return verdict(expected.first().map(|(_, text)| *text) == Some(&truth), &found);
    }
    let mut rest: Vec<&Item<'_>> = found.iter().collect();
    let ordered = case.attribute("ordered") != Some("false");
    for (kind, text) in &expected {
        let place = match ordered {
            true => Some(0).filter(|_| !rest.is_empty()),
            false => rest.iter().position(|item| item.to_string() == *text),
        };
        let Some(item) = place.map(|place| rest.remove(place)) else {
            return verdict(false, &found);
        };
        let text = text.trim_start_matches('@').trim_start_matches('T');
        let numeric = matches!(item, Item::Decimal(_));
        let same = match (numeric, text.parse::<rust_decimal::Decimal>()) {
            (true, Ok(number)) => item.to_string().parse() == Ok(number),
            _ => item.to_string() == text,
        };
        let name = item.type_name().unwrap_or("").to_lowercase();
        let typed = kind.is_none_or(|kind| name == kind.to_lowercase());
        if !same || !typed {
            return verdict(false, &found);
        }
    }
    verdict(rest.is_empty(), &found)
}

fn verdict(passed: bool, found: &[Item<'_>]) -> Verdict {
    if passed {
        return Verdict::Passed;
    }
    let shown: Vec<String> =
        found.iter().map(|item| format!("{} {item}", item.type_name().unwrap_or("?"))).collect();
    Verdict::Failed(format!("gives {shown:?}"))
}

#[test]
fn published_cases() {
    let Some(vectors) = vectors() else { return };
    let types = types(&r4());
    let text = fs::read_to_string(vectors.join("fhirpath/tests-fhir-r4.xml")).unwrap();
    let document = roxmltree::Document::parse(&text).unwrap();
    let (mut passed, mut count) = (0, 0);
    let (mut listed, mut absent, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
    for case in document.descendants().filter(|node| node.has_tag_name("test")) {
        count += 1;
        let name = case.attribute("name").unwrap();
        let reason = DISAGREEMENTS.iter().find(|(own, _)| *own == name);
        match (run(case, &vectors.join("fhirpath/input"), &types), reason) {
            (Verdict::Passed, None) => passed += 1,
            (Verdict::Passed, Some(_)) => wrong.push(format!("{name}: passes after all")),
            (Verdict::NoInput, _) => absent.push(name),
            (Verdict::Refused(why), _) => wrong.push(format!("{name}: refused: {why}")),
            (Verdict::Failed(why), Some((_, reason))) => {
                println!("{name}: {why}, because {reason}");
                listed.push(name);
            }
            (Verdict::Failed(why), None) => wrong.push(format!("{name}: {why}")),
        }
    }
    println!("{passed} of {count} pass, {} differ as listed, {} have no input", listed.len(), absent.len());
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(listed.len(), DISAGREEMENTS.len());
    assert_eq!(absent, NO_INPUT);
    assert_eq!(passed, PASSED);
}

#[test]
fn a_function_that_is_missing_is_named_by_the_refusal() {
    for call in MISSING {
        let name = call.split('(').next().unwrap();
        let error = Expression::compile(&format!("Patient.name.{call}")).expect_err(call).to_string();
        println!("{name}: {error}");
        assert!(error.contains(name) && error.contains("function"), "{call}: {error}");
    }
}
