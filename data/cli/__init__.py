"""The command mdat-corpora."""
