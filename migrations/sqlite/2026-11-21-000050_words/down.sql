DROP TABLE word;
DROP TABLE gram;

CREATE VIRTUAL TABLE gram USING fts5 (grams, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
