"""What parts of a corpus must not share, and what makes a corpus doubtful."""
