"""Writing features files."""

import dataclasses
import hashlib
import signal
from pathlib import Path

import h5py
import numpy as np
import pytest
from caches import PROVENANCE, features, recordings, write_cache

from mdat_data import InputError
from mdat_data.cache import FeaturesWriter, assembly, open_features
from mdat_data.cache.parts import Parts
from mdat_data.process.output import MARK


def digests(path: Path) -> list[str]:
    with h5py.File(path) as file:
        return list(file["digest"].asstr())


def writer(out: Path, **replaced) -> FeaturesWriter:
    return FeaturesWriter.open(
        out,
        root=Path("/corpus"),
        recordings=recordings(),
        provenance=dataclasses.replace(PROVENANCE, **replaced),
        plan=[[0, 2], [1, 3, 4]],
    )


def test_schema_is_readable_by_any_hdf5_tool(path):
    with h5py.File(path) as file:
        assert (file.attrs["format"], file.attrs["version"]) == ("mdat-features", 1)
        assert file["speech/12"].shape == (5, 50, 8)
        assert file["speech/12"].dtype == np.float16
        assert file["speech/12"].chunks == (1, 16, 8)
        assert file["text_length"].dtype == np.int32
        assert not file["speech/12"][0, 10:].any()


@pytest.mark.parametrize("plan", [((0, 1, 2, 3, 4),), ((4, 0), (3, 1, 2))])
def test_tokens_are_stored_with_their_rows(tmp_path, plan):
    path = write_cache(tmp_path / "toy.h5", plan=plan)
    with open_features(path) as cache:
        assert cache.tokens(0) == ("tök0", "tök1")
        assert [len(cache.tokens(row)) for row in range(5)] == cache.lengths("text").tolist()
    with h5py.File(path) as file:
        assert file["text_token"].shape == file["text/last"].shape[:2]
        assert list(file["text_token"].asstr()[1]) == ["tök0", "tök1", "tök2", "", "", ""]


def test_there_are_as_many_tokens_as_rows():
    with pytest.raises(
        ValueError, match="expected a token for each step {'last': 2}, got 1 tokens"
    ):
        dataclasses.replace(features(0), tokens=("one",))


def test_padding_costs_no_disk(path):
    with h5py.File(path) as file:
        # 10, 20, 30, 40 and 50 steps need 1 + 2 + 2 + 3 + 4 chunks of 16.
        assert file["speech/12"].id.get_num_chunks() == 12


def test_the_order_of_batches_has_no_effect(tmp_path, path):
    other = write_cache(tmp_path / "other.h5", plan=[[4], [3, 0], [1, 2]])
    assert digests(path) == digests(other)


def test_the_digest_depends_on_rows_and_labels(tmp_path, path):
    relabelled = recordings()
    utterance = dataclasses.replace(relabelled[1].utterance, emotion="sad")
    relabelled[1] = dataclasses.replace(relabelled[1], utterance=utterance)
    other = digests(write_cache(tmp_path / "other.h5", recordings=relabelled))
    differs = [a != b for a, b in zip(digests(path), other, strict=True)]
    assert differs == [False, True, False, False, False]


def test_digest_of_one_utterance_by_hand(path):
    u, f = recordings()[0].utterance, features(0)
    digest = hashlib.sha256(b'["0", "angry", "s0", "s0", ""]')
    digest.update(b"speech/12 (10, 8) <f2" + f.speech["12"].astype("<f2").tobytes())
    digest.update(b"speech/last (10, 8) <f2" + f.speech["last"].astype("<f2").tobytes())
    digest.update(b"text/last (2, 4) <f2" + f.text["last"].astype("<f2").tobytes())
    assert u.id == "0"
    assert digests(path)[0] == digest.hexdigest()


def test_interrupted_writing_continues_to_the_same_file(tmp_path, path):
    out = tmp_path / "again.h5"
    first = writer(out)
    assert first.pending() == [0, 1]
    first.write(0, [features(0), features(2)])
    second = writer(out)
    assert second.pending() == [1]
    second.write(1, [features(1), features(3), features(4)])
    second.assemble()
    assert digests(out) == digests(path)
    with open_features(out) as cache:
        assert [cache.tokens(row) for row in range(5)] == [features(row).tokens for row in range(5)]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["again.h5", "toy.h5"]


