"""From features files to runs, scores and tables."""
