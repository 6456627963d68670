"""The input of the encoders: recordings, transcripts, batch plan and shards."""
