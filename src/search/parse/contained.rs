//! Resources inside of others: `_contained` and `_containedType`
//! (<https://hl7.org/fhir/R4/search.html#contained>).

use super::Reading;
use crate::error::Issue;
use crate::search::{Contained, Shown, SortKey, Summary, Total};

impl Reading<'_> {
    pub(super) fn contained(&mut self, value: &str) -> Result<(), Issue> {
        match value {
            "false" => Ok(()),
            "true" | "both" => {
                self.query.contained = Some(Contained { both: value == "both", shown: Shown::Container });
                Ok(())
            }
            _ => Err(Issue::error("value", "`_contained` takes `true`, `false` or `both`")),
        }
    }

    pub(super) fn contained_type(&mut self, value: &str) -> Result<(), Issue> {
        self.shown = Some(match value {
            "container" => Shown::Container,
            "contained" => Shown::Contained,
            _ => return Err(Issue::error("value", "`_containedType` takes `container` or `contained`")),
        });
        Ok(())
    }

    /// What such a search cannot be combined with: contained resources have no index of their own.
    pub(super) fn finish_contained(&mut self) {
        let query = &self.query;
        let mut refused = Vec::new();
        if query.contained.is_none() {
            if self.shown.is_some() {
                let text = "it says what `_contained=true` shows, and that is not asked";
                self.issues.push(Issue::error("not-supported", text).at("_containedType"));
            }
            return;
        }
        if query.sort.iter().any(|sort| !matches!(sort.by, SortKey::Id) || sort.descending) {
            refused.push("_sort");
        }
        if !query.includes.is_empty() {
            refused.push("_include");
        }
        if query.total != Total::None || query.count == 0 || query.summary == Summary::Count {
            refused.push("_total");
        }
        let cut = query.summary != Summary::False || !query.elements.is_empty();
        if self.shown == Some(Shown::Contained) && cut {
            refused.push("_summary");
        }
        // A contained resource refers to nothing that a chain could follow.
        if query.clauses.iter().any(|clause| !clause.others().is_empty()) {
            refused.push("_contained");
        }
        let text = "a search for contained resources is not offered with this";
        self.issues.extend(refused.into_iter().map(|name| Issue::error("not-supported", text).at(name)));
        if let (Some(contained), Some(shown)) = (&mut self.query.contained, self.shown) {
            contained.shown = shown;
        }
    }
}