def test_interrupted_assembly_ends_at_once_and_continues(tmp_path, path, monkeypatch):
    out, calls, write_rows = tmp_path / "again.h5", [], assembly._write_rows

    def interrupted(file, index, of_one):
        calls.append(index)
        signal.raise_signal(signal.SIGINT)
        write_rows(file, index, of_one)

    first = writer(out)
    first.pending()
    first.write(0, [features(0), features(2)])
    first.write(1, [features(1), features(3), features(4)])
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(assembly, "_write_rows", interrupted)
        first.assemble()
    assert calls == [0]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["again.h5.parts", "toy.h5"]
    second = writer(out)
    assert second.pending() == []
    second.assemble()
    assert digests(out) == digests(path)


def test_only_opening_touches_the_disk(tmp_path):
    out = tmp_path / "new" / "toy.h5"
    parts = Parts(out, {})
    FeaturesWriter(
        out=out,
        root=Path("/corpus"),
        recordings=recordings(),
        provenance=PROVENANCE,
        plan=[],
        parts=parts,
        finished=False,
    )
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("size", [0, 1, 100, 2000, -100, -1])
def test_part_cut_short_is_made_again(tmp_path, size):
    first = writer(tmp_path / "toy.h5")
    first.pending()
    first.write(0, [features(0), features(2)])
    (part,) = tmp_path.glob("toy.h5.parts/*/*.npz")
    part.write_bytes(part.read_bytes()[:size])
    assert writer(tmp_path / "toy.h5").pending() == [0, 1]


def test_part_with_a_flipped_bit_is_made_again(tmp_path):
    first = writer(tmp_path / "toy.h5")
    first.pending()
    first.write(0, [features(0), features(2)])
    (part,) = tmp_path.glob("toy.h5.parts/*/*.npz")
    content = bytearray(part.read_bytes())
    content[1000] ^= 1
    part.write_bytes(content)
    assert writer(tmp_path / "toy.h5").pending() == [0, 1]


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff", b"7"])
def test_damaged_settings_of_parts_are_named(content, tmp_path):
    first = writer(tmp_path / "toy.h5")
    first.pending()
    first.write(0, [features(0), features(2)])
    (settings,) = tmp_path.glob("toy.h5.parts/*/settings.json")
    settings.write_bytes(content)
    with pytest.raises(InputError, match=r"settings\.json is damaged: .* or remove it"):
        writer(tmp_path / "toy.h5", store="float32").pending()


@pytest.mark.parametrize("kept", [["settings.json", "000000.npz"], ["settings.json"], []])
def test_parts_of_a_file_that_was_finished_are_removed(tmp_path, kept):
    out = tmp_path / "toy.h5"
    first = writer(out)
    first.pending()
    (settings,) = tmp_path.glob("toy.h5.parts/*/settings.json")
    content = settings.read_bytes()
    first.write(0, [features(0), features(2)])
    first.write(1, [features(1), features(3), features(4)])
    first.assemble()
    settings.parent.mkdir(parents=True)
    [(settings.parent / name).write_bytes(content) for name in kept]
    assert writer(out).finished
    assert list(tmp_path.iterdir()) == [out]


def test_parts_of_other_settings_are_kept_when_the_file_is_finished(tmp_path):
    out = tmp_path / "toy.h5"
    other = writer(out, store="float32")
    other.pending()
    other.write(0, [features(0), features(2)])
    write_cache(tmp_path / "made.h5").rename(out)
    assert writer(out).finished
    assert len(list(tmp_path.glob("toy.h5.parts/*/*.npz"))) == 1


