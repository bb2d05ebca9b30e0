-- Long texts lie in pieces: `body` in `resource` and `history` then names them, and a piece that two versions have in
-- common is kept once.
CREATE TABLE piece (
    project INTEGER NOT NULL,
    rid BIGINT NOT NULL,
    -- Digest of the text.
    hash TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (project, rid, hash)
);
