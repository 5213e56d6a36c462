"""The command line: ``python -m wardstats COMMAND``."""
