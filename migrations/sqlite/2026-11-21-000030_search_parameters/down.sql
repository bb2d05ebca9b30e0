DROP TABLE definition_epoch;
DROP TABLE search_parameter;
