"""Splits into training, validation and test set, and checks for leakage."""
