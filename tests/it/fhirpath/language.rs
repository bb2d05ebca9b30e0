//! What the published cases leave out: unknown types, references, limits, narratives, narrowing.

use roster::fhirpath::{Context, EvalError, Expression, Item, Types};
use serde_json::{Value, json};
use std::collections::HashMap;

fn types() -> Types {
    let mut types = Types::new();
    types
        .define("Quantity", Some("Element"))
        .element("Quantity.value", &["decimal"])
        .define("Age", Some("Quantity"))
        .define("Extension", Some("Element"))
        .element("Extension.url", &["uri"])
        .element("Extension.value[x]", &["Age", "Quantity", "string"])
        .define("Patient", Some("DomainResource"))
        .element("Patient.extension", &["Extension"])
        .element("Patient.birthDate", &["date"])
        .element("Patient.link", &["BackboneElement"])
        .element("Patient.link.other", &["Reference"])
        .element_like("Patient.link.again", "Patient.link")
        .define("Practitioner", Some("DomainResource"))
        .element("Practitioner.name", &["string"])
        .element("Resource.id", &["id"]);
    types
}

fn shown(context: &Context<'_>, root: &Value, text: &str) -> Vec<String> {
    let expression = Expression::compile(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let root = root.clone();
    let context = context.clone();
    evaluated(&expression, &context, &root).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn evaluated<'a>(
    expression: &'a Expression,
    context: &Context<'a>,
    root: &'a Value,
) -> Result<Vec<String>, EvalError> {
    let items = expression.evaluate(context, root)?;
    Ok(items.iter().map(Item::to_string).collect())
}

#[test]
fn answers() {
    let types = types();
    let context = Context::new(&types);
    let root = json!({
        "resourceType": "Patient",
        "extension": [{"url": "http://a", "valueAge": {"value": 3, "code": "a"}}],
        "birthDate": "1990-05",
        "_birthDate": {"extension": [{"url": "http://b", "valueString": "x"}]},
        "contained": [{"resourceType": "Practitioner", "id": "p", "name": "n"}],
        "link": [
            {"other": {"reference": "Patient/1"}},
            {"other": {"reference": "https://x.org/fhir/Practitioner/2/_history/3"}},
            {"other": {"reference": "#p"}},
            {"other": {"type": "Patient", "identifier": {"value": "1"}}},
            {"other": {"reference": "urn:uuid:1"}, "again": [{"other": {"reference": "Patient/9"}}]}
        ]
    });
    let table: &[(&str, &[&str])] = &[
        ("extension('http://a').value is Age", &["true"]),
        ("extension('http://a').value is Quantity", &["true"]),
        ("extension('http://a').value.ofType(Quantity).value", &["3"]),
        ("birthDate.extension('http://b').value", &["x"]),
        ("birthDate.extension.value is string", &["true"]),
        ("birthDate < @1990-06", &["true"]),
        ("birthDate < @1990-05-02", &[]),
        ("link.other.where(resolve() is Patient).reference", &["Patient/1"]),
        ("link.other.where(resolve() is Patient).count()", &["2"]),
        ("link.other.where(resolve() is Practitioner).count()", &["2"]),
        ("link.other.resolve().name", &["n"]),
        ("link.again.other.resolve() is Patient", &["true"]),
        ("link.first().type().name", &["BackboneElement"]),
        ("Patient.link.repeat(again).other.reference", &["Patient/9"]),
        ("'b' | 'a' | 'b'", &["b", "a"]),
        ("(3 | 1 | 2).sort()", &["1", "2", "3"]),
        ("Resource.birthDate", &["1990-05"]),
        ("DomainResource.birthDate.exists()", &["true"]),
        ("Observation.birthDate", &[]),
        ("@2024-01-31 + 1 month", &["2024-02-29"]),
        ("@2014 + 23 months", &["2015"]),
        ("@T23:30 + 45 minutes", &["00:15"]),
        ("1 year = 12 months", &["true"]),
        ("120 'mm[Hg]' < 1 'bar'", &["true"]),
        ("5 'mg/dL' = 0.05 'g/L'", &["true"]),
        ("1 'banana' = 1 'banana'", &["true"]),
        ("1 'banana' = 1 'kg'", &[]),
        ("'a-b'.replaceMatches('(a)-(b)', '$2x$1')", &["bxa"]),
        ("%undefined.exists() or true", &[]),
    ];
    for (text, expected) in table {
        if text.contains("%undefined") {
            let expression = Expression::compile(text).unwrap();
            assert!(evaluated(&expression, &context, &root).is_err());
            continue;
        }
        assert_eq!(shown(&context, &root, text), *expected, "{text}");
    }
}

#[test]
fn untyped_json_is_walked_by_its_shape() {
    let types = Types::new();
    let context = Context::new(&types);
    let root = json!({
        "resourceType": "Robot",
        "name": [{"text": "a"}, {"text": "b"}],
        "valueString": "s",
        "since": "2020-01-01",
        "active": true
    });
    let table: &[(&str, &[&str])] = &[
        ("Robot.name.text", &["a", "b"]),
        ("Robot.value", &["s"]),
        ("Resource.name.count()", &["2"]),
        ("since < @2021-01-01", &["true"]),
        ("active", &["true"]),
        ("Patient.name", &[]),
        ("type().name", &["Robot"]),
    ];
    for (text, expected) in table {
        assert_eq!(shown(&context, &root, text), *expected, "{text}");
    }
}

#[test]
fn numbers_out_of_reach_are_no_panic() {
    let types = Types::new();
    let context = Context::new(&types);
    let digits = "9".repeat(1000);
    let numbers = [
        "1e30",
        "1e-30",
        "1e-400000000",
        "1e400000000",
        "-1e99999999999",
        "0e999",
        "1.5e2",
        "9223372036854775807",
        "-9223372036854775808",
        "79228162514264337593543950335",
        &digits,
    ];
    let texts = [
        "-a",
        "a + a",
        "a - a",
        "a * a",
        "a / a",
        "a div a",
        "a mod a",
        "a.abs()",
        "a.round(2)",
        "a.ceiling()",
        "a.power(a)",
        "a.sqrt()",
        "a.exp()",
        "a.log(a)",
        "a.lowBoundary()",
        "a.highBoundary(28)",
        "a.toQuantity()",
        "a = a",
        "a ~ a",
        "a | a",
        "a.toString()",
        "@2020-01-01 + a.toQuantity()",
        "(1 'm' * a).toString()",
        "a.toInteger()",
        "a > 1",
    ];
    for number in numbers {
        let root: Value = serde_json::from_str(&format!(r#"{{"a": {number}}}"#)).unwrap();
        for text in texts {
            // An error is as good an answer as any.
            let expression = Expression::compile(text).unwrap();
            drop(evaluated(&expression, &context, &root));
        }
    }
    for text in [
        "@9999-12-31.highBoundary()",
        "@0000 - 1 year",
        "@9999-12-31 + 9999999 years",
        "@2020-01-01T10:00:00Z + 99999999999999 days",
    ] {
        let expression = Expression::compile(text).unwrap();
        drop(evaluated(&expression, &context, &json!({})));
    }
}

#[test]
fn variables_and_fetched_resources() {
    let types = types();
    let (before, after) = (json!({"active": true}), json!({"resourceType": "Patient"}));
    let fetched = HashMap::from([("Patient/1".to_owned(), json!({"name": "found"}))]);
    let context =
        Context::new(&types).variable("before", vec![Item::resource(&types, &before)]).fetched(&fetched);
    assert_eq!(shown(&context, &after, "%before.active"), ["true"]);
    assert_eq!(shown(&context, &after, "'Patient/1'.resolve().name"), ["found"]);
}

#[test]
fn an_element_is_evaluated_by_its_type() {
    let types = types();
    let resource = json!({"resourceType": "Patient", "id": "x"});
    let link = json!({"other": {"reference": "Patient/1"}});
    let context = Context::new(&types).resource(&resource);
    let expression = Expression::compile("other.exists() and %resource.id = 'x'").unwrap();
    let item = Item::element(&types, &link, None, "Patient.link");
    assert_eq!(expression.evaluate_bool(&context, item), Ok(Some(true)));
}

#[test]
fn what_cannot_be_run_is_refused() {
    let deep = "(".repeat(5_000) + "1" + &")".repeat(5_000);
    let chain = "1".to_owned() + &"+1".repeat(5_000);
    let signs = "-".repeat(5_000) + "1";
    let calls = "a".to_owned() + &".where(b".repeat(5_000) + &")".repeat(5_000);
    let tail = "a".to_owned() + &".first()".repeat(5_000);
    let long = "a.".repeat(50_000) + "a";
    let hostile = [deep, chain, signs, calls, tail, long];
    let plain = [
        "a.nonsense()",
        "a.where()",
        "a.first(1)",
        "a..b",
        "1 +",
        "'open",
        "a /* open",
        "@2015-13",
        "a[",
        "a is string1",
        "$that",
        "99999999999",
        "'x'.matches('(')",
        "a.slice('u', 'n')",
        "checkModifiers('x')",
        "'\\q'",
        "",
        "and",
    ];
    for text in hostile.iter().map(String::as_str).chain(plain) {
        let start: String = text.chars().take(30).collect();
        assert!(Expression::compile(text).is_err(), "{start}");
    }
    let error = Expression::compile("name.nonsense()").unwrap_err();
    assert_eq!(error.to_string(), "there is no function `nonsense` here (at offset 13)");
}

#[test]
fn the_highest_tree_allowed_fits_a_small_stack() {
    let nested = "iif(true, ".repeat(98) + "1" + &")".repeat(98);
    let chained = "a".to_owned() + &".where(true)".repeat(98);
    for text in [nested, chained] {
        let run = move || {
            let types = Types::new();
            let root = json!({"a": 1});
            let expression = Expression::compile(&text).unwrap();
            let found = expression.evaluate(&Context::new(&types), &root).unwrap();
            assert_eq!(found.len(), 1);
        };
        let thread = std::thread::Builder::new().stack_size(1 << 20);
        thread.spawn(run).unwrap().join().unwrap();
    }
}

#[test]
fn what_runs_on_is_ended() {
    let types = Types::new();
    let root = json!({"a": (0..2000).collect::<Vec<_>>(), "s": "a".repeat(10_000)});
    let texts = [
        "s.repeat($this & $this)",
        "a.aggregate($total & %resource.s & $total)",
        "a.where(%resource.a.where(%resource.a.exists($this = 1)).exists())",
        "s.toChars().select(%resource.s.matches('a' & $this & '*'))",
        "s.replace('', %resource.s).replace('', %resource.s)",
        "1.repeat($this + 1)",
    ];
    for text in texts {
        let expression = Expression::compile(text).unwrap();
        let context = Context::new(&types);
        let result = expression.evaluate(&context, &root);
        assert!(matches!(result, Err(EvalError::OutOfSteps)), "{text}: {result:?}");
    }
}

#[test]
fn a_large_list_is_no_hostile_one() {
    let types = Types::new();
    let members: Vec<Value> = (0..50_000).map(|n| json!({"reference": format!("Patient/{n}")})).collect();
    let root = json!({"resourceType": "Group", "member": members});
    let context = Context::new(&types);
    for text in ["member.isDistinct()", "(member | member).count() = 50000"] {
        assert_eq!(shown(&context, &root, text), ["true"], "{text}");
    }
}

#[test]
fn narratives() {
    let types = Types::new();
    let context = Context::new(&types);
    let open = "<div xmlns=\"http://www.w3.org/1999/xhtml\">";
    let inside = [
        ("<p>text &amp; more<br/></p>", true),
        ("<a href=\"https://x.org\" title='t'>x</a>", true),
        ("<img src=\"#1\" alt=\"x\"/>", true),
        ("<!-- fine --> x", true),
        ("", false),
        ("   ", false),
        ("<p>open", false),
        ("<p>x</b>", false),
        ("<script>x</script>", false),
        ("<p onclick=\"x()\">x</p>", false),
        ("<a href=\" java\tscript:x()\">x</a>", false),
        ("<a href=\"&#106;avascript:x()\">x</a>", false),
        ("<form>x</form>", false),
        ("x &nbsp; y", false),
        ("x < y", false),
        ("<![CDATA[x]]>", false),
        ("</div><div>x", false),
        ("<p class=\"a\" class=\"b\">x</p>", false),
    ];
    for (inside, sound) in inside {
        let root = json!({"div": format!("{open}{inside}</div>")});
        assert_eq!(shown(&context, &root, "$this.div.htmlChecks()"), [sound.to_string()], "{inside}");
    }
    assert_eq!(shown(&context, &json!({"div": "<div>x</div>"}), "$this.div.htmlChecks()"), ["false"]);
}

#[test]
fn a_union_is_narrowed_to_one_type() {
    let types = types();
    let text = "Practitioner.name | (Patient.birthDate as date) | Patient.link.where(other.exists())";
    let expression = Expression::compile(text).unwrap();
    assert!(expression.check(&types, "Patient").is_err());
    for name in ["Patient", "Practitioner"] {
        let narrowed = expression.narrowed(&types, name).unwrap();
        assert_eq!(narrowed.check(&types, name), Ok(()));
    }
    assert!(Expression::compile("Patient.link").unwrap().narrowed(&types, "Practitioner").is_none());
    assert!(Expression::compile("Resource.id").unwrap().narrowed(&types, "Patient").is_some());
    let wrong = Expression::compile("Patient.nothing").unwrap().check(&types, "Patient");
    assert_eq!(wrong.unwrap_err().to_string(), "Patient has no element `nothing`");
}
