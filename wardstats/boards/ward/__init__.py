"""The ward page: profile, movement, lessons, trends."""
