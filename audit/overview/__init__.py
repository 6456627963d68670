"""Shows a corpus before anyone trains."""
