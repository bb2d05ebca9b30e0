//! Patches as such, without a server (<https://hl7.org/fhir/R4/http.html#patch>).

mod json_vectors;
mod path_vectors;
mod xml;

use std::path::{Path, PathBuf};

/// The published cases, where they are to be had (`ROSTER_VECTORS`).
fn vectors() -> Option<PathBuf> {
    let path = std::env::var("ROSTER_VECTORS").unwrap_or_else(|_| "../shared/vectors".to_owned());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path).join("patch");
    if !path.is_dir() {
        eprintln!("the patch vectors are not there: only our own cases run");
    }
    path.is_dir().then_some(path)
}
