"""The commands mdat-extract and mdat-features."""
