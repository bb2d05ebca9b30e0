-- Values of several parts: quantities (a number and its unit), the parts of composites, places on the globe.
-- Parts of one value share its `tuple`. A part that is a term has the digest of its value in `low`.
CREATE TABLE tuple_index (
    project INTEGER NOT NULL,
    param INTEGER NOT NULL,
    low BIGINT NOT NULL,
    rid BIGINT NOT NULL,
    high BIGINT NOT NULL,
    value TEXT NOT NULL,
    qualifier BIGINT NOT NULL,
    tuple INTEGER NOT NULL,
    part INTEGER NOT NULL,
    edge INTEGER NOT NULL,
    PRIMARY KEY (project, param, low, rid, high, value, qualifier, tuple, part)
) WITHOUT ROWID;

CREATE INDEX tuple_index_rid ON tuple_index (rid, param, tuple);
