"""What the page of checking shows: hand-ins with their story, and what was published."""
