"""The reliability page: how far the order can be trusted."""
