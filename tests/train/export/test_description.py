"""What model.json says."""

import json

import numpy as np
from exportable_run import CLASSES, of_corpus, of_transfer

from mdat_train.export.description import UNKNOWN, description
from mdat_train.runs.run import Run


def described(run: Run) -> dict:
    made = description(run, run.model.learned, run.model.calibration)
    return json.loads(json.dumps(made, allow_nan=False))


def test_it_says_how_to_use_the_model():
    found = described(of_corpus())
    assert (found["format"], found["version"]) == ("mdat-model", 1)
    assert (found["model"], found["modality"]) == ("linear", "both")
    assert found["classes"] == list(CLASSES)
    assert found["inputs"] == ["speech", "speech_mask", "text", "text_mask"]
    assert found["speech"] == {
        "encoder": "ear",
        "revision": "1",
        "layers": ["12", "last"],
        "dim": 12,
        "layer": "12",
    }
    assert found["text"]["layer"] == "last"
    assert (found["frames"], found["frame_stride"], found["ignored"]) == (100, 1, ["text"])


def test_it_says_to_which_type_features_are_rounded():
    run = of_corpus()
    [made] = run.provenance.values()
    assert described(run)["store"] == "float16"  # a file of an early version does not say it
    made["store"] = "float32"
    assert described(run)["store"] == "float32"


def test_statistics_are_written_to_the_last_bit():
    found = described(of_corpus())["standardisation"]
    assert found["normalize"] == "train"
    assert np.float32(found["speech"]["mean"][0]) == np.float32(1 / 3)
    assert len(found["speech"]["scale"]) == 12
    assert "text" not in found


def test_it_says_what_the_model_learned_from():
    learned = described(of_corpus())["learned_from"]
    assert learned["languages"] == ["de", "ur"]
    assert learned["merged"] == {"boredom": "sad"}
    assert [of["corpus"] for of in learned["corpora"]] == ["emodb"]


def test_the_draw_of_the_model_is_named():
    learned = [described(of_transfer(shots))["learned_from"] for shots in (0, 5)]
    assert [(of["shots"], of["seed"], of["draw"]) for of in learned] == [(0, 0, None), (5, 0, 0)]


def test_a_target_is_learned_from_with_shots_alone():
    roles = {
        shots: [
            (of["role"], of["corpus"])
            for of in described(of_transfer(shots))["learned_from"]["corpora"]
        ]
        for shots in (0, 5)
    }
    assert roles == {0: [("source", "own")], 5: [("source", "own"), ("target", "urdu")]}


def test_licences_are_those_of_the_corpora():
    assert described(of_corpus())["licences"]["emodb"].startswith("none is stated")
    licences = described(of_transfer(5))["licences"]
    assert licences == {
        "own": UNKNOWN,
        "urdu": "for research purposes only, according to its README.",
    }


def test_metrics_have_their_protocol_and_interval():
    run = of_corpus()
    metrics = described(run)["metrics"]
    assert metrics["protocol"] == (
        "cross-validation in 2 folds, no speaker (or session) is in two folds; mean over 2 seeds"
    )
    assert metrics["ua"]["mean"] == run.metrics()[0].ua.mean
    assert metrics["ua_interval_95"]["low"] == run.metrics()[0].interval.low


def test_the_protocol_of_a_transfer():
    zero, five = (described(of_transfer(shots))["metrics"]["protocol"] for shots in (0, 5))
    assert zero == ("all utterances of urdu, a corpus that it did not learn from; mean over 1 seed")
    assert five == (
        "utterances of urdu outside the support set of 5 per class, speakers are on both sides: "
        "optimistic for new speakers; mean over 1 seed and 2 draws"
    )


def test_the_temperature_has_its_figures():
    run = of_corpus()
    found, of = described(run), run.model.calibration
    assert found["temperature"] == of.temperature > 1
    assert found["calibration"]["before"] == {
        "calibration_error": of.before.calibration_error,
        "nll": of.before.nll,
    }
    assert found["calibration"]["after"]["nll"] < found["calibration"]["before"]["nll"]
    assert (found["calibration"]["bins"], found["calibration"]["utterances"]) == (15, 60)


def test_no_folder_of_the_user_is_in_it():
    assert "private" not in json.dumps(described(of_transfer(5)))
    assert described(of_corpus())["configuration"]["source"] == ["emodb.h5"]
