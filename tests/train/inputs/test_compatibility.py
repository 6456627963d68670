"""Features files that cannot be used together."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import caches
import pytest
from toy_features import modality, selection, utterances, write_features

from mdat_data import InputError
from mdat_data.cache import Provenance, open_features
from mdat_train.inputs.compatibility import check_compatible

TOY = selection(utterances(speakers=1, clips=1))


def check(
    folder: Path, other: Provenance, *, mix: bool = False, names: tuple[str, str] = ("a.h5", "b.h5")
) -> None:
    first = write_features(folder / names[0], TOY)
    second = write_features(folder / "again" / names[1], TOY, provenance=other)
    with open_features(first) as a, open_features(second) as b:
        check_compatible([a, b], mix=mix)


@pytest.fixture(autouse=True)
def second_folder(tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()


@pytest.mark.parametrize("mix", [False, True])
def test_files_of_the_same_settings_are_compatible(tmp_path, mix):
    check(tmp_path, caches.PROVENANCE, mix=mix)


@pytest.mark.parametrize(
    ("of", "changed", "named"),
    [
        ("speech", {"encoder": "eye"}, "speech encoder: ear in .*a.h5, eye in .*b.h5"),
        ("speech", {"revision": "2"}, "speech revision: 1 in .*a.h5, 2 in .*b.h5"),
        ("text", {"revision": "abc"}, "text revision: 1 in .*a.h5, abc in .*b.h5"),
        ("text", {"precision": "bfloat16"}, "text precision: float32 in .*, bfloat16 in"),
        ("speech", {"crop": 10.0}, "speech crop: 30.0 in .*, 10.0 in"),
        ("speech", {"frames_per_second": 25.0}, "speech frames_per_second: 50.0 in .*, 25.0 in"),
    ],
)
def test_differences_are_named(tmp_path, of, changed, named):
    with pytest.raises(InputError, match=named):
        check(tmp_path, modality(of, **changed))


def test_transcripts_of_one_file_may_be_recognised(tmp_path):
    check(tmp_path, modality("text", recognizer="ear@1", recognized=3))


@pytest.mark.parametrize(
    ("of", "layers"),
    [
        ("speech", ("last",)),
        ("speech", ("12", "7")),
        ("text", ("6", "last")),
        ("text", ("6",)),  # which of them is used is checked where it is read
    ],
)
def test_layers_that_are_not_used_may_differ(tmp_path, of, layers):
    check(tmp_path, modality(of, layers=layers))


@pytest.mark.parametrize("layers", [("last",), ("12", "7"), ("last", "12")])
def test_mix_needs_the_same_layers_in_the_same_order(tmp_path, layers):
    named = f"speech layers: 12, last in .*, {', '.join(layers)} in"
    with pytest.raises(InputError, match=named):
        check(tmp_path, modality("speech", layers=layers), mix=True)


@pytest.mark.parametrize("target", [False, True])
def test_a_shard_is_refused(tmp_path, target):
    shard = replace(caches.PROVENANCE, shard="3/8", shard_of="400 with digest 0123456789abcdef")
    made = (caches.PROVENANCE, shard) if target else (shard,)
    paths = [
        write_features(tmp_path / f"{n}.h5", TOY, provenance=each) for n, each in enumerate(made)
    ]
    named = rf"{paths[-1].name} is shard 3/8 of {shard.corpus}: join .* with mdat-features merge"
    with ExitStack() as stack, pytest.raises(InputError, match=named):
        check_compatible([stack.enter_context(open_features(path)) for path in paths], mix=False)


def test_files_that_share_recordings_are_refused(tmp_path):
    # The checksums of toy recordings depend on the name of the file.
    with pytest.raises(
        InputError, match=r"must have different recordings; got 4 .* such as s0-.*tested"
    ):
        check(tmp_path, caches.PROVENANCE, names=("a.h5", "a.h5"))
