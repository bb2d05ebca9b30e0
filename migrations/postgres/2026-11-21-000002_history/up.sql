-- The history of a type: its writes by time.
CREATE INDEX event_at ON event (project, kind, at, number);
