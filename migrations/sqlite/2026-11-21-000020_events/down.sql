DROP TABLE delivery;
DROP TABLE subscription;
DROP TABLE reader;
ALTER TABLE event DROP COLUMN txid;
