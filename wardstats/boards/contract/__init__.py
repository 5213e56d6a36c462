"""The contract page: targets, progress, pace."""
