DROP TABLE tuple_index;
