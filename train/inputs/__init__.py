"""From features files to the utterances that a run learns from."""
