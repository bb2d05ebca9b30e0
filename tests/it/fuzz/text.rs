//! Words, names and values that have broken servers.

use proptest::prelude::*;
use proptest::sample::select;

/// Single characters that mean something to somebody, or take more than one byte.
const SIGNS: [&str; 40] = [
    ",",
    "$",
    "|",
    "\\",
    "&",
    "=",
    "%",
    "%2",
    "%00",
    "%ff",
    "%C3%28",
    "+",
    "?",
    "#",
    "/",
    ":",
    ";",
    "'",
    "\"",
    "*",
    "_",
    "-",
    ".",
    "..",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    "@",
    "!",
    "~",
    "`",
    "\u{0}",
    "\u{7f}",
    "é",
    "\u{1F600}",
];

const VALUES: [&str; 44] = [
    "",
    " ",
    "a",
    "A",
    "chalmers",
    "true",
    "false",
    "male",
    "0",
    "-1",
    "1.0",
    "1e5",
    "1e400",
    "-0",
    "NaN",
    "9223372036854775808",
    "99999999999999999999999999999999999999",
    "0.0000000000000000000000000000001",
    "1970",
    "1970-01",
    "1970-02-30",
    "0000-00-00",
    "9999-12-31",
    "99999-01-01",
    "-0001-01-01",
    "1970-01-01T00:00:00Z",
    "1970-01-01T24:00:00+99:99",
    "2020-06-30T23:59:60Z",
    "gt1970",
    "ap1970",
    "eb",
    "http://x|1",
    "|",
    "a|",
    "|a",
    "a|b|c",
    "Patient/1",
    "Patient/",
    "/1",
    "urn:uuid:x",
    "http://x/Patient/1",
    "Patient/1/_history/1",
    "5.4|http://unitsofmeasure.org|mg",
    "a$b",
];

fn sign() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => select(&SIGNS[..]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => "[a-zA-Z0-9]{1,3}",
    ]
}

/// A value: likely, strange or long.
pub fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => select(&VALUES[..]).prop_map(str::to_owned),
        3 => prop::collection::vec(select(&VALUES[..]), 1..5).prop_map(|values| values.join(",")),
        3 => prop::collection::vec(sign(), 0..12).prop_map(|signs| signs.concat()),
        1 => (sign(), 1usize..3000).prop_map(|(sign, times)| sign.repeat(times)),
        1 => (select(&VALUES[..]), 1usize..1200).prop_map(|(value, times)| vec![value; times].join(",")),
    ]
}

/// A word out of a list, or one with a fault.
pub fn near(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop_oneof![
        12 => select(words).prop_map(str::to_owned),
        2 => (select(words), sign()).prop_map(|(word, sign)| format!("{word}{sign}")),
        1 => (sign(), select(words)).prop_map(|(sign, word)| format!("{sign}{word}")),
        1 => prop::collection::vec(sign(), 0..4).prop_map(|signs| signs.concat()),
    ]
}

/// The same, and seldom with a fault: for what many words make up.
pub fn mostly(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop_oneof![40 => select(words).prop_map(str::to_owned), 1 => near(words)]
}

/// The same with what an address cannot hold percent-encoded; percent signs stay, right or wrong.
pub fn addressed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'!' | b'$'..=b';' | b'=' | b'?'..=b'[' | b']' | b'_' | b'a'..=b'z' | b'~' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

/// A text with a few faults: characters gone, doubled, replaced or put in, or its end missing.
pub fn spoilt(text: String) -> impl Strategy<Value = String> {
    let faults = prop::collection::vec((any::<prop::sample::Index>(), 0..5u8, sign()), 1..4);
    faults.prop_map(move |faults| {
        let mut chars: Vec<String> = text.chars().map(String::from).collect();
        for (place, fault, sign) in faults {
            if chars.is_empty() {
                break;
            }
            let place = place.index(chars.len());
            match fault {
                0 => drop(chars.remove(place)),
                1 => chars.insert(place, chars[place].clone()),
                2 => chars[place] = sign,
                3 => chars.insert(place, sign),
                _ => chars.truncate(place),
            }
        }
        chars.concat()
    })
}
