"""The sentences of the page that explain its numbers."""

from collections.abc import Sequence
from importlib.metadata import version

from mdat_audit.clues.clues import Clue
from mdat_audit.clues.ways import FOLDS
from mdat_audit.inputs.measures import LONGEST, REACH, SILENT
from mdat_audit.overview.map import FEWEST
from mdat_audit.result import Audit
from mdat_data.errors import listed
from mdat_data.markdown import escaped

NO_SPLIT = (
    "No split was given, so nothing was looked for on both sides of one: `--splits FILE` names a "
    "table with the columns id and part, or id and fold."
)

NO_CLUES = (
    f"Nothing was guessed: there are fewer than two emotions with at least {FOLDS} utterances each."
)

MEASURES = (
    "Medians, and quartiles in brackets where they differ. Loudness, peak and DC offset are relative to full "
    f"scale (ppm: millionths). Silence is what lies more than {SILENT:g} dB below the loudest 10 ms; bandwidth "
    f"is the highest frequency within {REACH:g} dB of the highest point of the spectrum. Of long "
    f"recordings the first {LONGEST:g} s count."
)


def clues(found: Sequence[Clue]) -> str:
    """How the table of clues is to be read."""
    chance = next(guess.chance for clue in found for guess in clue.emotion.values())
    return (
        "Unweighted accuracy (mean recall over the emotions) in % of guesses from this clue alone, with its "
        "95 % interval by bootstrap over speakers; no interval where there is one speaker only, or too few "
        f"for every emotion. Chance is {100 * chance:.0f} %: the unweighted accuracy of guesses that know "
        "nothing, one over the number of emotions, however uneven they are. Bold where the whole "
        "interval lies above chance; of forty such cells without any information one is expected to be.\n\n"
        "Words (speaker, sentence) are guessed by the emotion of which they have the largest share in the training "
        "set; numbers by randomised trees. Below chance is no fault: where every "
        "speaker says everything once, what is held out is what is missing among the rest. *Speakers apart* "
        "keeps groups (speakers or sessions) whole. The last column is how well the clue tells speakers "
        f"who have at least {FOLDS} utterances, on random folds.\n\n"
        "Duration, loudness and silence are partly how emotions sound: they are what a model has to beat. "
        "Sampling rate, bandwidth and DC offset (together: recording conditions) are not; a model that hears them may know the label "
        "without hearing the emotion."
    )


def of_map(audit: Audit) -> str:
    """What the map shows, or why there is none."""
    features = audit.material.features
    if audit.map is None:
        what = listed((f"{corpus}: {what}" for corpus, what in features.items()), separator="; ")
        return (
            f"There is no map: it needs {FEWEST} utterances, and features of one encoder and layer "
            f"({escaped(what)})."
        )
    what = escaped(next(iter(features.values())))
    how = "UMAP"
    if audit.map.shares:
        one, two = (100 * share for share in audit.map.shares)
        how = f"principal components, which explain {one:.0f} and {two:.0f} % of the variance"
    return (
        f"Mean and standard deviation over time of {what}, standardised; {how}. What lies together "
        "sounds alike to these features."
    )


def made_with(audit: Audit) -> str:
    """What the page was made with."""
    return f"Made by mdat-audit of mdat-keras {version('mdat-keras')}, seed {audit.config.seed}."
