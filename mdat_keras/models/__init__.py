"""Keras models, one a file, each with its configuration."""
