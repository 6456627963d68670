"""What all commands share: exit codes, signals, locks, and output that is complete or absent."""
