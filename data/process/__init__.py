"""What every command shares: exit codes, signals, locks, and output that appears as a whole."""
