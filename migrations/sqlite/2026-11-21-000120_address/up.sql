-- The address at which clients see the server of this database, for commands that speak in its name.
CREATE TABLE address (
    url TEXT NOT NULL PRIMARY KEY
) WITHOUT ROWID;
