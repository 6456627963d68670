"""Table VI: MDAT without some of its modules."""

from collections.abc import Mapping, Sequence

from mdat_train.config import ABLATIONS
from mdat_train.tables.cells.cells import ablated_cell
from mdat_train.tables.cells.finish import finished
from mdat_train.tables.cells.published import published
from mdat_train.tables.cells.table import Row, Table
from mdat_train.tables.plan.study import Outcome, Outcomes, Study

MODULES = {"graph": "graph attention", "co": "co-attention", "transformer": "transformer encoder"}
SOURCE = "iemocap"
TARGETS = ("emodb", "emovo", "urdu")


def ablations(outcomes: Outcomes, protocol: str, missing: Sequence[str]) -> Table:
    """Table VI: seven models on the paper's three pairs, each less our model 1.

    Args:
        outcomes: What was run.
        protocol: The one to show.
        missing: Names of the features files that were not found.
    """
    rows, used = list[Row](), dict[Study, Outcome]()
    for number, disable in ABLATIONS.items():
        model, lacking = str(number), frozenset(disable)
        found = {
            str(study.target): (study, outcome)
            for study, outcome in outcomes.items()
            if (study.protocol, study.source, study.model) == (protocol, SOURCE, "mdat")
            and study.target in TARGETS
            and lacking == set(study.disable)
        }
        used |= dict(found.values())
        of_targets = {target: outcome for target, (_, outcome) in found.items()}
        rows.append(_row(model, lacking, of_targets, rows[0] if rows else None))
    head = ("model", *MODULES.values(), "parameters")
    return finished("VI", protocol, head, TARGETS, rows, used, missing)


def _row(
    model: str, lacking: frozenset[str], found: Mapping[str, Outcome], full: Row | None
) -> Row:
    of_full = [cell.ua for cell in full.cells] if full else [None] * len(TARGETS)
    switches = ("no" if module in lacking else "yes" for module in MODULES)
    parameters = {str(o.run.parameters) for o in found.values() if o.run.parameters}
    return Row(
        name=f"model {model}",
        head=(model, *switches, " or ".join(sorted(parameters))),
        cells=tuple(
            ablated_cell(found.get(target), published("VI", model, target), ua)
            for target, ua in zip(TARGETS, of_full, strict=True)
        ),
    )
