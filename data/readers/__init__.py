"""Readers of corpora that are not one of `mdat_data.corpora`: manifests, audformat, demo."""
