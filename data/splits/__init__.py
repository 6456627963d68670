"""Splits into training, validation and test set, and what they must not share."""
