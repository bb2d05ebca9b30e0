//! What an address asks: parameters with brackets, as `qs` writes them (`emails[email]=…`, `truto_exclude_fields[]=…`).

use crate::error::{Error, Issue, Kind, Result, malformed};

/// In which form the answer is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Unified,
    /// As the store has it: FHIR.
    Raw,
    /// Unified, without what it was made of.
    Normalized,
    /// A line a record.
    Stream,
    /// Unified, and how it came about.
    Debug,
}

#[derive(Debug)]
pub(super) struct Asked {
    /// Id of the project.
    pub account: String,
    pub limit: Option<String>,
    pub cursor: Option<String>,
    pub format: Format,
    pub key_by: Option<String>,
    pub exclude: Vec<String>,
    pub remote_data: bool,
    /// What to filter by: names with their brackets, as given.
    pub filters: Vec<(String, String)>,
    pub sort: Option<(String, bool)>,
    /// `remote_query[…]`: parameters of the FHIR search beneath.
    pub remote: Vec<(String, String)>,
}

/// Parameters of a search that shape its pages: those are the room's own.
const SHAPING: [&str; 10] = [
    "_contained",
    "_containedType",
    "_count",
    "_cursor",
    "_elements",
    "_format",
    "_pretty",
    "_sort",
    "_summary",
    "_total",
];

impl Asked {
    pub fn parse(parameters: Vec<(String, String)>) -> Result<Self> {
        let mut reader = Reader { asked: Self::nothing(), issues: Vec::new() };
        for (name, value) in parameters {
            reader.take(&name, value);
        }
        if reader.asked.account.is_empty() {
            reader.fault("integrated_account_id", "required", "this is needed: the id of your project");
        }
        match reader.issues.is_empty() {
            true => Ok(reader.asked),
            false => Err(Error::new(Kind::Malformed, reader.issues)),
        }
    }

    fn nothing() -> Self {
        Self {
            account: String::new(),
            limit: None,
            cursor: None,
            format: Format::Unified,
            key_by: None,
            exclude: Vec::new(),
            remote_data: true,
            filters: Vec::new(),
            sort: None,
            remote: Vec::new(),
        }
    }

    /// Fails where something is asked that only a list can answer.
    pub fn of_one(&self) -> Result<()> {
        let list = [("limit", self.limit.is_some()), ("next_cursor", self.cursor.is_some())];
        let list = list.into_iter().chain([
            ("sort_by", self.sort.is_some()),
            ("remote_query", !self.remote.is_empty()),
            ("truto_key_by", self.key_by.is_some()),
        ]);
        let named = list.filter(|(_, given)| *given).map(|(name, _)| name.to_owned());
        match named.chain(self.filters.iter().map(|(name, _)| name.clone())).next() {
            Some(name) => Err(malformed("this is asked of lists only").coded("not-supported").at(name)),
            None => Ok(()),
        }
    }
}

struct Reader {
    asked: Asked,
    issues: Vec<Issue>,
}

impl Reader {
    fn take(&mut self, name: &str, value: String) {
        let (base, keys) = brackets(name);
        match (base, keys.as_slice()) {
            ("integrated_account_id", []) => self.asked.account = value,
            ("limit", []) => match value.parse::<u64>() {
                Ok(1..) => self.asked.limit = Some(value),
                _ => self.fault("limit", "value", "a limit is a whole number from 1 on"),
            },
            ("next_cursor", []) => self.asked.cursor = Some(value).filter(|cursor| !cursor.is_empty()),
            ("truto_response_format", []) => match value.as_str() {
                "unified" => self.asked.format = Format::Unified,
                "raw" => self.asked.format = Format::Raw,
                "normalized" => self.asked.format = Format::Normalized,
                "stream" => self.asked.format = Format::Stream,
                "debug" => self.asked.format = Format::Debug,
                _ => self.fault(name, "value", "there are unified, raw, normalized, stream and debug"),
            },
            ("truto_key_by", []) => self.asked.key_by = Some(value),
            // A page is never larger than the server lets it be, so this only takes the caller's own limit away.
            ("truto_ignore_limit", []) => {
                if self.truth(name, &value) {
                    self.asked.limit = Some(u32::MAX.to_string());
                }
            }
            ("truto_ignore_remote_data", []) => self.asked.remote_data = !self.truth(name, &value),
            ("truto_exclude_fields", [] | [_]) => {
                self.asked.exclude.extend(value.split(',').map(|field| field.trim().to_owned()));
            }
            ("sort_by", [field]) => match value.as_str() {
                "asc" | "desc" if self.asked.sort.is_none() => {
                    self.asked.sort = Some(((*field).to_owned(), value == "desc"));
                }
                "asc" | "desc" => self.fault(name, "value", "there is one order only"),
                _ => self.fault(name, "value", "an order is asc or desc"),
            },
            ("remote_query", [key]) if SHAPING.contains(key) || key.starts_with("_include") => {
                self.fault(
                    name,
                    "not-supported",
                    "this shapes pages, which is done by limit, sort_by and the truto_ parameters",
                );
            }
            ("remote_query", [key]) => self.asked.remote.push(((*key).to_owned(), value)),
            _ if base.starts_with("truto_") => {
                self.fault(name, "not-supported", "this is not offered here");
            }
            _ => self.asked.filters.push((name.to_owned(), value)),
        }
    }

    fn truth(&mut self, name: &str, value: &str) -> bool {
        if !matches!(value, "true" | "false") {
            self.fault(name, "value", "this is true or false");
        }
        value == "true"
    }

    fn fault(&mut self, place: &str, code: &'static str, text: &str) {
        self.issues.push(Issue::error(code, text).at(place));
    }
}

/// A name, and what stands in the brackets after it.
fn brackets(name: &str) -> (&str, Vec<&str>) {
    match name.split_once('[') {
        Some((base, rest)) if rest.ends_with(']') => (base, rest[..rest.len() - 1].split("][").collect()),
        _ => (name, Vec::new()),
    }
}
