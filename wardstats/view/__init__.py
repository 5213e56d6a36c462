"""What one reader looks at, and the words that all boards share."""
