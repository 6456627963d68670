"""What was trained on what, and tested on what."""

from dataclasses import dataclass

SOURCE = "source"
ADAPTED = "source+support"
SUPPORT = "support"
"""What a model was trained on: the source, the source and then the support set, or the support set
alone (the controls of k-shot)."""

FOLDS = "folds"
HELD_OUT = "20 %"
TARGET = "target"
QUERY = "query"
"""What a model was tested on: all utterances of a corpus, each by a model that was not trained on
its fold; one random fifth of a corpus; all of the target; or the query set of k-shot."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A model, the data that it was trained on, and the data that it was tested on.

    Attributes:
        model: Name of the model.
        trained_on: `source`, `source+support` or `support`.
        tested_on: `folds`, `20 %`, `target` or `query`.
        shots: Number of labelled utterances per class of the target that were trained on.
    """

    model: str
    trained_on: str
    tested_on: str
    shots: int
