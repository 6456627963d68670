"""ELAN annotations, an `.eaf` file for each recording.

The emotions are annotations of the tier `emotion`. All probabilities, and what is said where
anything is known of it, are in tiers that depend on it. Annotations of one tier cannot overlap:
where segments do, those that do not fit are in further tiers, `emotion 2` and so on. A recording
that is a file is linked as the medium.

Reference: https://www.mpi.nl/tools/elan/EAF_Annotation_Format_3.0_and_ELAN.pdf
"""

from collections.abc import Sequence
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from mdat_data.printable import one_line
from mdat_predict.formats.files import FileOfEach
from mdat_predict.formats.tiers import EMOTION, Annotation, annotated, tier_name
from mdat_predict.prediction import Prediction

DEPENDENT = "Symbolic_Association"
"""ELAN's word for tiers with one annotation for each of another tier."""


def _save(of: Prediction, path: Path, reject: float) -> None:
    from pympi.Elan import Eaf

    file = Eaf(author="mdat-keras")
    file.add_linguistic_type(DEPENDENT, constraints=DEPENDENT, timealignable=False)
    file.remove_tier("default")
    if Path(of.recording).is_file():
        kind = guess_type(of.recording)[0] or "unknown"
        file.add_linked_file(_url(Path(of.recording)), mimetype=kind)
    for number, track in enumerate(annotated(of, reject=reject)):
        _add_track(file, number, track)
    file.to_file(str(path))


def _add_track(file: Any, number: int, track: Sequence[Annotation]) -> None:
    parent = tier_name(EMOTION, number)
    file.add_tier(parent)
    for each in track:
        begin, end = round(each.start * 1000), round(each.end * 1000)
        file.add_annotation(parent, begin, end, each.texts[EMOTION])
        annotation = next(reversed(file.tiers[parent][0]))
        for tier, text in each.texts.items():
            if tier != EMOTION:
                _add_dependent(file, tier_name(tier, number), parent, annotation, text)


def _add_dependent(file: Any, tier: str, parent: str, annotation: str, text: str) -> None:
    """Add a text that depends on an annotation.

    `Eaf.add_ref_annotation` looks for the annotation among all: minutes for ten hours.
    """
    if tier not in file.tiers:
        file.add_tier(tier, DEPENDENT, parent)
    own = file.generate_annotation_id()
    file.annotations[own] = tier
    file.tiers[tier][1][own] = (annotation, text, None, None)


def _url(path: Path) -> str:
    """The address of a file as ELAN writes it, blanks and umlauts included."""
    return f"file:///{one_line(path.absolute().as_posix()).lstrip('/')}"


_FORMAT = FileOfEach(suffix=".eaf", package="pympi", purpose="writes files of ELAN", save=_save)
check, write = _FORMAT.check, _FORMAT.write
