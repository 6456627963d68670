"""nEMO, acted emotional speech (Polish).

Origin: nine actors (four women, five men) speak ninety sentences in six emotions, recorded at home;
4,481 recordings, 24 kHz mono.
Obtain: https://github.com/amu-cai/nEMO; unpack it into the root.
Licence: Creative Commons BY-NC-SA 4.0.
Layout: data.tsv and samples/MP0_sadness_51.wav. The table names the file, the emotion, the sentence
and the speaker, who stands in the file name too.
Oddities: the speakers have leading blanks in the table. The table names .wav files also where they
are distributed as .flac, which are accepted beside it. Every sentence is spoken in every emotion,
so the text alone does not give the emotion.
Citation: I. Christop: nEMO: Dataset of Emotional Speech in Polish. Joint International Conference
on Computational Linguistics, Language Resources and Evaluation 2024, pp. 12111-12116.
"""

from collections import Counter
from pathlib import Path

from mdat_data.corpus import FOREIGN, Reading, Size
from mdat_data.readers.table import read_table
from mdat_data.utterance import Utterance

LANGUAGE = "pl"
SIZE = Size(recordings=4481, speakers=9, hours=3.1)
LABELS = {
    "anger": "angry",
    "fear": "fear",
    "happiness": "happy",
    "neutral": "neutral",
    "sadness": "sad",
    "surprise": "surprise",
}
BIBTEX = """
@inproceedings{christop2024nemo,
  author    = {Christop, Iwona},
  title     = {{nEMO}: Dataset of Emotional Speech in {Polish}},
  booktitle = {Joint International Conference on Computational Linguistics, Language Resources and
               Evaluation},
  pages     = {12111--12116},
  year      = {2024}
}
"""
TABLE = "data.tsv"
COLUMNS = ("file_id", "emotion", "raw_text", "speaker_id")


def read(root: Path) -> Reading:
    """Read the recordings that are there: the folder may hold only some of the 4,481."""
    there = {path.stem: path for path in sorted(root.glob("samples/*.[wf]*"))}
    left_out: Counter[str] = Counter()
    table = root / TABLE
    rows = read_table(table, COLUMNS, delimiter="\t") if there or table.is_file() else []
    for cells in sorted((row.cells for row in rows), key=lambda cells: cells["file_id"]):
        id = Path(cells["file_id"]).stem
        audio, emotion = there.pop(id, None), LABELS.get(cells["emotion"])
        if audio is None:
            left_out[f"in {TABLE}, but not in samples"] += 1
        elif emotion is None:
            left_out[f"label {cells['emotion']}"] += 1
        else:
            yield Utterance(
                id=id,
                audio=audio,
                transcript=cells["raw_text"],
                emotion=emotion,
                speaker=cells["speaker_id"],
                group=cells["speaker_id"],
                language=LANGUAGE,
                sex=cells.get("gender", ""),
            )
    left_out.update({FOREIGN: len(there)} if there else {})
    return left_out
