"""What the server keeps: the tables, the database engine and the data folder."""
