-- The project that a project is a child of. Its record says so, too; here the children of one are found in order.
ALTER TABLE project ADD COLUMN parent INTEGER;

UPDATE project SET parent = (
    SELECT other.number FROM term_index
    JOIN param ON param.number = term_index.param AND param.code = 'parent'
    JOIN kind ON kind.number = param.kind AND kind.name = 'Project'
    JOIN project AS other ON other.id = term_index.value
    WHERE term_index.project = project.number
    LIMIT 1
);

CREATE INDEX project_parent ON project (parent, id);
