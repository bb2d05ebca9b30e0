//! The tables of both databases are the same, by name and column.

use std::collections::{BTreeMap, BTreeSet};

use roster::store;

use crate::database::{Database, Engine};

/// The full-text index of SQLite is a virtual table with tables of its own; PostgreSQL has a plain one.
const GRAMS: &str = "gram";

/// What SQLite keeps in a table of its own where PostgreSQL has a sequence, and the other way round.
const MIGRATIONS: &str = "__diesel_schema_migrations";

fn tables(engine: Engine) -> BTreeMap<String, BTreeSet<String>> {
    let database = Database::empty(engine);
    store::migrate(&database.url.parse().expect("an address")).expect("the migrations run");
    let tables =
        database.tables().into_iter().filter(|table| table != MIGRATIONS && !table.starts_with(GRAMS));
    tables.map(|table| (table.clone(), database.columns(&table))).collect()
}

#[test]
fn the_tables_of_both_databases_agree() {
    let (sqlite, postgres) = (tables(Engine::Sqlite), tables(Engine::Postgres));
    assert!(sqlite.contains_key("resource"));
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
