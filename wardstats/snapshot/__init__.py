"""The DuckDB files: built, published, read, reviewed, and asked in SQL."""
