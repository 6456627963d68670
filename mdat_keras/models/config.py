"""The knobs of MDAT and the two readings of the paper."""

from dataclasses import dataclass

from mdat_keras import checks
from mdat_keras.co_attention import CONTEXTS
from mdat_keras.graph_attention import SCORES
from mdat_keras.model_config import ModelConfig

SCOPES = ("joint", "modality")


@dataclass(frozen=True)
class MDATConfig(ModelConfig):
    """What MDAT is built from; an ablation is `dataclasses.replace` of a preset.

    The fields that all models share are those of `ModelConfig`. One stream alone has no
    co-attention: there is nothing to attend to.

    Args:
        projection: Width to which both streams are projected. None leaves the speech as it is and
            projects the text to its width, as the paper does; text alone then stays as it is.
        units: Width U of graph attention and co-attention. None is the width of the nodes.
        graph_attention: Use graph attention.
        co_attention: Use co-attention.
        transformer: Use transformer encoders.
        graph_heads: Heads of the graph attention.
        graph_scores: `"pairwise"` or `"broadcast"`, see `GraphAttention`.
        graph_scope: `"joint"` makes one graph of both streams, `"modality"` one of each with
            weights of its own.
        residual: Add the nodes to what the graph attention makes of them.
        co_context: `"cross"` or `"own"`, see `CoAttention`.
        scale: Divide the scores of the co-attention by the square root of their width.
        attention_dropout: Share of the graph attention's weights dropped in training.
        encoder_heads: Heads of each transformer encoder.
        encoder_layers: Transformer encoders in a row.
        encoder_dropout: Dropout inside the transformer encoders.
        head_units: Width of the hidden layer before the classes.
        head_dropout: Dropout before the classes.

    Raises:
        ValueError: If a value cannot be used; valid ones are named.

    Example:
    >>> from dataclasses import replace
    >>> replace(PRESETS["base"], co_attention=False).co_attention
    False
    """

    projection: int | None = 256
    units: int | None = None
    graph_attention: bool = True
    co_attention: bool = True
    transformer: bool = True
    graph_heads: int = 1
    graph_scores: str = "pairwise"
    graph_scope: str = "joint"
    residual: bool = True
    co_context: str = "cross"
    scale: bool = True
    attention_dropout: float = 0.1
    encoder_heads: int = 8
    encoder_layers: int = 1
    encoder_dropout: float = 0.1
    head_units: int = 256
    head_dropout: float = 0.5

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("graph_heads", "encoder_heads", "encoder_layers", "head_units"):
            checks.at_least(name, getattr(self, name), 1)
        for name in ("projection", "units"):
            if getattr(self, name) is not None:
                checks.at_least(name, getattr(self, name), 1)
        for name in ("attention_dropout", "encoder_dropout", "head_dropout"):
            checks.rate(name, getattr(self, name))
        checks.one_of("graph_scores", self.graph_scores, SCORES)
        checks.one_of("graph_scope", self.graph_scope, SCOPES)
        checks.one_of("co_context", self.co_context, CONTEXTS)


# "paper": the printed equations wherever they are consistent. Residual and scale go together: with
# the residual the nodes stay apart, and unscaled scores of such nodes make a softmax of 0 and 1.
PRESETS: dict[str, MDATConfig] = {
    "base": MDATConfig(),
    "paper": MDATConfig(
        projection=None, residual=False, scale=False, attention_dropout=0.0, standardize=False
    ),
}
