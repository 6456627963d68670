"""Splits into training, validation and test set."""
