-- Dictionaries: types, parameters and projects have small numbers inside the store.
CREATE TABLE kind (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    -- Digest of the type's search parameters when its rows were last indexed.
    fingerprint TEXT NOT NULL DEFAULT ''
);

CREATE TABLE param (
    number INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    -- The code of a search parameter, with ":text" or ":identifier" for a second facet of it.
    code TEXT NOT NULL,
    UNIQUE (kind, code)
);

-- Number 0 is the server itself: what belongs to no project, the server pool of users among it.
CREATE TABLE project (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE
);

INSERT INTO project (number, id) VALUES (0, '');

-- The current version of every resource; a deleted one keeps its row.
CREATE TABLE resource (
    rid INTEGER PRIMARY KEY,
    project INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    id TEXT NOT NULL,
    version BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    deleted BOOLEAN NOT NULL,
    body TEXT NOT NULL
);

CREATE UNIQUE INDEX resource_id ON resource (project, kind, id);

-- The versions before the current one, each moved here by the write that replaced it.
CREATE TABLE history (
    project INTEGER NOT NULL,
    rid BIGINT NOT NULL,
    version BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    deleted BOOLEAN NOT NULL,
    body TEXT NOT NULL
);

CREATE UNIQUE INDEX history_version ON history (rid, version);

-- Index rows. `edge` has bit 1 on the lowest and bit 2 on the highest entry of a resource under a
-- parameter, so that sorting meets every resource once.
CREATE TABLE string_index (
    project INTEGER NOT NULL,
    param INTEGER NOT NULL,
    value TEXT NOT NULL,
    rid BIGINT NOT NULL,
    exact TEXT NOT NULL,
    edge INTEGER NOT NULL,
    PRIMARY KEY (project, param, value, rid, exact)
) WITHOUT ROWID;

CREATE INDEX string_index_rid ON string_index (rid, param, value);

CREATE TABLE term_index (
    project INTEGER NOT NULL,
    param INTEGER NOT NULL,
    value TEXT NOT NULL,
    rid BIGINT NOT NULL,
    qualifier BIGINT NOT NULL,
    edge INTEGER NOT NULL,
    PRIMARY KEY (project, param, value, rid, qualifier)
) WITHOUT ROWID;

CREATE INDEX term_index_rid ON term_index (rid, param, value);

CREATE TABLE range_index (
    project INTEGER NOT NULL,
    param INTEGER NOT NULL,
    low BIGINT NOT NULL,
    rid BIGINT NOT NULL,
    high BIGINT NOT NULL,
    edge INTEGER NOT NULL,
    PRIMARY KEY (project, param, low, rid, high)
) WITHOUT ROWID;

CREATE INDEX range_index_rid ON range_index (rid, param, low);

-- Trigrams of all strings of a resource, hashed together with project and type: candidates for :contains.
CREATE VIRTUAL TABLE gram USING fts5 (grams, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');

-- What may exist once in a project.
CREATE TABLE unique_key (
    project INTEGER NOT NULL,
    param INTEGER NOT NULL,
    value TEXT NOT NULL,
    rid BIGINT NOT NULL,
    PRIMARY KEY (project, param, value)
) WITHOUT ROWID;

-- Elements that may be written and never read.
CREATE TABLE credential (
    project INTEGER NOT NULL,
    rid BIGINT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (project, rid, name)
) WITHOUT ROWID;

-- The outbox: one row a write, appended by the same transaction.
CREATE TABLE event (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    project INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    rid BIGINT NOT NULL,
    version BIGINT NOT NULL,
    action TEXT NOT NULL,
    at BIGINT NOT NULL,
    author TEXT NOT NULL,
    request TEXT NOT NULL
);
