"""The commands that describe, check, verify and merge features files."""

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import click
import h5py
import pytest
import toy_corpora
from click.testing import CliRunner, Result

from mdat_data.cache import open_features
from mdat_extract.cli.extract import main as mdat_extract
from mdat_extract.cli.features import main

OFFLINE = ("--speech-encoder", "logmel", "--text-encoder", "char-ngram", "--batch-seconds", "0.5")

WITHOUT = """
import sys

class Absent:
    def find_spec(self, name, *rest):
        if name.partition(".")[0] in {packages!r}:
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, Absent())
from mdat_extract.cli.features import main
main()
"""


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a toy EMO-DB of eight utterances, whole and in two shards."""
    folder = tmp_path_factory.mktemp("features")
    toy_corpora.write_emodb(folder / "emodb")
    common = ("--corpus", "emodb", "--root", str(folder / "emodb"), "--limit", "8", *OFFLINE)
    for name, more in (("whole", ()), *((f"part{n}", ("--shard", f"{n}/2")) for n in (1, 2))):
        ended = CliRunner().invoke(
            mdat_extract, [*common, "--out", str(folder / f"{name}.h5"), *more]
        )
        assert ended.exit_code == 0, ended.output
    return folder


@pytest.fixture
def here(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with copies of the files, and the recordings in the default place."""
    for file in made.glob("*.h5"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "corpora").mkdir()
    (tmp_path / "corpora" / "emodb").symlink_to(made / "emodb")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MDAT_CORPORA", raising=False)
    return tmp_path


def run(*options: str) -> Result:
    return CliRunner().invoke(main, options)


def run_without(packages: tuple[str, ...], *options: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process that cannot import some packages."""
    return subprocess.run(
        [sys.executable, "-c", WITHOUT.format(packages=packages), *options],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
    )


def change(path: Path, name: str, where: object, value: object) -> None:
    with h5py.File(path, "a") as file:
        file[name][where] = value


def digests(path: Path) -> tuple[str, ...]:
    with open_features(path) as file:
        return file.digests


def test_every_command_and_option_has_help() -> None:
    assert sorted(main.commands) == ["check", "info", "merge", "verify"]
    for command in main.commands.values():
        options = [param for param in command.params if isinstance(param, click.Option)]
        assert command.help
        assert [option.name for option in options if not option.help] == []


@pytest.mark.parametrize(
    ("options", "printed"),
    [
        (("--help",), "verify"),
        (("--version",), version("mdat-keras")),
        (("verify", "--help"), "--speech-encoder"),
        (("merge", "--help"), "--out"),
    ],
)
def test_help_and_version_need_no_heavy_package(options: tuple[str, ...], printed: str) -> None:
    heavy = ("torch", "transformers", "librosa", "soundfile", "soxr", "numpy", "h5py", "keras")
    ended = run_without(heavy, *options)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert printed in ended.stdout


@pytest.mark.parametrize(
    "options",
    [
        ("info", "whole.h5"),
        ("check", "whole.h5"),
        ("merge", "part1.h5", "part2.h5", "--out", "merged.h5"),
    ],
)
def test_only_verify_needs_what_extraction_needs(options: tuple[str, ...], here: Path) -> None:
    extracting = ("torch", "transformers", "librosa", "soundfile", "soxr", "sklearn", "keras")
    ended = run_without(extracting, *options)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_verify_of_offline_encoders_needs_no_torch(here: Path) -> None:
    ended = run_without(("torch", "transformers", "keras"), "verify", "whole.h5", "--count", "1")
    assert (ended.returncode, ended.stderr) == (0, "")


def test_info_describes_files(here: Path) -> None:
    ended = run("info", "whole.h5", "part2.h5")
    assert ended.exit_code == 0
    assert "whole.h5: emodb (de), 8 utterances\n" in ended.output
    assert "shard 2/2 of 8 with digest" in ended.output
    assert "speech: logmel at 29-bands-" in ended.output
    assert "batch_seconds 0.5" in ended.output


def test_check_confirms_sound_files(here: Path) -> None:
    ended = run("check", "whole.h5", "part1.h5")
    assert ended.exit_code == 0
    assert "whole.h5: sound. Structure, provenance and the features" in ended.output
    assert "of all 8 utterances are as they were written; digest" in ended.output


def test_check_names_the_utterance(here: Path) -> None:
    change(here / "whole.h5", "emotion", 2, "joyful")
    with open_features(here / "whole.h5") as file:
        id = file.utterances[2].id
    ended = run("check", "whole.h5", "part1.h5")
    assert ended.exit_code == 1
    assert "part1.h5: sound" in ended.output
    assert "whole.h5: not as it was written; 2 faults" in ended.output
    assert f"\n  utterance {id} (row 2): its features, lengths or labels" in ended.output


def test_many_faults_are_counted(here: Path) -> None:
    for row in range(8):
        change(here / "whole.h5", "emotion", row, "joyful")
    ended = run("check", "whole.h5")
    assert "whole.h5: not as it was written; 9 faults\n  " in ended.output
    assert len(ended.output.splitlines()) == 10


def test_a_file_that_is_no_features_file_is_refused(here: Path) -> None:
    (here / "text.h5").write_text("no")
    ended = run("check", "text.h5")
    assert ended.exit_code == 2
    assert "expected a features file" in ended.output


def test_merged_shards_are_the_file_of_one_run(here: Path) -> None:
    ended = run("merge", "part1.h5", "part2.h5", "--out", "merged.h5")
    assert ended.output == "merged.h5: 8 utterances of 2 shards\n"
    assert digests(here / "merged.h5") == digests(here / "whole.h5")
    again = CliRunner().invoke(
        mdat_extract, ["--corpus", "emodb", "--limit", "8", *OFFLINE, "--out", "merged.h5"]
    )
    assert "nothing to do" in again.output


def test_a_missing_shard_is_named(here: Path) -> None:
    ended = run("merge", "part1.h5", "--out", "merged.h5")
    assert ended.exit_code == 2
    assert "2/2" in ended.output


def test_verify_finds_the_same_features(here: Path) -> None:
    ended = run("verify", "whole.h5", "--count", "3")
    assert ended.exit_code == 0, ended.output
    assert "3 utterances encoded again, one by one (seed 0)" in ended.output
    assert "precision and storage explain up to 1.1e-03" in ended.output


def test_verify_names_other_features(here: Path) -> None:
    change(here / "whole.h5", "speech/last", (4, 0, 0), 7)
    with open_features(here / "whole.h5") as file:
        id = file.utterances[4].id
    ended = run("verify", "whole.h5", "part1.h5", "--seed", "1")
    assert ended.exit_code == 1
    assert "8 utterances encoded again, one by one (seed 1)" in ended.output
    assert f"  utterance {id}: " in ended.output


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("check",), "Missing argument 'FILE.h5...'"),
        (("check", "whole.h5", "--store", "float16"), "No such option '--store'"),
        (("merge", "part1.h5"), "Missing option '--out'"),
        (("check", "absent.h5"), "absent.h5: expected a features file, but it is missing"),
        (("verify", "whole.h5", "--root", "nowhere"), "Give the folder of the recordings"),
        (("verify", "whole.h5", "--count", "0"), "'--count': 0 is not in the range"),
        (("verify", "whole.h5", "--seed", "-1"), "'--seed': -1 is not in the range"),
    ],
)
def test_wrong_options_are_refused(options: tuple[str, ...], message: str, here: Path) -> None:
    ended = run(*options)
    assert ended.exit_code == 2, ended.output
    assert message in " ".join(ended.output.split())
