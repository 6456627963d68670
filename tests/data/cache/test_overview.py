"""The summary of a features file."""

from dataclasses import replace

from caches import PROVENANCE, write_cache

from mdat_data.cache import open_features
from mdat_data.cache.overview import overview


def test_the_summary_has_a_line_for_each_fact(tmp_path):
    provenance = replace(PROVENANCE, options={"limit": None}, shard="2/3", shard_of="9 with x")
    path = write_cache(tmp_path / "toy.h5", provenance=provenance)
    text = overview(path)
    for line in (
        "toy.h5: toy (de), 5 utterances, shard 2/3 of 9 with x",
        "  emotions: angry 5",
        "  speakers: s0 1, s1 1, s2 1, s3 1, s4 1",
        "  durations: 0.00 h, 0.00 to 0.40 s, mean 0.20",
        "  transcripts: 1",
        "  speech: ear at 1, layers 12, last, 8 values a step, 10 to 50 steps, computed in "
        "float32, cut at 30 s",
        "  text: eye at 1, layers last, 4 values a step, 2 to 6 steps, computed in float32, "
        "cut at 512 tokens",
        "  stored as float16, 0.0 MB, 2026-01-01T00:00:00+00:00",
        "  versions: torch 2.13.0",
        "  options: limit None",
        "  left out: 2 (label xxx)",
        "  left out, broken: not audio",
        "  cut: 1 (4)",
    ):
        assert f"{line}\n" in text
    with open_features(path) as file:
        assert text.endswith(f"\n  digest: {file.digest}")
