"""A picture of each segment, under a name that every system of files takes."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from missing_packages import call_without
from predictable import save_run
from summing_runs import save_summing_run

import mdat_predict
from mdat_data import InputError
from mdat_extract.inputs.audio import load
from mdat_predict.cli.predict import main
from mdat_predict.explain.explanation import Attention, Explanation, explain
from mdat_predict.explain.folder import file_name, with_pictures
from mdat_predict.explain.picture import ATTENTION, MOST_TOKENS, picture, words_as_they_are
from mdat_predict.prediction import Segment
from mdat_predict.saved.encoding import Encoding
from mdat_predict.stages import Found

SEGMENT = Segment(1.0, 2.0, (0.25, 0.75))
NOISE = np.random.default_rng(0).normal(size=16_000).astype(np.float32)
EXPLANATION = Explanation(
    emotion="calm",
    probability=0.75,
    rate=10.0,
    speech=np.linspace(-0.1, 0.4, 10),
    tokens=("das", "tuch"),
    text=np.array([0.2, -0.1]),
    attention=(Attention(name="co attention", rate=10.0, speech=np.ones(10), text=np.ones(2)),),
)
HOSTILE = "../$x_{$\n\x1b[31m<b>&/\ud800\u202e\x00" + 300 * "é" + ".wav"


def drawn(of: Explanation, path: Path, recording: str = "a.wav") -> bytes:
    with words_as_they_are():
        picture(of, NOISE, SEGMENT, recording).savefig(path)
    return path.read_bytes()


def titles(of: Explanation) -> list[str]:
    return [axes.get_title() for axes in picture(of, NOISE, SEGMENT, "a.wav").axes]


def test_there_is_a_panel_for_each_thing_that_is_known():
    assert titles(EXPLANATION) == [
        "waveform",
        "fall of the probability of calm when the speech around is masked (blue: it rises)",
        "fall of the probability of calm when a token is masked (blue: it rises)",
        f"{ATTENTION}: speech",
        f"{ATTENTION}: text",
    ]
    silent = replace(EXPLANATION, tokens=(), text=np.empty(0), attention=())
    assert len(titles(silent)) == 2
    reading = replace(EXPLANATION, speech=np.empty(0), attention=())
    assert titles(reading)[1].endswith("when a token is masked (blue: it rises)")


def test_what_cannot_be_masked_is_said():
    alone = replace(EXPLANATION, speech=np.array([np.nan]), text=np.array([np.nan]), attention=())
    assert titles(alone)[1:] == [
        "too short: a single step of speech cannot be masked",
        "a single token cannot be masked",
    ]


def test_waveform_and_falls_are_on_the_same_seconds():
    axes = picture(EXPLANATION, NOISE, SEGMENT, "a.wav").axes
    assert {axes[panel].get_xlim() for panel in (0, 1, 3)} == {(1.0, 2.0)}
    [bars, _] = axes[1].collections  # the falls above zero: the last ones
    xs = bars.get_paths()[0].vertices
    assert xs[xs[:, 1] > 0.39, 0].max() == pytest.approx(2.0)


def test_pictures_of_other_explanations_differ(tmp_path):
    other = replace(EXPLANATION, speech=EXPLANATION.speech[::-1])
    one, same, different = (
        drawn(of, tmp_path / f"{n}.png") for n, of in enumerate((EXPLANATION, EXPLANATION, other))
    )
    assert one.startswith(b"\x89PNG")
    assert one == same
    assert one != different


def test_words_of_others_are_drawn_as_they_are(tmp_path, recwarn):
    words = ("$", "_{", "\\frac{1}", "\x1b[31m", "语", HOSTILE)
    hostile = replace(EXPLANATION, emotion="$\\frac", tokens=words, text=np.ones(6), attention=())
    assert drawn(hostile, tmp_path / "a.png", HOSTILE)
    assert not recwarn.list


def test_many_tokens_are_named_where_they_matter():
    tokens = tuple(f"t{number}" for number in range(500))
    many = replace(EXPLANATION, tokens=tokens, text=np.arange(500) / 1000, attention=())
    axes = picture(many, NOISE, SEGMENT, "a.wav").axes[2]
    shown = [label.get_text() for label in axes.get_xticklabels()]
    assert shown == list(tokens[-MOST_TOKENS:])


@pytest.mark.parametrize("recording", [HOSTILE, "..", "/", "-", "a/b/c.wav", "con.wav"])
def test_names_of_files_are_safe(recording, tmp_path):
    name = file_name(Found(recording, SEGMENT, NOISE, []), 7)
    assert name.startswith("00007-")
    assert Path(name).name == name
    (tmp_path / name).write_bytes(b"")
    assert not set(name) & set("$<>:|?*&\\/\n\x1b")


def test_the_command_draws_each_segment(toy, tmp_path):
    folder = tmp_path / "new" / "pictures"
    given = [toy.run, toy.recordings[0], toy.recordings[0], "--segments", "whole"]
    result = CliRunner().invoke(main, [*map(str, given), "--explain", str(folder)])
    assert result.exit_code == 0, result.output
    one, two = sorted(folder.iterdir())
    assert one.name != two.name
    assert one.read_bytes() == two.read_bytes()
    again = CliRunner().invoke(main, [*map(str, given), "--explain", str(folder)])
    assert again.exit_code == 2
    assert "a new or an empty folder" in " ".join(again.output.split())


def test_a_segment_that_is_drawn_is_encoded_once(toy, tmp_path, monkeypatch):
    encoded = []
    encode = Encoding.features

    def counted(self, waveforms, texts):
        encoded.extend(texts)
        return encode(self, waveforms, texts)

    monkeypatch.setattr(Encoding, "features", counted)
    given = [*map(str, [toy.run, *toy.recordings[:3]]), "--segments", "whole"]
    result = CliRunner().invoke(main, [*given, "--explain", str(tmp_path / "pictures")])
    assert result.exit_code == 0, result.output
    assert len(encoded) == 3


def test_pictures_change_no_prediction(toy, tmp_path):
    given = [str(toy.run), *map(str, toy.recordings[:3]), "--segments", "whole"]
    plain = CliRunner().invoke(main, given)
    explained = CliRunner().invoke(main, [*given, "--explain", str(tmp_path / "pictures")])
    assert explained.output == plain.output


def test_a_model_is_explained_without_keras(toy, tmp_path):
    arguments = [toy.run, toy.recordings[0], "--segments", "whole", "--explain", tmp_path / "out"]
    result = call_without(
        ("keras", "tensorflow", "matplotlib.pyplot"),
        "mdat_predict.cli.predict",
        [*map(str, arguments)],
    )
    assert result.returncode == 0, result.stderr
    assert [path.suffix for path in (tmp_path / "out").iterdir()] == [".png"]


def test_an_explanation_names_tokens_and_reads_attention(toy, tmp_path):
    model = mdat_predict.load(save_run(tmp_path / "run", toy.features, model="mdat"))
    found = explain(model, load(toy.recordings[0]), "Der Lappen liegt")
    assert found.tokens == ("der", "lappen", "liegt")
    assert len(found.text) == 3
    named = {each.name: each for each in found.attention}
    assert named.keys() == {"graph attention", "co attention"}
    for each in found.attention:
        assert (len(each.speech), len(each.text)) == (len(found.speech), 3)
    # Of the graph over all nodes, and of each stream.
    of_graph, co = named["graph attention"], named["co attention"]
    assert of_graph.speech.sum() + of_graph.text.sum() == pytest.approx(1, abs=1e-5)
    assert (co.speech.sum(), co.text.sum()) == pytest.approx((1, 1), abs=1e-5)
    assert found.emotion in model.classes
    [probabilities] = model.probabilities([load(toy.recordings[0])], ["Der Lappen liegt"])
    assert found.probability == pytest.approx(probabilities.max())


def test_another_emotion_can_be_explained(toy):
    model = mdat_predict.load(toy.run)
    waveform = load(toy.recordings[0])
    for emotion in model.classes:
        assert explain(model, waveform, emotion=emotion).emotion == emotion


def test_without_words_no_token_is_shown(toy):
    found = explain(mdat_predict.load(toy.run), load(toy.recordings[0]))
    assert (found.tokens, found.text.size) == ((), 0)


def test_runs_that_read_other_tokens_are_refused_before_the_work(tmp_path):
    names = ("char-ngram", "xlmr")
    model = mdat_predict.load(*(save_summing_run(tmp_path / n, text_encoder=n) for n in names))
    with pytest.raises(InputError, match="Explain one run at a time"):
        with_pictures(model, iter(()), tmp_path / "pictures")
    assert not (tmp_path / "pictures").exists()
