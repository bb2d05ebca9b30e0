-- The project of what is told: a subscription in the words of a dialect hears of child projects, too.
ALTER TABLE delivery ADD COLUMN home INTEGER NOT NULL DEFAULT 0;

UPDATE delivery SET home = project;
