"""IEMOCAP, interactive emotional dyadic motion capture (English).

Origin: five sessions, each of an actress and an actor, in improvised and scripted dialogues,
recorded at the University of Southern California; 151 dialogues, 10,039 labelled turns, 16 kHz.
Obtain: ask for it at https://sail.usc.edu/iemocap; the root is the unpacked IEMOCAP_full_release
or the folder above it.
Licence: free for research after a signed release form; not to be passed on.
Layout: Session1/dialog/EmoEvaluation/<dialogue>.txt (labels), Session1/dialog/transcriptions/
<dialogue>.txt (words), Session1/sentences/wav/<dialogue>/<turn>.wav; sessions 1 to 5.
Both improvised (impro) and scripted (script) dialogues are read. The scripted sentences
recur in other sessions, so the text leaks from training to test.
Oddities: the letter in Ses01F_impro01 is the actor who wore the markers, the letter in _M003 is the
speaker. Turns without a majority among the raters (xxx), or with an emotion that has no label of
its own (oth), are left out; happy and excited remain separate. The lines of single raters, their
files in sub-folders and files beginning with "._" are ignored. Tags such as [LAUGHTER] are removed
from the transcripts; a turn with nothing else has an empty transcript. Transcriptions also have
turns without a label (_FXX0), lines without a turn, and a few bytes that are not UTF-8, shown as
U+FFFD. Texts contain colons.
The two speakers of a session talk to each other, therefore the session is the group. A session
without labels is counted among what is left out; a missing recording or transcription of a labelled
turn is an error.
Citation: C. Busso, M. Bulut, C.-C. Lee, A. Kazemzadeh, E. Mower, S. Kim, J. N. Chang, S. Lee,
S. S. Narayanan: IEMOCAP: interactive emotional dyadic motion capture database. Language Resources
and Evaluation 42 (2008), pp. 335-359.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mdat_data.corpus import Reading, Size
from mdat_data.errors import InputError
from mdat_data.utterance import SEXES, Utterance

LANGUAGE = "en"
SIZE = Size(recordings=7529, speakers=10, hours=12.0)
LABELS = {
    "ang": "angry",
    "hap": "happy",
    "exc": "excited",
    "sad": "sad",
    "neu": "neutral",
    "fru": "frustrated",
    "sur": "surprise",
    "fea": "fear",
    "dis": "disgust",
    "xxx": None,
    "oth": None,
}
BIBTEX = """
@article{busso2008iemocap,
  author  = {Busso, Carlos and Bulut, Murtaza and Lee, Chi-Chun and Kazemzadeh, Abe and Mower, Emily
             and Kim, Samuel and Chang, Jeannette N. and Lee, Sungbok and Narayanan, Shrikanth S.},
  title   = {{IEMOCAP}: interactive emotional dyadic motion capture database},
  journal = {Language Resources and Evaluation},
  volume  = {42},
  pages   = {335--359},
  year    = {2008},
  doi     = {10.1007/s10579-008-9076-6}
}
"""
LABEL_ROW = re.compile(r"^\[[\d. -]+\]\t(Ses\w+_([FM])\d+)\t(\w+)\t", re.MULTILINE)
TRANSCRIPT = re.compile(r"^(Ses\w+) \[[\d.-]+\]:(.*)$", re.MULTILINE)
TAG = re.compile(r"\[[^]]*\]")


def read(root: Path) -> Reading:
    """Read the sessions that are there.

    Raises:
        InputError: A recording or the transcriptions of a labelled dialogue are missing.
    """
    above = root / "IEMOCAP_full_release"
    root = above if above.is_dir() else root
    left_out: Counter[str] = Counter()
    for session in (root / f"Session{number}" for number in range(1, 6)):
        dialogs = sorted(session.glob("dialog/EmoEvaluation/Ses*.txt"))
        if not dialogs:
            left_out[f"no labels of {session.name}"] += 1
        for labels in dialogs:
            yield from _read_dialog(session, labels, left_out)
    return left_out


def _read_dialog(session: Path, labels: Path, left_out: Counter[str]) -> Iterator[Utterance]:
    transcripts = dict(TRANSCRIPT.findall(_text(session / "dialog/transcriptions" / labels.name)))
    for id, letter, label in sorted(LABEL_ROW.findall(_text(labels))):
        emotion = LABELS.get(label)
        if emotion is None:
            left_out[f"label {label}"] += 1
            continue
        if id not in transcripts:
            left_out["no transcript"] += 1
            continue
        yield Utterance(
            id=id,
            audio=_present(session / "sentences/wav" / labels.stem / f"{id}.wav"),
            transcript=" ".join(TAG.sub(" ", transcripts[id]).split()),
            emotion=emotion,
            speaker=id[:5] + letter,
            group=id[:5],
            language=LANGUAGE,
            sex=SEXES[letter.lower()],
        )


def _text(path: Path) -> str:
    return _present(path).read_text(encoding="utf-8", errors="replace")


def _present(path: Path) -> Path:
    if not path.is_file():
        raise InputError(
            f"iemocap: expected {path}, which the labels refer to, but it is missing. Unpack the "
            "release again, or list the recordings that you have in a manifest."
        )
    return path
