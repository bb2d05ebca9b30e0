//! People as FHIR resources. Ids, meta and references to other resources are the caller's to add.

use serde_json::{Map, Value};

use super::Population;
use super::draw::{Draw, number, padded};
use super::names::Name;
use super::person::{Crowd, Person};
use super::work::TEAMS;

const STAFF_NUMBER: &str = "https://example.org/id/staff-number";
const BADGE: &str = "https://example.org/id/badge";
const LICENCE: &str = "https://example.org/id/medical-licence";
const RECORD_NUMBER: &str = "https://example.org/id/medical-record-number";
const ORGANIZATION_NUMBER: &str = "https://example.org/id/organization";
const SNOMED: &str = "http://snomed.info/sct";
const IDENTIFIER_TYPE: &str = "http://terminology.hl7.org/CodeSystem/v2-0203";

/// An object of these members; those that are null are left out, as FHIR wants it.
pub fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    let mut object = Map::with_capacity(N);
    for (name, value) in members {
        if !value.is_null() {
            object.insert(name.to_owned(), value);
        }
    }
    Value::Object(object)
}

fn list<const N: usize>(items: [Value; N]) -> Value {
    Value::Array(Vec::from(items))
}

impl Population {
    pub fn user(&self, n: u64) -> Value {
        let person = self.person(n);
        let draw = &mut Draw::new(person.seed, 11, n);
        let email = person.email();
        let verified = draw.chance(92);
        object([
            ("resourceType", "User".into()),
            ("identifier", list([identifier("official", "EI", STAFF_NUMBER, code("S", n)), badge(draw)])),
            ("active", draw.chance(96).into()),
            ("firstName", given(&person).into()),
            ("lastName", person.family_name().into()),
            ("displayName", person.full_name().into()),
            ("title", person.title.into()),
            (
                "telecom",
                list([
                    contact("phone", "work", phone(&person, draw)),
                    contact("email", "work", email.clone()),
                ]),
            ),
            ("email", email.into()),
            ("emailVerified", verified.into()),
            ("photo", if draw.chance(30) { photo(&person) } else { Value::Null }),
            ("preferredLanguage", languages(&person)),
            ("timezone", person.place.timezone.into()),
            ("externalId", code("EMP-", n).into()),
            ("metadata", metadata(&person, draw)),
            ("mfaRequired", draw.chance(40).into()),
        ])
    }

    /// The practitioner that user n is.
    pub fn practitioner(&self, n: u64) -> Value {
        let person = self.person(n);
        let draw = &mut Draw::new(person.seed, 12, n);
        object([
            ("resourceType", "Practitioner".into()),
            ("identifier", list([identifier("official", "EI", STAFF_NUMBER, code("S", n))])),
            ("active", draw.chance(96).into()),
            ("name", names(&person, person.specialty.map(|_| "Dr."))),
            (
                "telecom",
                list([
                    contact("phone", "work", phone(&person, draw)),
                    contact("email", "work", person.email()),
                ]),
            ),
            ("address", list([address(&person, "work", draw)])),
            ("gender", person.gender.code().into()),
            ("birthDate", date(person.born).into()),
            ("qualification", qualification(&person, draw)),
            ("communication", list([language(&person)])),
        ])
    }

    /// Somebody else than user n.
    pub fn patient(&self, n: u64) -> Value {
        let person = self.draw(Crowd::Patients, n);
        let draw = &mut Draw::new(person.seed, 13, n);
        let communication = object([("language", language(&person)), ("preferred", true.into())]);
        object([
            ("resourceType", "Patient".into()),
            ("identifier", list([identifier("usual", "MR", RECORD_NUMBER, code("MRN-", n))])),
            ("active", true.into()),
            ("name", names(&person, None)),
            (
                "telecom",
                list([
                    contact("phone", "mobile", phone(&person, draw)),
                    contact("email", "home", person.email()),
                ]),
            ),
            ("gender", person.gender.code().into()),
            ("birthDate", date(person.born).into()),
            (
                "deceasedBoolean",
                if person.born.0 < 1950 && draw.chance(15) { true.into() } else { Value::Null },
            ),
            ("address", list([address(&person, "home", draw)])),
            ("maritalStatus", marital_status(&person, draw)),
            ("communication", list([communication])),
        ])
    }

