"""Metrics of predictions and their confidence intervals, in numpy alone."""

from mdat_data.metrics.bootstrap import MOST_DRAWS, RESAMPLES, Interval, Tested, ua_interval
from mdat_data.metrics.calibration import BINS, Reliability, at_temperature, reliability
from mdat_data.metrics.metrics import METRICS, Metrics, compute_metrics, confusion_matrix

__all__ = [
    "BINS",
    "METRICS",
    "MOST_DRAWS",
    "RESAMPLES",
    "Interval",
    "Metrics",
    "Reliability",
    "Tested",
    "at_temperature",
    "compute_metrics",
    "confusion_matrix",
    "reliability",
    "ua_interval",
]
