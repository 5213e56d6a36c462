"""Pieces of HTML that pages put together."""
