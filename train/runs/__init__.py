"""A finished run: its records, its folder, its figures and its summary."""
