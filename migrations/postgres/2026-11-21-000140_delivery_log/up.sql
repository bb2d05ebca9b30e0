-- What is to be told stays after it was told: the queue is the log of deliveries, too. 0 waits, 1 has arrived, 2 was given up.
ALTER TABLE delivery ADD COLUMN outcome INTEGER NOT NULL DEFAULT 0;
-- All attempts; `attempts` are those in vain since it was put into the queue for the last time.
ALTER TABLE delivery ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
-- The first and the last attempt, in milliseconds since 1970.
ALTER TABLE delivery ADD COLUMN tried_first BIGINT;
ALTER TABLE delivery ADD COLUMN tried_last BIGINT;
-- What came of the last: HTTP status, error in words, milliseconds.
ALTER TABLE delivery ADD COLUMN status INTEGER;
ALTER TABLE delivery ADD COLUMN error TEXT COLLATE "C";
ALTER TABLE delivery ADD COLUMN millis BIGINT;

-- A place is the moment at which it was noted, in microseconds since 1970, so that the order of places is that of time.
UPDATE delivery SET place = place + CAST(extract(epoch FROM now()) AS BIGINT) * 1000000;

CREATE INDEX delivery_outcome ON delivery (project, subscription, outcome, place);
CREATE INDEX delivery_number ON delivery (project, subscription, number);

-- Subscriptions of which something was put into the queue once more, until the deliverer has noticed.
CREATE TABLE replay (
    project INTEGER NOT NULL,
    subscription BIGINT NOT NULL,
    asked BIGINT NOT NULL,
    PRIMARY KEY (project, subscription)
);
