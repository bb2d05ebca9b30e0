-- Words of a resource, hashed together with project and type: what _content and _text ask for. They stood among
-- the trigrams before; all types are indexed anew on the next start, which fills both tables.
ALTER TABLE gram RENAME COLUMN grams TO hashes;

CREATE TABLE word (
    project INTEGER NOT NULL,
    rid BIGINT NOT NULL,
    hashes INTEGER[] NOT NULL,
    PRIMARY KEY (project, rid)
);

CREATE INDEX word_hashes ON word USING gin (hashes);
