//! `htmlChecks`: whether a narrative is the small part of XHTML that FHIR allows.
//! Clause: <https://hl7.org/fhir/R4/narrative.html#xhtml>, invariants txt-1 and txt-2.

use super::super::evaluate::Outcome;
use super::super::item::Items;
use super::call::{Call, boolean, nothing};
use super::xhtml;

/// The namespace of XHTML.
pub(super) const NAMESPACE: &str = "http://www.w3.org/1999/xhtml";

/// Elements of HTML 4 chapters 7 to 11 and 15, but for insertions and deletions, with links and
/// images.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "address",
    "b",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "kbd",
    "li",
    "map",
    "area",
    "ol",
    "p",
    "pre",
    "q",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "ul",
    "var",
];

const ATTRIBUTES: &[&str] = &[
    "abbr",
    "accesskey",
    "align",
    "alt",
    "axis",
    "border",
    "cellpadding",
    "cellspacing",
    "char",
    "charoff",
    "cite",
    "class",
    "colspan",
    "compact",
    "coords",
    "datetime",
    "dir",
    "frame",
    "headers",
    "height",
    "href",
    "hreflang",
    "id",
    "lang",
    "longdesc",
    "name",
    "nohref",
    "noshade",
    "nowrap",
    "rel",
    "rev",
    "rowspan",
    "rules",
    "scope",
    "shape",
    "size",
    "span",
    "src",
    "start",
    "style",
    "summary",
    "tabindex",
    "title",
    "type",
    "usemap",
    "valign",
    "value",
    "width",
    "xmlns",
    "xml:lang",
    "xml:space",
];

/// Schemes that run something when followed.
const ACTIVE: &[&str] = &["javascript:", "vbscript:", "livescript:"];

pub(super) fn html_checks<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    match call.as_string(&input)? {
        None => nothing(),
        Some(text) => {
            call.evaluator.spend(text.len() as u64 / 8)?;
            boolean(xhtml::is_narrative(&text))
        }
    }
}

/// Whether a narrative may have this element.
pub(super) fn element_allowed(name: &str) -> bool {
    ELEMENTS.contains(&name)
}

/// Whether the element may have this attribute with this value.
pub(super) fn attribute_allowed(element: &str, attribute: &str, value: &str) -> bool {
    if attribute == "xmlns" {
        return value == NAMESPACE;
    }
    if matches!(attribute, "href" | "src" | "longdesc" | "cite") {
        // Browsers pass over blanks and control characters in front of, and within, the scheme.
        let bare: String =
            value.chars().filter(|letter| !letter.is_whitespace() && !letter.is_control()).collect();
        let bare = bare.to_ascii_lowercase();
        let hidden = bare.split(':').next().is_some_and(|scheme| scheme.contains('&'));
        if hidden || ACTIVE.iter().any(|scheme| bare.starts_with(scheme)) {
            return false;
        }
    }
    match attribute {
        "href" => matches!(element, "a" | "area"),
        "src" => element == "img",
        _ => ATTRIBUTES.contains(&attribute),
    }
}
