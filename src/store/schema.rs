//! The tables, as `diesel print-schema` sees them in migrations/sqlite.

diesel::table! {
    address (url) {
        url -> Text,
    }
}

diesel::table! {
    kind (number) {
        number -> Integer,
        name -> Text,
        fingerprint -> Text,
    }
}

diesel::table! {
    param (number) {
        number -> Integer,
        kind -> Integer,
        code -> Text,
    }
}

diesel::table! {
    project (number) {
        number -> Integer,
        id -> Text,
        parent -> Nullable<Integer>,
    }
}

diesel::table! {
    resource (rid) {
        rid -> BigInt,
        project -> Integer,
        kind -> Integer,
        id -> Text,
        version -> BigInt,
        updated -> BigInt,
        deleted -> Bool,
        body -> Text,
    }
}

diesel::table! {
    history (rid, version) {
        project -> Integer,
        rid -> BigInt,
        version -> BigInt,
        updated -> BigInt,
        deleted -> Bool,
        body -> Text,
    }
}

diesel::table! {
    piece (project, rid, hash) {
        project -> Integer,
        rid -> BigInt,
        hash -> Text,
        text -> Text,
    }
}

diesel::table! {
    string_index (project, param, value, rid, exact) {
        project -> Integer,
        param -> Integer,
        value -> Text,
        rid -> BigInt,
        exact -> Text,
        edge -> Integer,
    }
}

diesel::table! {
    term_index (project, param, value, rid, qualifier) {
        project -> Integer,
        param -> Integer,
        value -> Text,
        rid -> BigInt,
        qualifier -> BigInt,
        edge -> Integer,
    }
}

diesel::table! {
    range_index (project, param, low, rid, high) {
        project -> Integer,
        param -> Integer,
        low -> BigInt,
        rid -> BigInt,
        high -> BigInt,
        edge -> Integer,
    }
}

diesel::table! {
    tuple_index (project, param, low, rid, high, value, qualifier, tuple, part) {
        project -> Integer,
        param -> Integer,
        low -> BigInt,
        rid -> BigInt,
        high -> BigInt,
        value -> Text,
        qualifier -> BigInt,
        tuple -> Integer,
        part -> Integer,
        edge -> Integer,
    }
}

diesel::table! {
    unique_key (project, param, value) {
        project -> Integer,
        param -> Integer,
        value -> Text,
        rid -> BigInt,
    }
}

diesel::table! {
    credential (project, rid, name) {
        project -> Integer,
        rid -> BigInt,
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    event (number) {
        number -> BigInt,
        project -> Integer,
        kind -> Integer,
        rid -> BigInt,
        version -> BigInt,
        action -> Text,
        at -> BigInt,
        author -> Text,
        request -> Text,
        txid -> BigInt,
    }
}

diesel::table! {
    reader (name) {
        name -> Text,
        txid -> BigInt,
        number -> BigInt,
        seen -> BigInt,
    }
}

diesel::table! {
    subscription (project, rid) {
        project -> Integer,
        rid -> BigInt,
        version -> BigInt,
        author -> Text,
        matched -> BigInt,
    }
}

diesel::table! {
    delivery (project, subscription, place) {
        project -> Integer,
        subscription -> BigInt,
        place -> BigInt,
        number -> BigInt,
        rid -> BigInt,
        version -> BigInt,
        attempts -> Integer,
        due -> BigInt,
        home -> Integer,
        outcome -> Integer,
        tries -> Integer,
        tried_first -> Nullable<BigInt>,
        tried_last -> Nullable<BigInt>,
        status -> Nullable<Integer>,
        error -> Nullable<Text>,
        millis -> Nullable<BigInt>,
    }
}

diesel::table! {
    replay (project, subscription) {
        project -> Integer,
        subscription -> BigInt,
        asked -> BigInt,
    }
}

diesel::table! {
    search_parameter (number) {
        number -> Integer,
        project -> Integer,
        id -> Text,
        code -> Text,
        kinds -> Text,
        definition -> Text,
        state -> Text,
        done -> BigInt,
        total -> BigInt,
        last_project -> Integer,
        last_kind -> Integer,
        last_id -> Text,
        reason -> Text,
    }
}

diesel::table! {
    definition_epoch (epoch) {
        epoch -> BigInt,
        change -> BigInt,
    }
}
