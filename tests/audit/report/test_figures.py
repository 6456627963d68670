"""What the figures show."""

from dataclasses import replace

import numpy as np
from toy_items import audited, balanced, item

from mdat_audit.overview.map import Map
from mdat_audit.report.figures import draw_figures, durations_figure, map_figure

ITEMS = balanced(speakers=3, clips=1)
HOSTILE = ("$\\frac$", "\x1b[31msad\n", "غصہ 怒", "w" * 1000)


def of_map(items):
    points = np.random.default_rng(0).normal(size=(len(items), 2))
    return Map(method="pca", points=points, shares=(0.5, 0.25))


def legend(axes):
    return [text.get_text() for text in axes.get_legend().get_texts()]


def test_the_map_is_coloured_by_emotion_and_speaker():
    emotion, speaker = map_figure(ITEMS, of_map(ITEMS)).axes
    assert legend(emotion) == ["angry", "happy", "sad"]
    assert legend(speaker) == ["s0", "s1", "s2"]
    assert emotion.get_xlabel() == "component 1 (50 %)"
    assert len(emotion.collections[0].get_offsets()) == len(ITEMS)


def test_points_have_the_colours_of_their_emotions():
    places = np.array([[ord(i.utterance.emotion[0]), 0.0] for i in ITEMS])
    drawn = map_figure(ITEMS, Map(method="umap", points=places, shares=())).axes[0]
    points, *keys = drawn.collections
    pairs = zip(points.get_offsets(), points.get_facecolors(), strict=True)
    colours = {chr(int(place[0])): tuple(colour[:3]) for place, colour in pairs}
    of_keys = [tuple(key.get_facecolors()[0][:3]) for key in keys]
    assert [colours[letter] for letter in "ahs"] == of_keys
    assert drawn.get_xlabel() == "UMAP 1"


def test_of_many_speakers_those_with_the_most_recordings_are_named():
    speakers = [f"s{n}" for n in range(30)] + [f"s{n}" for n in range(10, 30)]
    items = [item(f"{n}", "sad", speaker) for n, speaker in enumerate(speakers)]
    points = np.array([[float(speaker[1:]), 0.0] for speaker in speakers])
    _, speaker = map_figure(items, Map(method="umap", points=points, shares=())).axes
    assert speaker.get_title() == "speaker (30)"
    assert legend(speaker) == [*(f"s{n}" for n in range(10, 30)), "10 others"]
    drawn = speaker.collections[0]
    black = [(colour[:3] == 0).all() for colour in drawn.get_facecolors()]
    assert black == [number < 10 for number in drawn.get_offsets()[:, 0]]


def test_several_corpora_have_a_panel():
    items = [item(f"{n}", "sad", "s", corpus=f"c{n % 2}") for n in range(4)]
    *_, corpus = map_figure(items, of_map(items)).axes
    assert legend(corpus) == ["c0", "c1"]


def test_durations_have_a_box_for_each_emotion():
    axes = durations_figure(ITEMS).axes[0]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["angry", "happy", "sad"]


def test_words_are_drawn_as_they_are_without_a_warning(tmp_path):
    items = [item(f"{n}", word, word) for n, word in enumerate(HOSTILE)]
    names = draw_figures(audited(items, map=of_map(items)), tmp_path)
    assert names == ("durations.png", "map.png")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)
    ticks = [tick.get_text() for tick in durations_figure(items).axes[0].get_xticklabels()]
    assert {"$\\frac$", "\\x1b[31msad\\n", "w" * 19 + "…"} <= {*ticks}


def test_without_a_map_there_are_durations_only(tmp_path):
    assert draw_figures(audited(ITEMS), tmp_path) == ("durations.png",)
    unlabelled = [replace(i, utterance=replace(i.utterance, emotion=None)) for i in ITEMS]
    assert draw_figures(audited(unlabelled), tmp_path) == ("durations.png",)
