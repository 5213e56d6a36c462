"""One folder or module for each page: the tables, sentences and figures that it shows."""
