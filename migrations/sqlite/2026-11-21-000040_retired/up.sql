-- The highest number of a resource that was expunged: it is not given again, since events may still speak of it.
-- Of use on SQLite only: PostgreSQL has a sequence.
CREATE TABLE retired (
    rid BIGINT NOT NULL PRIMARY KEY
) WITHOUT ROWID;

INSERT INTO retired (rid) VALUES (0);
