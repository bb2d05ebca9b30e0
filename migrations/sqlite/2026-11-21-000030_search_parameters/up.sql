-- Search parameters that were defined at run time, one row for each time that one had to be indexed: a parameter
-- that is changed gets another row, and another number for its index rows.
CREATE TABLE search_parameter (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    -- The project whose searches have it; 0 for all.
    project INTEGER NOT NULL,
    -- The SearchParameter that defines it.
    id TEXT NOT NULL,
    code TEXT NOT NULL,
    -- The types it is for, as numbers with commas between.
    kinds TEXT NOT NULL,
    -- What of the SearchParameter matters, as JSON.
    definition TEXT NOT NULL,
    -- indexing, active, retiring, removing, failing, failed
    state TEXT NOT NULL,
    -- While indexing: how many resources are done, of how many (-1 until they are counted), and the last one.
    done BIGINT NOT NULL DEFAULT 0,
    total BIGINT NOT NULL DEFAULT -1,
    last_project INTEGER NOT NULL DEFAULT 0,
    last_kind INTEGER NOT NULL DEFAULT 0,
    last_id TEXT NOT NULL DEFAULT '',
    -- Why it failed.
    reason TEXT NOT NULL DEFAULT ''
);

CREATE INDEX search_parameter_id ON search_parameter (project, id);

-- One row. `epoch` grows when writers must index by other parameters than before, `change` whenever anything in
-- search_parameter but its progress changes.
CREATE TABLE definition_epoch (
    epoch BIGINT NOT NULL PRIMARY KEY,
    change BIGINT NOT NULL
);

INSERT INTO definition_epoch (epoch, change) VALUES (0, 0);
