"""The deletion curve: exact where the model is a sum, and honest where explanations fail."""

import numpy as np
import pytest
import soundfile
from caches import write_cache
from click.testing import CliRunner
from predictable import save_run
from summing_runs import CLASSES, save_summing_run

import mdat_predict
from mdat_data import open_features
from mdat_extract import extract
from mdat_predict.cli.predict import main
from mdat_predict.explain.check import loudness_of
from mdat_predict.explain.deletion import LOUDEST, OCCLUSION, RANDOM, Deletion, orders_of, without
from mdat_predict.explain.masking import Masking
from mdat_predict.explain.report import summary
from mdat_predict.saved.scales import Streams
from mdat_predict.scoring.stored import read

SPEAKERS = ("one", "other")


@pytest.fixture
def model(tmp_path) -> mdat_predict.Model:
    return mdat_predict.load(save_summing_run(tmp_path / "run", streams=("speech",)))


def deleted(model: mdat_predict.Model, speech: np.ndarray) -> Deletion:
    """Of two utterances with these features; the loudest frames are those that add least."""
    streams: Streams = {"speech": [speech[:, None].astype(np.float32)]}
    masking = Masking(model, [streams])
    orders = orders_of(masking, 0, -speech, np.random.default_rng(0))
    whole = masking.probabilities(speech=np.ones((1, masking.steps), bool))
    return Deletion(
        classes=CLASSES,
        speakers=SPEAKERS,
        truth=np.zeros(2, int),
        whole=np.repeat(whole, 2, axis=0),
        removed={k: np.stack([without(masking, of)] * 2) for k, of in orders.items()},
    )


def test_the_curve_of_a_sum_is_exact(model):
    found = deleted(model, np.arange(10) * 0.02)
    left = {(r.first, r.share): (r.probability, r.ua) for r in found.removals()}
    assert left["", 0.0] == pytest.approx((0.9, 1))
    for share, probability in ((0.1, 0.72), (0.2, 0.56), (0.3, 0.42)):
        # Below 0.5 the other class is more probable, and the UA falls to 0.
        assert left[OCCLUSION, share] == pytest.approx((probability, float(probability > 0.5)))
    for share, probability in ((0.1, 0.9), (0.2, 0.88), (0.3, 0.84)):
        assert left[LOUDEST, share] == pytest.approx((probability, 1))
    assert left[OCCLUSION, 0.3][0] < left[RANDOM, 0.3][0] < left[LOUDEST, 0.3][0]


def test_an_explanation_that_is_better_than_random_has_no_warning(model):
    found = deleted(model, np.arange(10) * 0.02)
    assert all(low is not None and low > 0 for _, low in found.margins())
    assert "warning" not in summary(found)


def test_an_explanation_that_is_no_better_than_random_is_said_to_be(model):
    found = deleted(model, np.full(10, 0.0625))  # each frame adds as much
    np.testing.assert_allclose(found.margins(), 0, atol=1e-9)
    assert summary(found).count("occlusion does no better than random") == 3


def test_at_least_one_frame_goes_and_one_stays(model):
    for steps in (2, 3, 4):
        found = deleted(model, np.full(steps, 0.9 / steps))
        left = [r.probability for r in found.removals() if r.first == OCCLUSION]
        assert left == pytest.approx([0.9 * (steps - 1) / steps] * 3)


def printed(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(main, [*map(str, arguments)])
    assert result.exit_code == code, result.output
    return result.output


def test_the_command_prints_the_curve(toy):
    score = [toy.run, toy.features, "--score"]
    plain, checked = printed(*score), printed(*score, "--check-explanations")
    assert checked.startswith(plain)  # the check changes no score
    lines = checked.removeprefix(plain).splitlines()
    assert [line.split()[:2] for line in lines[2:6]] == [
        ["0%", "nothing"],
        ["10%", OCCLUSION],
        ["10%", LOUDEST],
        ["10%", "random,"],
    ]


def test_features_without_loudness_are_compared_with_random_frames_alone(tmp_path):
    features = write_cache(tmp_path / "toy.h5")
    run = save_run(tmp_path / "run", features)
    output = printed(run, features, "--score", "--check-explanations")
    assert "the loudest frames are not compared" in output
    assert not [line for line in output.splitlines() if line.startswith("    10%  loudest")]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--check-explanations"], "needs --score and one features file"),
        (["--score", "--root", "."], "got it without that option"),
        (["--score", "--explain", "pictures"], "got it with --score"),
    ],
)
def test_options_without_effect_are_refused(toy, options, reason):
    assert reason in " ".join(printed(toy.run, toy.features, *options, code=2).split())


@pytest.mark.parametrize("root", [False, True], ids=["energy of logmel", "recording"])
def test_the_loudest_frames_are_those_of_the_loud_part(root, tmp_path):
    tone = np.sin(np.arange(16_000) / 5) * np.where(np.arange(16_000) < 11_200, 0.05, 0.5)
    soundfile.write(tmp_path / "a.wav", tone, 16_000)
    (tmp_path / "list.csv").write_text("id,audio,speaker,emotion\na,a.wav,s,angry\n")
    features = tmp_path / "list.h5"
    extract(tmp_path / "list.csv", out=features, speech_encoder="logmel", text_encoder="char-ngram")
    model = mdat_predict.load(save_run(tmp_path / "run", features))
    with open_features(features) as file:
        [member] = model.members
        masking = Masking(model, [read(file, member.description, [0])])
        loudness = loudness_of(model, file, 0, masking, tmp_path if root else None)
    seconds = (np.arange(masking.steps) + 0.5) / masking.rate
    assert loudness.shape == (masking.steps,)
    assert loudness[seconds > 0.75].min() > loudness[seconds < 0.6].max()
