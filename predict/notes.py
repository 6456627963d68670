"""What a user must know before reading predictions."""

from collections.abc import Iterator, Sequence

from mdat_predict.config import PredictConfig
from mdat_predict.inputs.sources import Source
from mdat_predict.model import Model
from mdat_predict.stages import spoken


def notes(model: Model, sources: Sequence[Source], config: PredictConfig) -> Iterator[str]:
    """What has an effect on predictions and is not seen in them.

    Args:
        model: The model.
        sources: The recordings, with their transcripts.
        config: The choices.

    Yields:
        Sentences.
    """
    for of in (member.description for member in model.members):
        if of.temperature is None:
            yield f"{of.folder} has no temperature: its probabilities are not calibrated"
    if config.rescale:
        yield (
            f"transductive: features are scaled by the statistics of these {len(sources)} "
            "recordings, so that each prediction depends on all of them"
        )
    unknown = [source.name for source in sources if spoken(source, config) is None]
    if model.reads_text and unknown and not config.asr:
        yield (
            f"{len(unknown)} of {len(sources)} recordings have no transcript: speech alone decides "
            "there, beside an empty text, which the model may not have learned from. "
            "--transcripts or --asr adds words"
        )
