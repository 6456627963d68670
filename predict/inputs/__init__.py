"""What is predicted: the recordings that a user names, and their words."""
