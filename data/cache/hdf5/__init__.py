"""HDF5 as a stranger may have written it: nothing is followed, believed or allocated unchecked."""
