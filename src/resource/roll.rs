//! A long list of bare references (`Group.member`, <https://hl7.org/fhir/R4/group.html>), kept as text: who is on it is
//! read, comes and goes without the rest being taken apart.

use std::collections::BTreeSet;

use foldhash::{HashMap, HashMapExt};
use serde_json::{Value, json};

use super::parse;
use super::validate::MAX_ID;

const LIST: &str = "\"member\":[";
const BEFORE: &str = "{\"entity\":{\"reference\":\"";
const AFTER: &str = "\"}}";
/// Bytes of a member, as a rule.
const LENGTH: usize = BEFORE.len() + "User/".len() + 36 + AFTER.len() + 1;

/// A resource as the server writes it, with a list of members of whom nothing is said but which resource they are. No two
/// have one id.
#[derive(Debug)]
pub struct Roll<'t> {
    /// All but the list.
    pub frame: Value,
    /// `Type/id`, in order.
    pub references: Vec<&'t str>,
    /// Their ids.
    ids: Vec<&'t str>,
    /// By id.
    places: HashMap<&'t str, usize>,
    /// The text up to the first member, and from the end of the list.
    around: (&'t str, &'t str),
}

/// What becomes of a roll.
#[derive(Debug)]
pub struct Turnover {
    /// All but the list, as it is to be.
    pub frame: Value,
    /// Places on the roll.
    pub gone: BTreeSet<usize>,
    /// `Type/id` of those who come to the end; none of them is on the roll.
    pub come: Vec<String>,
}

impl<'t> Roll<'t> {
    /// The element that is the list.
    pub const ELEMENT: &'static str = "member";

    /// None where it is any other kind of list, or empty.
    pub fn of(text: &'t str) -> Option<Self> {
        let start = text.find(LIST)? + LIST.len();
        let mut rest = &text[start..];
        let most = rest.len() / LENGTH + 1;
        let (mut references, mut ids) = (Vec::with_capacity(most), Vec::with_capacity(most));
        let mut places = HashMap::with_capacity(most);
        loop {
            let item = rest.strip_prefix(BEFORE)?;
            let (kind, id) = relative(item)?;
            let reference = &item[..kind + 1 + id.len()];
            places.insert(id, references.len());
            references.push(reference);
            ids.push(id);
            rest = item[reference.len()..].strip_prefix(AFTER)?;
            match rest.strip_prefix(',') {
                Some(more) => rest = more,
                None => break,
            }
        }
        let around = (&text[..start], rest);
        // An empty list in its place proves that it is one of the resource itself.
        let mut frame = parse([around.0, around.1].concat().as_bytes()).ok()?;
        let object = frame.as_object_mut()?;
        let list = object.shift_remove(Self::ELEMENT)?;
        let whole = list.as_array()?.is_empty() && !object.contains_key("contained");
        let distinct = places.len() == references.len();
        (whole && distinct).then_some(Self { frame, references, ids, places, around })
    }

    /// Where the member with this id stands.
    pub fn place(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }

    /// Those who stay.
    pub fn kept<'s>(&'s self, gone: &'s BTreeSet<usize>) -> impl Iterator<Item = &'t str> + 's {
        self.staying(gone).map(|place| self.references[place])
    }

    fn staying<'s>(&'s self, gone: &'s BTreeSet<usize>) -> impl Iterator<Item = usize> + 's {
        let mut leaving = gone.iter().peekable();
        (0..self.references.len()).filter(move |place| leaving.next_if_eq(&place).is_none())
    }

    /// Of those who stay, the first and the last in the order of their ids: with these before their eyes nobody has to look
    /// at the others, since the first and the last of all that there were or will be are among them and who comes or goes.
    pub fn bounds(&self, gone: &BTreeSet<usize>) -> Vec<&'t str> {
        let mut ends: Option<(usize, usize)> = None;
        for place in self.staying(gone) {
            let (low, high) = ends.unwrap_or((place, place));
            ends = Some(match self.ids[place] {
                id if id < self.ids[low] => (place, high),
                id if id > self.ids[high] => (low, place),
                _ => (low, high),
            });
        }
        let Some((low, high)) = ends else { return Vec::new() };
        let high = (high != low).then_some(high);
        [low].into_iter().chain(high).map(|place| self.references[place]).collect()
    }

    /// The whole text after a turnover. `stamped` is the text of an excerpt of it: the bounds, and who comes.
    pub fn text(&self, turnover: &Turnover, stamped: &str) -> Option<String> {
        let Some(excerpt) = Roll::of(stamped) else {
            // Nobody is left.
            return (turnover.come.is_empty() && turnover.gone.len() == self.references.len())
                .then(|| stamped.to_owned());
        };
        let mut text = String::with_capacity(stamped.len() + self.references.len() * LENGTH);
        text.push_str(excerpt.around.0);
        let all = self.kept(&turnover.gone).chain(turnover.come.iter().map(String::as_str));
        for (place, reference) in all.enumerate() {
            text.push_str(if place == 0 { "" } else { "," });
            text.push_str(BEFORE);
            text.push_str(reference);
            text.push_str(AFTER);
        }
        text.push_str(excerpt.around.1);
        Some(text)
    }
}

