-- Words of a resource, hashed together with project and type: what _content and _text ask for. They stood among
-- the trigrams before; all types are indexed anew on the next start, which fills both tables.
DROP TABLE gram;

CREATE VIRTUAL TABLE gram USING fts5 (hashes, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
CREATE VIRTUAL TABLE word USING fts5 (hashes, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
