import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path

import click
import numpy as np
import pytest
import soundfile
import toy_corpora
from click.testing import CliRunner, Result

from mdat_data.cache import open_features
from mdat_extract import encode
from mdat_extract.asr.recognizer import Ctc
from mdat_extract.cli.extract import main
from mdat_extract.config import ExtractConfig

OFFLINE = ("--speech-encoder", "logmel", "--text-encoder", "char-ngram")

WITHOUT = """
import sys

class Absent:
    def find_spec(self, name, *rest):
        if name.partition(".")[0] in {packages!r}:
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, Absent())
from mdat_extract.cli.extract import main
main()
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a toy URDU in the default place."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MDAT_CORPORA", raising=False)
    toy_corpora.write_urdu(tmp_path / "corpora" / "urdu")
    return tmp_path


def run(*options: str, encoders: tuple[str, ...] = OFFLINE) -> Result:
    return CliRunner().invoke(
        main, ["--corpus", "urdu", "--out", "out/urdu.h5", *encoders, *options]
    )


def run_without(packages: tuple[str, ...], *options: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process that cannot import some packages."""
    return subprocess.run(
        [sys.executable, "-c", WITHOUT.format(packages=packages), *options],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
    )


def first(root: Path) -> Path:
    return next(iter(sorted(root.glob("corpora/urdu/Angry/*.wav"))))


def test_help_names_every_setting() -> None:
    text = CliRunner().invoke(main, ["--help"]).output
    options = ["--" + field.name.replace("_", "-") for field in fields(ExtractConfig)]
    assert [option for option in options if f"{option} " not in text] == []


def test_every_option_has_help_and_is_a_field_of_the_configuration() -> None:
    options = [param for param in main.params if isinstance(param, click.Option)]
    assert [option.name for option in options if not option.help] == []
    assert {option.name for option in options} - {"version"} == {
        field.name for field in fields(ExtractConfig)
    }


@pytest.mark.parametrize("old", ["info", "check", "verify", "merge"])
def test_former_options_are_referred_to_mdat_features(old: str) -> None:
    ended = CliRunner().invoke(main, [f"--{old}", "file.h5"])
    assert ended.exit_code == 2
    assert f"No such option '--{old}'. Use the command mdat-features {old}." in ended.output


def test_other_unknown_options_are_not() -> None:
    ended = CliRunner().invoke(main, ["--out-file", "file.h5"])
    assert ended.exit_code == 2
    assert "No such option '--out-file'" in ended.output
    assert "mdat-features" not in ended.output


@pytest.mark.parametrize(
    ("option", "printed"), [("--help", "--speech-encoder"), ("--version", version("mdat-keras"))]
)
def test_help_and_version_need_no_heavy_package(option: str, printed: str) -> None:
    heavy = ("torch", "transformers", "librosa", "soundfile", "soxr", "numpy", "h5py", "keras")
    ended = run_without(heavy, option)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert printed in ended.stdout


def test_the_offline_encoders_need_no_torch(here: Path) -> None:
    options = ("--corpus", "urdu", "--out", "urdu.h5", *OFFLINE)
    ended = run_without(("torch", "transformers", "tokenizers", "keras"), *options)
    assert ended.returncode == 0, ended.stderr
    assert (here / "urdu.h5").exists()


def test_a_missing_package_is_named_with_the_command_that_brings_it(here: Path) -> None:
    ended = run_without(("torch",), "--corpus", "urdu", "--out", "urdu.h5")
    assert ended.returncode == 1
    assert 'pip install "mdat-keras[extract]"' in ended.stderr
    assert "torch" in ended.stderr and "Traceback" not in ended.stderr


def test_it_describes_the_corpus_and_the_result(here: Path) -> None:
    ended = run("--max-seconds", "0.3")
    assert ended.exit_code == 0, ended.output
    assert "emotions: angry 8, happy 8, neutral 8, sad 8" in ended.output
    assert "speakers: SF1 8, SF2 8, SM1 8, SM2 8" in ended.output
    assert "out/urdu.h5: written; 32 utterances" in ended.output
    assert "recordings cut at 0.3 s" in ended.output
    assert "transcripts: 32 missing; for these the text encoder sees only a row of" in ended.output
    assert "so that the text encoder sees only a row of zeros: 32 (SF1_F1_A05" in ended.output


@pytest.mark.parametrize(
    ("encoders", "expected", "seen"),
    [
        (("logmel", "char-ngram"), "a row of zeros", "a row of zeros"),
        (("logmel", "{models}/roberta"), "the tokens of beginning and end", "<s> </s>"),
    ],
)
def test_it_describes_the_input_of_the_text_encoder_without_transcripts(
    encoders: tuple[str, str], expected: str, seen: str, here: Path, models: Path
) -> None:
    speech, text = (name.format(models=models) for name in encoders)
    ended = run("--limit", "2", encoders=("--speech-encoder", speech, "--text-encoder", text))
    assert ended.exit_code == 0, ended.output
    assert (
        f"transcripts: 2 missing; for these the text encoder sees only {expected}. "
        "--transcripts FILE.tsv adds them, --asr MODEL recognises them." in ended.output
    )
    assert f"so that the text encoder sees only {seen}: 2 (SF1_F1_A05, SF1_F1_H05)" in ended.output


