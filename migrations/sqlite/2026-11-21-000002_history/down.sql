DROP INDEX event_at;
