"""The reliability diagram: how often predictions of each confidence are right."""

import numpy as np
from matplotlib.figure import Figure

from mdat_data.metrics import BINS
from mdat_train.evaluation.calibration import Calibration


def reliability_diagram(calibration: Calibration) -> Figure:
    """Draw accuracy over confidence, before and after calibration.

    Args:
        calibration: The temperature and its test.

    Returns:
        Two diagrams side by side, with the share of utterances of each bin below the bars.
    """
    figure = Figure(figsize=(9, 4.4))
    edges = np.linspace(0, 1, BINS + 1)
    sides = {"as they are": calibration.before, "calibrated": calibration.after}
    axes = figure.subplots(1, 2, sharex=True, sharey=True)
    for place, (title, of) in zip(axes, sides.items(), strict=True):
        full = of.counts > 0
        place.bar(edges[:-1], of.accuracy, 1 / BINS, align="edge", alpha=0.7, edgecolor="white")
        place.plot([0, 1], [0, 1], color="grey", linestyle=":")
        place.plot(of.confidence[full], of.accuracy[full], "o", color="black", markersize=3)
        share = of.counts / max(of.counts.sum(), 1)
        place.step(edges, [*share, share[-1]], where="post", color="tab:orange", label="utterances")
        place.set(
            title=f"{title}: ECE {of.calibration_error:.3f}, NLL {of.nll:.3f}",
            xlabel="probability of the predicted class",
            xlim=(0, 1),
            ylim=(0, 1),
        )
    axes[0].set_ylabel("share that is correct")
    axes[0].legend(loc="upper left")
    figure.set_layout_engine("tight")
    return figure