def test_it_describes_the_recognition(
    here: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = iter(["eins zwei", ""])
    monkeypatch.setattr(Ctc, "transcribe", lambda *given: next(texts))
    ended = run("--limit", "2", "--asr", str(models / "ctc"))
    assert ended.exit_code == 0, ended.output
    assert f"transcripts: 2 missing, recognised by {models / 'ctc'}\n" in ended.output
    assert re.search(
        r"recognised by ctc@sha256:\w+: 2; to correct them, edit out/urdu\.h5\.transcripts\.tsv "
        r"and pass it to --transcripts\n    nothing was recognised in: 1 \(SF1_F1_H05\)\n",
        ended.output,
    )


def test_the_file_is_held_while_it_is_recognised(
    here: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def another(*given: object) -> str:
        ended = run("--limit", "2", "--asr", str(models / "ctc"))
        assert (ended.exit_code, "urdu.h5 is being written by" in ended.output) == (2, True)
        return "held"

    monkeypatch.setattr(Ctc, "transcribe", another)
    ended = run("--limit", "2", "--asr", str(models / "ctc"))
    assert ended.exit_code == 0, ended.output


def test_a_recogniser_may_have_nothing_to_do(here: Path) -> None:
    lines = [f"{path.stem}\tsaid" for path in here.glob("corpora/urdu/*/*.wav")]
    (here / "mine.tsv").write_text("\n".join(["id\ttext", *lines]))
    ended = run("--transcripts", "mine.tsv", "--asr", "nobody/nothing")
    assert ended.exit_code == 0, ended.output
    assert "transcripts: none is missing, so --asr has nothing to do" in ended.output
    assert not (here / "out" / "urdu.h5.transcripts.tsv").exists()


def test_a_second_run_has_nothing_to_do(here: Path) -> None:
    run()
    assert "nothing to do" in run().output


def test_layers_may_be_repeated_or_separated_by_commas(here: Path) -> None:
    ended = run("--speech-layer", "middle, last", "--speech-layer", "last")
    assert ended.exit_code == 0, ended.output
    with open_features(here / "out" / "urdu.h5") as file:
        assert file.provenance.speech.layers == ("last",)


def test_allowed_failures_are_reported(here: Path) -> None:
    first(here).write_bytes(b"")
    ended = run("--max-failures", "1")
    assert ended.exit_code == 0, ended.output
    assert f"left out, {first(here).stem}: empty" in ended.output


def test_what_the_corpus_leaves_out_is_reported(here: Path) -> None:
    first(here).with_name("notes.wav").touch()
    assert "left out: 1 (file name is not of the corpus)" in run().output


def test_an_interruption_says_how_to_continue(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(encode, "prefetch", interrupted)
    ended = run()
    assert ended.exit_code == 130
    assert "The same command continues" in ended.output


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def shorten(path: Path) -> None:
    soundfile.write(path, np.ones(300) / 10, 16_000)


def silence(path: Path) -> None:
    soundfile.write(path, np.zeros(8_000), 16_000)


def spoil(path: Path) -> None:
    soundfile.write(path, np.full(8_000, np.nan), 16_000, subtype="FLOAT")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (truncate, "truncated"),
        (lambda path: path.write_bytes(b""), "empty"),
        (lambda path: path.write_text("no audio"), "not audio"),
        (shorten, "too short"),
        (silence, "silent"),
        (spoil, "not finite"),
    ],
)
def test_a_bad_recording_ends_in_a_message_and_nothing_written(
    damage: Callable[[Path], object], message: str, here: Path
) -> None:
    damage(first(here))
    ended = run()
    assert ended.exit_code == 2
    assert f"{first(Path())}: {message}" in ended.output
    assert not (here / "out").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--corpus", "urdo"), "The corpora are aesdd, "),
        (("--root", "nowhere"), "no such folder"),
        (("--root", "empty"), "expected the recordings of urdu in empty"),
        (("--corpus", "absent.csv"), "absent.csv: expected a table"),
        (("--corpus", "no_column.csv"), "expected the columns id, audio, speaker"),
        (("--corpus", "twice.csv"), "expected each id once"),
        (("--corpus", "nowhere.csv"), "line 2: nowhere.wav"),
        (("--transcripts", "absent.tsv"), "cannot be read"),
        (("--transcripts", "unknown.tsv"), "1 unknown ids: nobody"),
        (("--asr", "nobody/nothing"), "or leave out --asr; --transcripts FILE.tsv adds"),
        (("--asr", "empty"), "expected what AutoConfig needs in empty"),
        (("--long", "error", "--max-seconds", "0.3"), "more than --max-seconds 0.3"),
        (("--speech-encoder", "nobody/nothing"), "Give the folder of a model"),
        (("--text-encoder", "nobody/nothing"), "--text-encoder char-ngram"),
        (("--speech-encoder", "empty"), "Save model and processor there"),
        (("--speech-layer", "12"), "expected a layer of this encoder, which is last, got '12'"),
        (("--text-layer", "0"), "expected a layer of this encoder, which is last, got '0'"),
        (("--out", "nowhere.csv"), "features file"),
        (("--batch-seconds", "0"), "--batch-seconds to be above 0"),
        (("--max-seconds", "0.02"), "--max-seconds to be at least 0.025"),
        (("--max-failures", "-1"), "--max-failures to be at least 0"),
        (("--shard", "9/8"), "expected a shard such as 3/8"),
        (("--limit", "0"), "--limit to be at least 1"),
    ],
)
def test_a_wrong_option_ends_in_a_message_and_nothing_written(
    options: tuple[str, ...], message: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    (here / "empty").mkdir()
    (here / "no_column.csv").write_text("id,audio,emotion\na,a.wav,sad\n")
    (here / "twice.csv").write_text("id,audio,emotion,speaker\na,a.wav,sad,1\na,a.wav,sad,1\n")
    (here / "nowhere.csv").write_text("id,audio,emotion,speaker\na,nowhere.wav,sad,1\n")
    (here / "unknown.tsv").write_text("id\ttext\nnobody\tnothing\n")
    before = sorted(here.rglob("*"))
    ended = run(*options)
    assert ended.exit_code == 2, ended.output
    assert message in " ".join(ended.output.split())
    assert sorted(here.rglob("*")) == before
