DROP TABLE piece;
