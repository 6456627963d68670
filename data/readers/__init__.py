"""Readers of manifests, audformat databases and synthetic demo corpora."""
