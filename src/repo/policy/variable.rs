//! The variables of a policy, `%patient` and the like, and their places in criteria.

/// Names without their `%`, and what they stand for: a text, or a reference as `Type/id`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Variables(Vec<(String, String)>);

/// Something names a variable that stands for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Missing;

impl Variables {
    /// What was set first stays.
    pub fn set(&mut self, name: &str, value: &str) {
        if self.find(name).is_none() && !value.is_empty() {
            self.0.push((name.to_owned(), value.to_owned()));
        }
    }

    /// All of the others that are not set yet.
    pub fn add(&mut self, others: &Self) {
        others.iter().for_each(|(name, value)| self.set(name, value));
    }

    pub fn find(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The value of a variable, or with `.id` the id of the reference that it is.
    fn value(&self, name: &str) -> Option<&str> {
        self.find(name).or_else(|| Some(self.find(name.strip_suffix(".id")?)?.split_once('/')?.1))
    }
}

/// A query string with every variable filled in as one value, whatever it holds.
pub(super) fn fill(query: &str, variables: &Variables) -> Result<String, Missing> {
    let mut filled = String::with_capacity(query.len());
    let mut rest = query;
    while let Some(place) = rest.find('%') {
        filled.push_str(&rest[..place]);
        rest = &rest[place + 1..];
        let name = name(rest);
        match variables.value(name) {
            Some(value) => {
                filled.push_str(&encoded(value));
                rest = &rest[name.len()..];
            }
            // An octet that is percent-encoded.
            None if is_octet(rest) && !(name.len() > 2 && name.starts_with(|c: char| c.is_lowercase())) => {
                filled.push('%');
            }
            None => return Err(Missing),
        }
    }
    filled.push_str(rest);
    Ok(filled)
}

/// The name at the beginning of a text; a dot belongs to it only before `id`.
fn name(text: &str) -> &str {
    let end =
        text.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-')).unwrap_or(text.len());
    let with_id = text[end..].strip_prefix(".id");
    match with_id {
        Some(rest) if !rest.starts_with(|c: char| c.is_ascii_alphanumeric()) => &text[..end + 3],
        _ => &text[..end],
    }
}

fn is_octet(text: &str) -> bool {
    text.as_bytes().get(..2).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit))
}

/// As one value of a query string: no separator of values or of parameters is left in it.
fn encoded(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for char in value.chars() {
        if matches!(char, ',' | '$' | '\\') {
            out.push_str("%5C");
        }
        let mut bytes = [0; 4];
        for byte in char.encode_utf8(&mut bytes).bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~/|:".contains(&byte) {
                out.push(char::from(byte));
            } else {
                out.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Missing, Variables, fill};

    fn variables() -> Variables {
        let mut variables = Variables::default();
        variables.set("patient", "Patient/p1");
        variables.set("city", "Aa,b&c=ü$");
        variables.set("add", "x");
        variables
    }

    #[test]
    fn a_variable_is_one_value() {
        let filled = |query| fill(query, &variables());
        assert_eq!(filled("subject=%patient&active=true").as_deref(), Ok("subject=Patient/p1&active=true"));
        assert_eq!(filled("_id=%patient.id").as_deref(), Ok("_id=p1"));
        assert_eq!(filled("city=%city").as_deref(), Ok("city=Aa%5C%2Cb%26c%3D%C3%BC%5C%24"));
        assert_eq!(filled("a=%add&b=%20%C3%BC").as_deref(), Ok("a=x&b=%20%C3%BC"));
    }

    #[test]
    fn what_stands_for_nothing_is_missed() {
        for query in ["a=%nobody", "a=%facility", "a=%", "a=%city.id", "a=%g1"] {
            assert_eq!(fill(query, &variables()), Err(Missing), "{query}");
        }
    }
}
