"""The block page: programme, documents, year-end, calendar."""