impl Turnover {
    /// The resource after it, with all of its list.
    pub fn whole(&self, roll: &Roll) -> Value {
        let come = self.come.iter().map(String::as_str);
        with_members(self.frame.clone(), roll.kept(&self.gone).chain(come))
    }
}

/// A frame with these on its list.
pub fn with_members<'m>(mut frame: Value, references: impl Iterator<Item = &'m str>) -> Value {
    let members: Vec<Value> = references.map(bare).collect();
    if !members.is_empty() {
        frame[Roll::ELEMENT] = Value::Array(members);
    }
    frame
}

/// A member of whom no more is said than which resource it is.
pub fn bare(reference: &str) -> Value {
    json!({ "entity": { "reference": reference } })
}

/// Whether a byte may be part of an id. To look it up is several times as fast as to ask what it is, and every byte of a
/// roll is asked.
static OF_ID: [bool; 256] = {
    let (mut table, mut byte) = ([false; 256], 0_u8);
    while byte < u8::MAX {
        table[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
        byte += 1;
    }
    table
};

/// The length of the type, and the id, of the relative reference that a text begins with, up to a quotation mark.
fn relative(text: &str) -> Option<(usize, &str)> {
    let bytes = text.as_bytes();
    let kind = bytes.iter().position(|byte| !byte.is_ascii_alphanumeric())?;
    let rest = bytes[kind..].strip_prefix(b"/").filter(|_| bytes[0].is_ascii_uppercase())?;
    let length = rest.iter().position(|byte| !OF_ID[usize::from(*byte)])?;
    let ends = rest[length] == b'"' && (1..=MAX_ID).contains(&length);
    ends.then(|| (kind, &text[kind + 1..kind + 1 + length]))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::{Roll, Turnover, with_members};

    fn text(references: &[&str]) -> String {
        with_members(json!({ "resourceType": "Group", "name": "\"member\":[" }), references.iter().copied())
            .to_string()
    }

    #[test]
    fn a_roll_is_a_list_of_references_and_nothing_else() {
        let whole = text(&["User/b", "Patient/a", "User/c"]);
        let roll = Roll::of(&whole).expect("a roll");
        assert_eq!(roll.references, ["User/b", "Patient/a", "User/c"]);
        assert_eq!((roll.place("a"), roll.place("x")), (Some(1), None));
        assert_eq!(roll.frame, json!({ "resourceType": "Group", "name": "\"member\":[" }));
        let bare = r#"{"entity":{"reference":"User/a"}}"#;
        for none in [
            r#"{"name":"x"}"#.to_owned(),
            r#"{"member":[]}"#.to_owned(),
            text(&["User/a", "Group/a"]),
            text(&["User/a/_history/1"]),
            text(&["https://example.com/User/a"]),
            format!(r#"{{"member":[{bare},{{"entity":{{"reference":"User/b","display":"B"}}}}]}}"#),
            format!(r#"{{"member":[{bare},{{"entity":{{"reference":"User/b"}},"inactive":true}}]}}"#),
            format!(r#"{{"contained":[{{"resourceType":"Group","member":[{bare}]}}]}}"#),
            format!(r#"{{"contained":[{{"resourceType":"Group"}}],"member":[{bare}]}}"#),
            format!(r#"{{"other":{{"member":[{bare}]}},"name":"x"}}"#),
        ] {
            assert!(Roll::of(&none).is_none(), "{none}");
        }
    }

    #[test]
    fn those_at_the_ends_stand_for_all_who_stay() {
        let whole = text(&["User/m", "User/z", "User/a", "Group/k"]);
        let roll = Roll::of(&whole).expect("a roll");
        let bounds = |gone: &[usize]| -> Vec<&str> {
            let gone: BTreeSet<usize> = gone.iter().copied().collect();
            roll.bounds(&gone)
        };
        assert_eq!(bounds(&[]), ["User/a", "User/z"]);
        assert_eq!(bounds(&[1, 2]), ["Group/k", "User/m"]);
        assert_eq!(bounds(&[0, 1, 2]), ["Group/k"]);
        assert_eq!(bounds(&[0, 1, 2, 3]), [""; 0]);
    }

    #[test]
    fn what_a_turnover_leaves_is_written_as_the_whole_would_be() {
        let whole = text(&["User/m", "User/z", "User/a"]);
        let roll = Roll::of(&whole).expect("a roll");
        for (gone, come) in [(vec![], vec!["User/n"]), (vec![1], vec![]), (vec![0, 1, 2], vec!["Group/g"])] {
            let turnover = Turnover {
                frame: json!({ "resourceType": "Group", "name": "other" }),
                gone: gone.into_iter().collect(),
                come: come.into_iter().map(str::to_owned).collect(),
            };
            let come = turnover.come.iter().map(String::as_str);
            let excerpt =
                with_members(turnover.frame.clone(), roll.bounds(&turnover.gone).into_iter().chain(come));
            let text = roll.text(&turnover, &excerpt.to_string()).expect("a text");
            assert_eq!(text, turnover.whole(&roll).to_string());
        }
    }
}
