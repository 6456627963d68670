"""The page that `mdat-serve` opens, and its HTTP interface."""
