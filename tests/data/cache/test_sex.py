"""The sex of the speaker: an optional column, which files of earlier releases lack."""

from dataclasses import replace

import h5py
import pytest
from caches import PROVENANCE, features, recordings, write_cache

from mdat_data import InputError, Utterance
from mdat_data.cache import FeaturesWriter, census, open_features
from mdat_data.cache.check import check
from mdat_data.cache.merge import merge
from mdat_data.cache.overview import overview
from mdat_data.cache.schema import Recording

SEXES = ("female", "female", "male", "", "male")


def of_known_sex(sexes=SEXES) -> list[Recording]:
    return [
        replace(recording, utterance=replace(recording.utterance, sex=sex))
        for recording, sex in zip(recordings(), sexes, strict=True)
    ]


def write(out, of, **changed):
    """A features file of some recordings; None if it is there already."""
    made = replace(PROVENANCE, **changed)
    writer = FeaturesWriter.open(
        out, root=out.parent, recordings=of, provenance=made, plan=[range(len(of))]
    )
    if writer.finished:
        return None
    writer.pending()
    writer.write(0, [features(int(r.utterance.id)) for r in of])
    writer.assemble()
    return out


def stored(path) -> list[str]:
    with open_features(path) as file:
        return [utterance.sex for utterance in file.utterances]


def test_it_is_read_as_it_was_written(tmp_path):
    path = write(tmp_path / "toy.h5", of_known_sex())
    assert stored(path) == list(SEXES)
    assert check(path).faults == ()
    assert "  sexes: female 2, male 2, unknown 1" in overview(path).splitlines()


def test_a_file_without_it_is_that_of_an_earlier_release(tmp_path):
    path = write_cache(tmp_path / "toy.h5")
    with h5py.File(path) as file:
        assert "sex" not in file
    assert stored(path) == [""] * 5
    assert check(path).faults == ()
    assert "sexes" not in overview(path)


def test_it_is_part_of_the_digest_only_where_it_is_known(tmp_path):
    write_cache(tmp_path / "without.h5")
    write(tmp_path / "with.h5", of_known_sex())
    with open_features(tmp_path / "without.h5") as one, open_features(tmp_path / "with.h5") as two:
        same = [a == b for a, b in zip(one.digests, two.digests, strict=True)]
    assert same == [False, False, False, True, False]


@pytest.mark.parametrize(("row", "sex"), [(0, "male"), (0, ""), (3, "male")])
def test_a_change_names_the_utterance(tmp_path, row, sex):
    path = write(tmp_path / "toy.h5", of_known_sex())
    with h5py.File(path, "a") as file:
        file["sex"][row] = sex
    label, seal = sorted(check(path).faults, reverse=True)
    assert label.startswith(f"utterance {row} (row {row}): its features, lengths or labels")
    assert seal.startswith("the provenance, the tokens or a column")


def test_a_removed_column_is_found(tmp_path):
    path = write(tmp_path / "toy.h5", of_known_sex())
    with h5py.File(path, "a") as file:
        del file["sex"]
    assert len(check(path).faults) == 5  # four utterances, and the seal


def test_a_column_of_another_length_is_refused(tmp_path):
    path = write(tmp_path / "toy.h5", of_known_sex())
    with h5py.File(path, "a") as file:
        del file["sex"]
        file["sex"] = ["male"]
    with pytest.raises(InputError, match="sex: expected 5 values"):
        open_features(path)


def test_a_finished_file_that_lacks_it_stays_finished(tmp_path):
    path = write_cache(tmp_path / "toy.h5")
    with open_features(path) as file:
        of = [replace(r, utterance=replace(r.utterance, sex="male")) for r in file.recordings]
        made = file.provenance
    writer = FeaturesWriter.open(
        path, root=tmp_path, recordings=of, provenance=made, plan=[range(5)]
    )
    assert writer.finished


def test_a_finished_file_with_another_sex_is_refused(tmp_path):
    write(tmp_path / "toy.h5", of_known_sex())
    with pytest.raises(InputError, match="sexes: 4 with digest"):
        write(tmp_path / "toy.h5", of_known_sex(("male",) * 5))
    assert write(tmp_path / "toy.h5", of_known_sex()) is None


def test_the_table_has_a_column_where_it_is_known(tmp_path):
    pytest.importorskip("pandas")
    with open_features(write(tmp_path / "toy.h5", of_known_sex())) as file:
        assert file.to_pandas()["sex"].tolist() == list(SEXES)


def test_an_unknown_sex_is_no_word():
    fields = {"id": "1", "audio": "1.wav", "speaker": "s", "group": "s", "language": "de"}
    assert Utterance(**fields).sex == ""


def test_shards_of_which_one_knows_none_are_merged(tmp_path):
    whole = of_known_sex(("", "", "male", "male", "female"))
    of_all = census(whole, transcripts=False)
    shards = [
        write(tmp_path / f"{n}.h5", part, shard=f"{n}/2", shard_of=of_all)
        for n, part in ((1, whole[:2]), (2, whole[2:]))
    ]
    merge(shards, tmp_path / "merged.h5")
    assert stored(tmp_path / "merged.h5") == ["", "", "male", "male", "female"]
    assert check(tmp_path / "merged.h5").faults == ()
