"""Metrics of predictions and their confidence intervals, in numpy alone."""

from mdat_data.metrics.bootstrap import (
    MOST_DRAWS,
    RESAMPLES,
    Interval,
    Tested,
    mean_interval,
    ua_interval,
)
from mdat_data.metrics.calibration import BINS, Reliability, at_temperature, reliability
from mdat_data.metrics.coverage import Covered, at_coverages, at_threshold, coverage_line
from mdat_data.metrics.metrics import METRICS, Metrics, compute_metrics, confusion_matrix
from mdat_data.metrics.scores import NO_INTERVAL, RARE, MeanStd, Scores

__all__ = [
    "BINS",
    "METRICS",
    "MOST_DRAWS",
    "NO_INTERVAL",
    "RARE",
    "RESAMPLES",
    "Covered",
    "Interval",
    "MeanStd",
    "Metrics",
    "Reliability",
    "Scores",
    "Tested",
    "at_coverages",
    "at_temperature",
    "at_threshold",
    "compute_metrics",
    "confusion_matrix",
    "coverage_line",
    "mean_interval",
    "reliability",
    "ua_interval",
]
