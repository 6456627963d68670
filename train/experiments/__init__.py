"""The experiments: cross-validation, transfer and ablation."""
