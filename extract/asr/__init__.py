"""Automatic speech recognition of missing transcripts."""