    pub fn organization(&self, n: u64) -> Value {
        let town = self.draw(Crowd::Places, n);
        let draw = &mut Draw::new(town.seed, 14, n);
        let name = draw.filled(draw_any(&town.nation.institutions, n)).replace('@', town.place.city);
        let kind =
            coding("http://terminology.hl7.org/CodeSystem/organization-type", "prov", "Healthcare Provider");
        object([
            ("resourceType", "Organization".into()),
            ("identifier", list([identifier("official", "XX", ORGANIZATION_NUMBER, code("ORG-", n))])),
            ("active", true.into()),
            ("type", list([concept(kind, "Healthcare Provider")])),
            ("name", name.into()),
            (
                "telecom",
                list([contact("phone", "work", phone(&town, draw)), contact("url", "work", site(n))]),
            ),
            ("address", list([address(&town, "work", draw)])),
        ])
    }

    /// A team. `members` are references such as `User/…`; all of them should be of the type `kind` says.
    pub fn group(&self, n: u64, kind: &str, members: impl IntoIterator<Item = String>) -> Value {
        let lead = self.draw(Crowd::Places, n);
        let draw = &mut Draw::new(lead.seed, 15, n);
        let name = format!("{} {}, {}", lead.department.name, draw.any(TEAMS), lead.place.city);
        let member = |reference: String| object([("entity", object([("reference", reference.into())]))]);
        let members: Vec<Value> = members.into_iter().map(member).collect();
        object([
            ("resourceType", "Group".into()),
            (
                "identifier",
                list([identifier("official", "XX", "https://example.org/id/team", code("TEAM-", n))]),
            ),
            ("active", true.into()),
            ("type", kind.into()),
            ("actual", true.into()),
            (
                "code",
                concept(coding(SNOMED, lead.department.code, lead.department.name), lead.department.name),
            ),
            ("name", name.into()),
            ("quantity", members.len().into()),
            ("member", if members.is_empty() { Value::Null } else { members.into() }),
        ])
    }
}

fn draw_any<'a>(of: &[&'a str], n: u64) -> &'a str {
    of[n as usize % of.len()]
}

/// `EMP-000123`
fn code(prefix: &str, n: u64) -> String {
    let mut code = String::with_capacity(prefix.len() + 8);
    code.push_str(prefix);
    padded(n, 6, &mut code);
    code
}

fn date((year, month, day): (u16, u8, u8)) -> String {
    let mut date = String::with_capacity(10);
    number(u64::from(year), &mut date);
    date.push('-');
    padded(u64::from(month), 2, &mut date);
    date.push('-');
    padded(u64::from(day), 2, &mut date);
    date
}

fn given(person: &Person) -> String {
    match person.middle {
        Some(middle) => [person.given.native, " ", middle.native].concat(),
        None => person.given.native.to_owned(),
    }
}

/// The name as it is written at home, and in Latin letters where those differ.
fn names(person: &Person, prefix: Option<&str>) -> Value {
    let spelt = |name: &Name| Value::from(name.native);
    let given: Vec<Value> = [Some(person.given), person.middle].iter().flatten().map(spelt).collect();
    let native = object([
        ("use", "official".into()),
        ("text", person.full_name().into()),
        ("family", person.family_name().into()),
        ("given", given.into()),
        ("prefix", prefix.map_or(Value::Null, |prefix| list([prefix.into()]))),
    ]);
    if person.given.native.is_ascii() && person.family.native.is_ascii() {
        return list([native]);
    }
    let roman = object([
        ("use", "usual".into()),
        ("text", person.roman_name().into()),
        ("family", person.roman_family().into()),
        ("given", list([person.given.roman.into()])),
    ]);
    list([native, roman])
}

