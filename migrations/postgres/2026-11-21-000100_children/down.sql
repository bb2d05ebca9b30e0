DROP INDEX project_parent;
ALTER TABLE project DROP COLUMN parent;
