//! The path of a discriminator: the small part of FHIRPath that is allowed there.
//!
//! Implements <https://hl7.org/fhir/R4/profiling.html#discriminator>.

/// One step from an element to what tells its slices apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Child(String),
    /// The extension of this url.
    Extension(String),
    /// Only what is of this type.
    OfType(String),
    /// What a reference points to.
    Resolve,
}

/// The steps of a path; nothing for a path that is not allowed.
pub(super) fn parse(text: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (step, after) = one(rest)?;
        steps.extend(step);
        rest = match after.strip_prefix('.') {
            Some("") => return None,
            Some(next) => next,
            None if after.is_empty() => after,
            None => return None,
        };
    }
    Some(steps)
}

/// One step, or none for `$this`, and what follows it.
fn one(text: &str) -> Option<(Option<Step>, &str)> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "_$[]".contains(c))).unwrap_or(text.len());
    let (name, after) = text.split_at(end);
    let Some(call) = after.strip_prefix('(') else {
        return match name {
            "" => None,
            "$this" => Some((None, after)),
            name => Some((Some(Step::Child(name.trim_end_matches("[x]").to_owned())), after)),
        };
    };
    let (argument, after) = call.split_once(')')?;
    let argument = argument.trim();
    let step = match name {
        "resolve" if argument.is_empty() => Step::Resolve,
        "extension" => Step::Extension(argument.trim_matches(['\'', '"']).to_owned()),
        "ofType" => Step::OfType(argument.trim_matches('\'').trim_start_matches("FHIR.").to_owned()),
        _ => return None,
    };
    Some((Some(step), after))
}

#[cfg(test)]
mod tests {
    use super::{Step, parse};

    #[test]
    fn what_is_allowed_is_read() {
        let child = |name: &str| Step::Child(name.to_owned());
        assert_eq!(parse("$this"), Some(vec![]));
        assert_eq!(parse("code.coding"), Some(vec![child("code"), child("coding")]));
        assert_eq!(parse("$this.resolve()"), Some(vec![Step::Resolve]));
        assert_eq!(parse("value.ofType(Coding).code").map(|steps| steps.len()), Some(3));
        let url = "http://example.com/a.b";
        let steps = [Step::Extension(url.to_owned()), child("value")];
        assert_eq!(parse(&format!("extension('{url}').value")), Some(steps.to_vec()));
        for wrong in ["a.", ".a", "a..b", "a b", "where(x)", "a(", "extension('x'"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
