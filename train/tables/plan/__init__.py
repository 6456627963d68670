"""Which runs the tables need, and how they are run."""
