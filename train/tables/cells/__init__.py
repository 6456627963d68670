"""From runs to the cells and notes of a table."""
