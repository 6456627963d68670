"""What a person is told about a run, before and after."""

from collections import Counter

from mdat_train.inputs.loading import Material
from mdat_train.runs.labels import system_label
from mdat_train.runs.run import Result, Run


def before(material: Material) -> str:
    """What is learned from and tested on."""
    lines = []
    counts = [("source", material.source), ("target", material.target)]
    for name, selection in counts:
        if selection is None:
            continue
        by_emotion = Counter(u.emotion for u in selection.utterances)
        emotions = ", ".join(f"{emotion} {by_emotion[emotion]}" for emotion in selection.classes)
        speakers = len({u.speaker for u in selection.utterances})
        lines.append(f"{name}: {len(selection)} utterances of {speakers} speakers ({emotions})")
    config = material.config
    lines.append(f"speech layer {config.speech_layer}, normalisation {config.normalize}")
    if config.normalize == "corpus":
        lines.append("transductive: statistics of the unlabelled target are used")
    if not material.held:
        lines.append(f"more than {config.memory:g} GiB of features: read anew for every batch")
    return "\n".join(lines)


def after(run: Run) -> str:
    """Scores of every condition, and what to know about them."""
    results = run.results()
    width = max(len(system_label(result.condition.system)) for result in results)
    header = (
        f"{'system':{width}}  test    shots         UA %  95 % interval          WA %   macro-F1 %"
    )
    lines = [header, *(_line(result, width) for result in results)]
    first = results[0]
    lines.append(
        f"chance {100 * first.chance:.1f} %; mean ± standard deviation over seeds and draws; "
        "intervals by bootstrap over speakers"
    )
    redrawn = sum(r.interval.redrawn for r in results if r.interval)
    if redrawn:
        lines.append(f"{redrawn} resamples that lacked a class were drawn again")
    undefined = sorted({c for r in results for s in r.scores for c in s.undefined})
    if undefined:
        lines.append(f"without a test clip, and so left out of the UA: {', '.join(undefined)}")
    return "\n".join([*lines, *_trainings(run)])


def _line(result: Result, width: int) -> str:
    condition = result.condition
    ua, wa, f1 = (
        "{:5.1f} ± {:4.1f}".format(*(100 * value for value in result.mean_and_deviation(name)))
        for name in ("ua", "wa", "macro_f1")
    )
    interval = "one speaker    "
    if result.interval:
        interval = f"[{100 * result.interval.low:4.1f}, {100 * result.interval.high:5.1f}]  "
    system = system_label(condition.system)
    return (
        f"{system:{width}}  {condition.test:6}  {condition.shots:5}  {ua}  {interval}  {wa}  {f1}"
    )


def _trainings(run: Run) -> list[str]:
    """Leaks, and which trainings ran for a fixed number of epochs."""
    lines = []
    warned = [training for training in run.trainings if training.warnings]
    if warned:
        worst = max(warned, key=lambda training: len(training.warnings))
        lines.append(
            f"warning ({len(warned)} of {len(run.trainings)} splits), {worst.name}: "
            + "; ".join(worst.warnings)
        )
    fixed = [t for t in run.trainings if t.history and not t.split.validation]
    if fixed and run.config["patience"]:
        lines.append(
            f"{len(fixed)} of {len(run.trainings)} trainings ran for a fixed number of epochs: "
            "adaptations, and those where no groups with every class could be held out"
        )
    return lines
