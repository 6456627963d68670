"""The change of the UA when modules of a model are switched off."""

from dataclasses import dataclass

from mdat_data.metrics import Interval, ua_interval
from mdat_train.runs.condition import Condition
from mdat_train.runs.run import Run


@dataclass(frozen=True, kw_only=True)
class Change:
    """Difference of the mean UA of an ablated model to that of the full model.

    Attributes:
        difference: Ablated minus full, between -1 and 1.
        interval: 95 % interval of the difference, by bootstrap over speakers, who are the same for
            both models; None for a single speaker.
    """

    difference: float
    interval: Interval | None


def change_of(ablated: Run, full: Run, condition: Condition) -> Change:
    """Compare an ablated model with the full model, on the same seeds and draws.

    Args:
        ablated: The run of the model without some modules.
        full: The run of the full model.
        condition: What was trained and tested; both runs have it.

    Returns:
        The change.
    """
    return Change(
        difference=ablated.metrics_of(condition).ua.mean - full.metrics_of(condition).ua.mean,
        interval=ua_interval(
            [p.tested for p in ablated.of(condition)],
            classes=len(full.classes),
            seed=full.config.resampling_seed,
            against=[p.tested for p in full.of(condition)],
        ),
    )
