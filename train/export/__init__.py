"""The model that a run leaves: its files, and what they say about it."""
