"""The commands mdat-train and mdat-tables."""
