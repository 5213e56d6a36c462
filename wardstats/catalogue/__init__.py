"""The data folder and the ledger, read and checked."""
