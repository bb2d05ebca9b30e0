DROP TABLE delivery;
DROP TABLE subscription;
DROP TABLE reader;
DROP INDEX event_txid;
ALTER TABLE event DROP COLUMN txid;
