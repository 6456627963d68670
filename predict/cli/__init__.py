"""The command of prediction."""
