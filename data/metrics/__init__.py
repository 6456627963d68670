"""Metrics of predictions and their confidence intervals, in numpy alone."""

from mdat_data.metrics.bootstrap import MOST_DRAWS, RESAMPLES, Interval, Tested, ua_interval
from mdat_data.metrics.metrics import METRICS, Metrics, compute_metrics, confusion_matrix

__all__ = [
    "METRICS",
    "MOST_DRAWS",
    "RESAMPLES",
    "Interval",
    "Metrics",
    "Tested",
    "compute_metrics",
    "confusion_matrix",
    "ua_interval",
]
