"""Statistical comparison of models."""
