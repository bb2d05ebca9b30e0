//! What one request may cost. All of it is bounded before it is spent.

/// Bytes of a query text, and of a cursor.
pub(super) const TEXT: usize = 64 * 1024;
/// Brackets within brackets of a query text, and fields within fields when its fragments are in place.
pub(super) const DEPTH: usize = 30;
/// Fields and fragments of a query when its fragments are in place.
pub(super) const FIELDS: usize = 5_000;
/// Errors that are told.
pub(super) const FAULTS: usize = 50;
/// Resources that are read by reference or id.
pub(super) const READS: usize = 2_000;
pub(super) const SEARCHES: usize = 200;
/// Bytes of the resources that are looked into.
pub(super) const LOADED: usize = 64 * 1024 * 1024;
/// Values of an answer, and their bytes.
pub(super) const VALUES: usize = 500_000;
pub(super) const BYTES: usize = 32 * 1024 * 1024;
/// Bytes of the schema that a query is shown: what the usual clients ask of all of R4 has half as many.
pub(super) const INTROSPECTED: usize = 64 * 1024 * 1024;
/// Keys of one object of an answer: `@slice` makes one a value.
pub(super) const KEYS: usize = 1_000;
/// Evaluations of FHIRPath, and steps of each.
pub(super) const EVALUATIONS: usize = 10_000;
pub(super) const STEPS: u64 = 10_000;
/// Reads and searches under way at once.
pub(super) const READS_ABREAST: usize = 64;
pub(super) const SEARCHES_ABREAST: usize = 4;
