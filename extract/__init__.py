"""From recordings and transcripts to a features file."""
