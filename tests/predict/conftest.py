"""What the tests of prediction share: recordings, their features, and a run."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from predictable import save_run
from toy_corpora import write_emodb

from mdat_data import open_features
from mdat_extract import extract


@dataclass(frozen=True)
class Toy:
    """A corpus, its features by the encoders that need no model, and a run on them.

    Attributes:
        root: Folder of the recordings.
        features: The features file.
        run: Folder of a linear model.
        transcripts: Table of all transcripts.
    """

    root: Path
    features: Path
    run: Path
    transcripts: Path

    @property
    def recordings(self) -> list[Path]:
        return sorted((self.root / "wav").iterdir())


def write_transcripts(features: Path, out: Path) -> Path:
    """Write the transcripts of a features file as a table."""
    with open_features(features) as file:
        lines = [f"{u.id}\t{u.transcript}" for u in file.utterances]
    out.write_text("id\ttext\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return out


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Toy:
    folder = tmp_path_factory.mktemp("toy")
    write_emodb(folder / "emodb")
    features = folder / "emodb.h5"
    extract(
        "emodb",
        root=folder / "emodb",
        out=features,
        speech_encoder="logmel",
        text_encoder="char-ngram",
    )
    return Toy(
        root=folder / "emodb",
        features=features,
        run=save_run(folder / "run", features),
        transcripts=write_transcripts(features, folder / "words.tsv"),
    )