fn identifier(used: &str, kind: &str, system: &str, value: String) -> Value {
    object([
        ("use", used.into()),
        (
            "type",
            object([("coding", list([object([("system", IDENTIFIER_TYPE.into()), ("code", kind.into())])]))]),
        ),
        ("system", system.into()),
        ("value", value.into()),
    ])
}

fn badge(draw: &mut Draw) -> Value {
    object([
        ("use", "secondary".into()),
        ("system", BADGE.into()),
        ("value", draw.filled("####-####-####").into()),
    ])
}

fn contact(system: &str, used: &str, value: String) -> Value {
    object([("system", system.into()), ("value", value.into()), ("use", used.into())])
}

fn phone(person: &Person, draw: &mut Draw) -> String {
    draw.filled(person.place.phone)
}

fn site(n: u64) -> String {
    format!("https://example.org/organization/{n}")
}

fn photo(person: &Person) -> Value {
    let mut url = String::from("https://example.org/photo/");
    number(person.n, &mut url);
    url.push_str(".jpg");
    object([("contentType", "image/jpeg".into()), ("url", url.into())])
}

/// One's own, and English.
fn languages(person: &Person) -> Value {
    match person.language() {
        own if own.starts_with("en") => list([own.into()]),
        own => list([own.into(), "en".into()]),
    }
}

fn language(person: &Person) -> Value {
    let coding = object([("system", "urn:ietf:bcp:47".into()), ("code", person.language().into())]);
    object([("coding", list([coding]))])
}

fn address(person: &Person, used: &str, draw: &mut Draw) -> Value {
    let place = person.place;
    let street = draw.any(&person.nation.streets);
    object([
        ("use", used.into()),
        ("line", list([draw.filled(street).into()])),
        ("city", place.city.into()),
        ("state", place.state.into()),
        ("postalCode", draw.filled(place.postal_code).into()),
        ("country", place.country.into()),
    ])
}

fn coding(system: &str, code: &str, display: &str) -> Value {
    object([("system", system.into()), ("code", code.into()), ("display", display.into())])
}

fn concept(coding: Value, text: &str) -> Value {
    object([("coding", list([coding])), ("text", text.into())])
}

fn entry(name: &str, kind: &str, value: Value) -> Value {
    object([("name", name.into()), (kind, value)])
}

fn metadata(person: &Person, draw: &mut Draw) -> Value {
    let cost_centre = draw.filled("CC-####");
    let mut entries = vec![
        entry("department", "valueString", person.department.name.into()),
        entry("costCentre", "valueString", cost_centre.into()),
        entry("startedOn", "valueString", date(person.joined).into()),
        entry("romanisedName", "valueString", person.roman_name().into()),
    ];
    if draw.chance(35) {
        entries.push(entry("weeklyHours", "valueInteger", (15 + draw.below(26)).into()));
    }
    if draw.chance(25) {
        entries.push(entry("remote", "valueBoolean", draw.chance(50).into()));
    }
    if draw.chance(10) {
        let mut desk = entry("desk", "valueString", draw.filled("{\"floor\":#,\"room\":\"###\"}").into());
        desk["format"] = "json".into();
        entries.push(desk);
    }
    entries.into()
}

/// A doctor's licence and specialty; the others have none that the register asks for.
fn qualification(person: &Person, draw: &mut Draw) -> Value {
    let Some(specialty) = person.specialty else { return Value::Null };
    list([object([
        ("identifier", list([identifier("official", "MD", LICENCE, draw.filled("L-########"))])),
        ("code", concept(coding(SNOMED, specialty.code, specialty.name), specialty.doctor)),
        ("period", object([("start", date(person.joined).into())])),
    ])])
}

fn marital_status(person: &Person, draw: &mut Draw) -> Value {
    let (code, display) = match draw.below(10) {
        _ if person.born.0 > 2006 => ("S", "Never Married"),
        0..=4 => ("M", "Married"),
        5..=7 => ("S", "Never Married"),
        8 => ("D", "Divorced"),
        _ => ("W", "Widowed"),
    };
    concept(coding("http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", code, display), display)
}
