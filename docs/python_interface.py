"""The Python interface, from recordings to a saved run, on two small synthetic corpora.

    python docs/python_interface.py demo/python

The folder that it names receives the corpora, their features files and the runs. It needs the
packages of `pip install "mdat-keras[demo]"` and, for the tables, pandas. Nothing is downloaded.
"""

import sys
from pathlib import Path

import mdat_data
import mdat_extract
import mdat_train


def main(folder: Path) -> None:
    """Encode, look at the features, train, and read the results again."""
    # 1. Recordings to features. A second call finds the finished file.
    for name in ("demo-de", "demo-it"):
        summary = mdat_extract.extract(
            name,
            root=folder / "corpora" / name,
            out=folder / f"{name}.h5",
            speech_encoder="logmel",
            text_encoder="char-ngram",
        )
        print(f"{summary.out.name}: {len(summary.corpus.recordings)} utterances")

    # 2. A features file: utterances by id, and a table for pandas.
    with mdat_data.open_features(folder / "demo-de.h5") as features:
        id = features.ids[0]
        print(id, features[id].utterance.emotion, features[id].speech["last"].shape)
        print(features.to_pandas().groupby(["speaker", "emotion"]).size().unstack())

    # 3. Within a corpus: every utterance is predicted by a model that was not trained on its fold.
    run = mdat_train.cross_validate(folder / "demo-de.h5", model="linear", seeds=2)
    print(run.summary())
    run.save(folder / "within")

    # 4. Across languages: zero-shot, then adapted with labelled utterances of the target.
    run = mdat_train.transfer(
        [folder / "demo-de.h5"],
        folder / "demo-it.h5",
        model="linear",
        shots=[0, 5, 10],
        split="random",
        seeds=1,
        shot_draws=2,
    )
    for result in run.metrics():
        condition = result.condition
        print(f"{condition.model}, trained on {condition.trained_on}, tested on", end=" ")
        print(f"{condition.tested_on}, {condition.shots} shots: UA {result.ua.mean:.3f}")
    run.save(folder / "transfer")

    # 5. Any metric can be computed again from the predictions of a saved run.
    table = mdat_train.read_run(folder / "transfer").predictions.to_pandas()
    print((table.truth == table.predicted).groupby(table.shots).mean())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