@pytest.mark.parametrize("kept", [["settings.json"], []])
def test_the_folder_of_a_process_that_was_killed_before_its_first_part_is_removed(tmp_path, kept):
    out = tmp_path / "toy.h5"
    writer(out, store="float32").pending()
    for settings in tmp_path.glob("toy.h5.parts/*/settings.json"):
        if settings.name not in kept:
            settings.unlink()
    made = writer(out)
    made.pending()
    made.write(0, [features(0), features(2)])
    made.write(1, [features(1), features(3), features(4)])
    made.assemble()
    assert list(tmp_path.iterdir()) == [out]


def test_finished_file_is_recognised(path):
    assert writer(path).finished


def test_finished_file_of_other_settings_is_refused(path):
    with pytest.raises(InputError, match="store: float16 there, float32 here"):
        writer(path, store="float32")


def test_parts_of_other_settings_are_refused(tmp_path):
    first = writer(tmp_path / "toy.h5")
    first.pending()
    first.write(0, [features(0), features(2)])
    with pytest.raises(InputError, match="version of torch: 2.13.0 there, 2.14.0 here"):
        writer(tmp_path / "toy.h5", versions={"torch": "2.14.0"}).pending()


@pytest.mark.parametrize("value", [np.nan, np.inf, 70000.0])
def test_values_that_cannot_be_stored_are_refused_with_the_utterance(tmp_path, value):
    bad = {layer: rows.copy() for layer, rows in features(2).speech.items()}
    bad["last"][0, 0] = value
    first = writer(tmp_path / "toy.h5")
    first.pending()
    with pytest.raises(InputError, match="speech/last of utterance 2: .*--store float32"):
        first.write(0, [features(0), dataclasses.replace(features(2), speech=bad)])
    assert not list(tmp_path.glob("**/*.npz"))


def test_names_beyond_64_kib_are_kept(tmp_path):
    cut = tuple(f"a rather long name of an utterance {i}" for i in range(5000))
    provenance = dataclasses.replace(PROVENANCE, cut=cut)
    with open_features(write_cache(tmp_path / "toy.h5", provenance=provenance)) as cache:
        assert cache.provenance.cut == cut


def test_files_of_the_user_beside_the_parts_are_kept(tmp_path):
    mine = tmp_path / "toy.h5.parts" / "notes.txt"
    mine.parent.mkdir()
    mine.write_text("mine")
    write_cache(tmp_path / "toy.h5")
    assert [path.name for path in mine.parent.iterdir()] == ["notes.txt"]
    writer(tmp_path / "toy.h5")
    assert mine.read_text() == "mine"


@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_file_or_a_link_in_the_place_of_the_parts_is_left_alone(tmp_path, kind):
    parts, mine = tmp_path / "toy.h5.parts", tmp_path / "mine"
    mine.mkdir()
    if kind == "file":
        parts.write_text("mine")
    else:
        parts.symlink_to(mine)
    with pytest.raises(InputError, match=r"needs the folder .*toy\.h5\.parts for its finished"):
        writer(tmp_path / "toy.h5")
    assert list(mine.iterdir()) == []


def test_what_a_killed_process_left_of_a_part_is_removed(tmp_path):
    first = writer(tmp_path / "toy.h5")
    first.pending()
    (settings,) = tmp_path.glob("toy.h5.parts/*/settings.json")
    left = settings.with_name(f".000001.npz.{'0' * 16}{MARK}")
    left.touch()
    assert writer(tmp_path / "toy.h5").pending() == [0, 1]
    assert not left.exists()


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
@pytest.mark.parametrize("name", ["transcript", "id", "speaker", "audio"])
def test_a_text_that_cannot_be_stored_is_refused_before_anything_is_encoded(tmp_path, name, text):
    first, *others = recordings()
    value = Path(text) if name == "audio" else text
    wrong = dataclasses.replace(
        first, utterance=dataclasses.replace(first.utterance, **{name: value})
    )
    with pytest.raises(InputError, match=f"got 1 others: {name} of "):
        FeaturesWriter.open(
            tmp_path / "toy.h5",
            root=Path(),
            recordings=[wrong, *others],
            provenance=PROVENANCE,
            plan=[range(5)],
        )
    assert list(tmp_path.iterdir()) == []
