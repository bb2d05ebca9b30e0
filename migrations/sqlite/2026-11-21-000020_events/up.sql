-- Of use on PostgreSQL only: SQLite has one writer, and the order of numbers is that of commits.
ALTER TABLE event ADD COLUMN txid BIGINT NOT NULL DEFAULT 0;

-- How far each reader of the outbox has come.
CREATE TABLE reader (
    name TEXT NOT NULL PRIMARY KEY,
    txid BIGINT NOT NULL,
    number BIGINT NOT NULL,
    -- The highest number that it has met.
    seen BIGINT NOT NULL
) WITHOUT ROWID;

INSERT INTO reader (name, txid, number, seen)
SELECT 'subscription', 0, coalesce(max(number), 0), coalesce(max(number), 0) FROM event;

-- The subscriptions that are looked after: in which version, who set it up, and how many events it has matched.
CREATE TABLE subscription (
    project INTEGER NOT NULL,
    rid BIGINT NOT NULL,
    version BIGINT NOT NULL,
    author TEXT NOT NULL,
    matched BIGINT NOT NULL,
    PRIMARY KEY (project, rid)
) WITHOUT ROWID;

-- What a subscriber has yet to be told, in the order of `place`.
CREATE TABLE delivery (
    project INTEGER NOT NULL,
    subscription BIGINT NOT NULL,
    place BIGINT NOT NULL,
    number BIGINT NOT NULL,
    rid BIGINT NOT NULL,
    version BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    due BIGINT NOT NULL,
    PRIMARY KEY (project, subscription, place)
) WITHOUT ROWID;
