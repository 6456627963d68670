"""The page, the figures and the numbers of an audit."""
