//! The tables of both databases are the same, by name and column.

use std::collections::{BTreeMap, BTreeSet};

use roster::store;

use crate::database::{Database, Engine};

/// Not ours: the record of migrations, and trigrams and words, for which each database has an index of its own kind
/// (on SQLite a virtual table with several behind it).
fn is_ours(table: &str) -> bool {
    let hashed = ["gram", "word"];
    let is_hashed = |name: &str| table == name || table.starts_with(&format!("{name}_"));
    table != "__diesel_schema_migrations" && !hashed.into_iter().any(is_hashed)
}

fn tables(engine: Engine) -> BTreeMap<String, BTreeSet<String>> {
    let database = Database::empty(engine);
    store::migrate(&database.url.parse().expect("an address")).expect("the migrations run");
    let tables = database.tables().into_iter().filter(|table| is_ours(table));
    tables.map(|table| (table.clone(), database.columns(&table))).collect()
}

#[test]
fn the_tables_of_both_databases_agree() {
    let (sqlite, postgres) = (tables(Engine::Sqlite), tables(Engine::Postgres));
    assert!(sqlite.len() > 8, "{sqlite:?}");
    assert_eq!(sqlite, postgres);
}

#[test]
fn migrating_again_changes_nothing() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let database = Database::empty(engine);
        let url = database.url.parse().expect("an address");
        store::migrate(&url).expect("the migrations run");
        let before = database.dump();
        store::migrate(&url).expect("the migrations run");
        assert_eq!(database.dump(), before);
    }
}
