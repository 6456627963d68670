"""Tables and figures as Markdown, CSV, LaTeX, JSON and HTML."""
