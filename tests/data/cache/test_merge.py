"""The shards of a corpus are merged into one file."""

from dataclasses import replace

import h5py
import pytest
from caches import PROVENANCE, features, recordings, write_cache

from mdat_data import InputError
from mdat_data.cache import FeaturesWriter, census, open_features
from mdat_data.cache.check import check
from mdat_data.cache.merge import merge

ROWS = {"1/2": (0, 2, 3), "2/2": (1, 4)}


def write_shard(path, shard, *, rows=None, **replaced):
    """Write a shard of the toy file."""
    rows = rows or ROWS[shard]
    whole = recordings()
    of = census(whole, transcripts=False)
    writer = FeaturesWriter.open(
        path,
        root=whole[0].utterance.audio.parents[1],
        recordings=[whole[row] for row in rows],
        provenance=replace(PROVENANCE, **{"shard": shard, "shard_of": of, **replaced}),
        plan=[range(len(rows))],
    )
    writer.pending()
    writer.write(0, [features(row) for row in rows])
    writer.assemble()
    return path


@pytest.fixture
def shards(tmp_path):
    return [write_shard(tmp_path / f"part{shard[0]}.h5", shard) for shard in ROWS]


@pytest.mark.parametrize("order", [1, -1])
def test_the_merged_file_is_equal_to_that_of_one_run(tmp_path, shards, order):
    out, whole = tmp_path / "merged.h5", write_cache(tmp_path / "whole.h5")
    assert merge(shards[::order], out) == 5
    with open_features(out) as merged, open_features(whole) as expected:
        assert merged.digests == expected.digests
        assert merged.recordings == expected.recordings
        assert [merged.tokens(n) for n in range(5)] == [expected.tokens(n) for n in range(5)]
        made = replace(merged.provenance, created=PROVENANCE.created, cut=PROVENANCE.cut)
        assert made == expected.provenance
    assert check(out).faults == ()
    assert not list(tmp_path.glob("merged.h5.*"))


def test_the_ids_of_cut_utterances_are_joined(tmp_path):
    parts = [
        write_shard(tmp_path / f"part{n}.h5", f"{n}/2", cut=cut)
        for n, cut in ((1, ("3",)), (2, ("1",)))
    ]
    merge(parts, tmp_path / "merged.h5")
    with open_features(tmp_path / "merged.h5") as cache:
        assert cache.provenance.cut == ("1", "3")


def test_recognised_transcripts_are_added_up(tmp_path):
    parts = [
        write_shard(
            tmp_path / f"part{n}.h5",
            f"{n}/2",
            text=replace(PROVENANCE.text, recognizer="ear@1", recognized=count),
        )
        for n, count in ((1, 3), (2, 0))
    ]
    merge(parts, tmp_path / "merged.h5")
    with open_features(tmp_path / "merged.h5") as cache:
        text = cache.provenance.text
    assert (text.recognizer, text.recognized) == ("ear@1", 3)


def test_a_second_merge_has_nothing_to_do(tmp_path, shards):
    merge(shards, tmp_path / "merged.h5")
    before = (tmp_path / "merged.h5").stat().st_ino
    merge(shards, tmp_path / "merged.h5")
    assert (tmp_path / "merged.h5").stat().st_ino == before


def test_missing_shards_are_named(tmp_path, shards):
    with pytest.raises(InputError, match="2 shards once; missing: 2/2; repeated: none"):
        merge(shards[:1], tmp_path / "merged.h5")
    assert not list(tmp_path.glob("merged.h5*"))


def test_a_repeated_shard_is_named(tmp_path, shards):
    again = write_shard(tmp_path / "again.h5", "1/2")
    with pytest.raises(InputError, match=r"missing: none; repeated: 1/2 \(.*part1.*again"):
        merge([*shards, again], tmp_path / "merged.h5")


def test_the_file_of_a_whole_corpus_is_refused(tmp_path, shards):
    whole = write_cache(tmp_path / "whole.h5")
    with pytest.raises(
        InputError, match=r"whole.h5: expected a shard \(--shard\), but it is a whole"
    ):
        merge([whole, *shards], tmp_path / "merged.h5")


@pytest.mark.parametrize(
    ("replaced", "difference"),
    [
        ({"store": "float32"}, "store: float16 there, float32 here"),
        ({"versions": {"torch": "2.14.0"}}, "version of torch: 2.13.0 there, 2.14.0 here"),
        ({"shard_of": "7 with digest x"}, "utterances of all: 5 with digest .* there, 7"),
        ({"shard": "2/3"}, "number of shards: 2 there, 3 here"),
        (
            {"text": replace(PROVENANCE.text, recognizer="ear@1")},
            'text recognizer: null there, "ear@1" here',
        ),
    ],
)
def test_shards_of_other_settings_are_refused_with_the_difference(
    tmp_path, shards, replaced, difference
):
    other = write_shard(tmp_path / "other.h5", replaced.pop("shard", "2/2"), rows=(1,), **replaced)
    with pytest.raises(InputError, match=f"are not shards of one corpus:\n  {difference}"):
        merge([shards[0], other], tmp_path / "merged.h5")


def test_shards_of_other_utterances_are_refused(tmp_path, shards):
    other = write_shard(tmp_path / "other.h5", "2/2", rows=(1, 3))
    with pytest.raises(InputError, match=r"the shards have 5 .*; repeated: 3\. Encode"):
        merge([shards[0], other], tmp_path / "merged.h5")


def test_a_damaged_shard_names_the_utterance(tmp_path, shards):
    with h5py.File(shards[1], "a") as file:
        file["speech/12"][1, 0, 0] = 1
    with pytest.raises(InputError, match=r"part2.h5: .* of utterance 4 have changed"):
        merge(shards, tmp_path / "merged.h5")
    assert not (tmp_path / "merged.h5").exists()
