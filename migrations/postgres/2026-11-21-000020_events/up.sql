-- The transaction that appended an event. Numbers are taken before the commit, so that a reader who goes by them
-- would pass over what commits late; he goes by transactions that have ended.
ALTER TABLE event ADD COLUMN txid BIGINT NOT NULL DEFAULT txid_current();

CREATE INDEX event_txid ON event (txid, number);

-- How far each reader of the outbox has come.
CREATE TABLE reader (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    txid BIGINT NOT NULL,
    number BIGINT NOT NULL,
    -- The highest number that it has met.
    seen BIGINT NOT NULL
);

INSERT INTO reader (name, txid, number, seen)
SELECT 'subscription', txid_current(), coalesce(max(number), 0), coalesce(max(number), 0) FROM event;

-- The subscriptions that are looked after: in which version, who set it up, and how many events it has matched.
CREATE TABLE subscription (
    project INTEGER NOT NULL,
    rid BIGINT NOT NULL,
    version BIGINT NOT NULL,
    author TEXT COLLATE "C" NOT NULL,
    matched BIGINT NOT NULL,
    PRIMARY KEY (project, rid)
);

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
);
