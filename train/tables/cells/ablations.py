"""Table VI: MDAT with some of its modules switched off."""

from collections.abc import Mapping, Sequence

from mdat_train.config import ABLATIONS, FULL
from mdat_train.runs.labels import task_label
from mdat_train.tables.cells.cells import ablated_cell
from mdat_train.tables.cells.finish import finish_table
from mdat_train.tables.cells.published import published
from mdat_train.tables.cells.table import Row, Table
from mdat_train.tables.plan.study import Outcome, Outcomes, Study

MODULES = {"graph": "graph attention", "co": "co-attention", "transformer": "transformer encoder"}
SOURCE = "iemocap"
TARGETS = ("emodb", "emovo", "urdu")


def ablations(outcomes: Outcomes, protocol: str, missing: Sequence[str]) -> Table:
    """Table VI: seven models on the paper's three pairs, each with its change to our model 1.

    Args:
        outcomes: The outcomes of the studies that were run.
        protocol: The protocol to show.
        missing: Names of the features files that were not found.
    """
    rows, used, full = list[Row](), dict[Study, Outcome](), dict[str, Outcome]()
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
        rows.append(_row(model, lacking, of_targets, full))
        full = of_targets if number == FULL else full
    head = ("model", *MODULES.values(), "parameters")
    return finish_table("VI", protocol, head, list(map(task_label, TARGETS)), rows, used, missing)


def _row(
    model: str, lacking: frozenset[str], found: Mapping[str, Outcome], full: Mapping[str, Outcome]
) -> Row:
    switches = ("no" if module in lacking else "yes" for module in MODULES)
    parameters = {str(o.run.parameters) for o in found.values() if o.run.parameters}
    return Row(
        name=f"model {model}",
        head=(model, *switches, " or ".join(sorted(parameters))),
        cells=tuple(
            ablated_cell(found.get(target), full.get(target), published("VI", model, target))
            for target in TARGETS
        ),
    )
