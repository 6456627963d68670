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
from mdat_data.splits.leakage import DEVIATIONS

NO_SPLIT = (
    "No split was given, so nothing was looked for on both sides of one. `--splits FILE` names a "
    "table with the columns id and part, or id and fold."
)

NO_CLUES = (
    f"Nothing was guessed: there are fewer than two emotions with {FOLDS} or more utterances."
)

MEASURES = (
    "Medians, with the quartiles in brackets where they differ. Loudness, peak and DC offset are "
    "relative to full scale (ppm: millionths). Silence is what lies more than "
    f"{SILENT:g} dB below the loudest 10 ms. The bandwidth ends at the highest frequency that is "
    f"within {REACH:g} dB of the highest point of the spectrum. Of long recordings the first "
    f"{LONGEST:g} s count."
)

CLUES = """\
A number is the unweighted accuracy (UA, the mean recall over the emotions) in % of guesses from \
this clue alone, with its 95 % interval by bootstrap over speakers. There is no interval where \
there is one speaker, or where too few resamples of the speakers have every emotion. **Chance is \
{chance:.0f} %**: the UA of guesses that know nothing is one over the number of emotions, however \
uneven these are. A number is bold where its whole interval lies above chance and it is better \
than the same guesses in random order by {deviations:.0f} standard deviations.

From a speaker or a sentence, the guess is the emotion in which it is most frequent in the \
training set, relative to the number of utterances of that emotion. From numbers, such as the \
duration, randomised trees guess. A UA below chance is no fault: where every speaker has every \
emotion equally often, the training set has least of the emotion that is tested. *Speakers apart* \
keeps groups (speakers or sessions) whole. The last column is how well the clue tells speakers \
with {folds} or more utterances from each other.

Duration, loudness and silence are part of how emotions sound: a model has to be better than \
guesses from them. DC offset, bandwidth and sampling rate (together: recording conditions) are \
not: a model may know the label from them without hearing the emotion."""


def clues(found: Sequence[Clue]) -> str:
    """Explain the table of clues."""
    chance = next(guess.chance for clue in found for guess in clue.emotion.values())
    return CLUES.format(chance=100 * chance, deviations=DEVIATIONS, folds=FOLDS)


def of_map(audit: Audit) -> str:
    """What the map shows, or why there is none."""
    features = audit.material.features
    if audit.map is None:
        of = listed((f"{corpus}: {what}" for corpus, what in features.items()), separator="; ")
        return (
            f"There is no map: it needs {FEWEST} utterances, and features of one encoder and layer "
            f"({escaped(of)})."
        )
    how = "UMAP"
    if audit.map.shares:
        one, two = (100 * share for share in audit.map.shares)
        how = f"two principal components, which explain {one:.0f} and {two:.0f} % of the variance"
    return (
        f"Mean and standard deviation over time of {escaped(next(iter(features.values())))}, "
        f"standardised; {how}. Recordings that lie near each other have similar features."
    )


def made_with(audit: Audit) -> str:
    """What the page was made with."""
    return f"Made by mdat-audit of mdat-keras {version('mdat-keras')}, seed {audit.config.seed}."
