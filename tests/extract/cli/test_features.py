"""What the command does with features files that are there already."""

from pathlib import Path

import h5py
import pytest
import toy_corpora
from click.testing import CliRunner, Result

from mdat_data.cache import Cache
from mdat_extract.cli.extract import main

OFFLINE = ("--speech-encoder", "logmel", "--text-encoder", "char-ngram", "--batch-seconds", "0.5")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a toy EMO-DB of eight utterances, whole and in two shards."""
    folder = tmp_path_factory.mktemp("modes")
    toy_corpora.write_emodb(folder / "emodb")
    common = ("--corpus", "emodb", "--root", str(folder / "emodb"), "--limit", "8", *OFFLINE)
    for name, more in (("whole", ()), *((f"part{n}", ("--shard", f"{n}/2")) for n in (1, 2))):
        ended = CliRunner().invoke(main, [*common, "--out", str(folder / f"{name}.h5"), *more])
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


def change(path: Path, name: str, where: object, value: object) -> None:
    with h5py.File(path, "a") as file:
        file[name][where] = value


def digests(path: Path) -> tuple[str, ...]:
    with Cache(path) as cache:
        return cache.digests


def test_info_tells_what_is_in_a_file(here: Path) -> None:
    ended = run("--info", "whole.h5", "part2.h5")
    assert ended.exit_code == 0
    assert "whole.h5: emodb (de), 8 utterances\n" in ended.output
    assert "shard 2/2 of 8 with digest" in ended.output
    assert "speech: logmel at 29-bands-" in ended.output
    assert "batch_seconds 0.5" in ended.output


def test_check_proves_sound_files(here: Path) -> None:
    ended = run("--check", "whole.h5", "part1.h5")
    assert ended.exit_code == 0
    assert "whole.h5: sound. Structure, provenance and the features" in ended.output
    assert "of all 8 utterances are as they were written; digest" in ended.output


def test_check_names_the_utterance(here: Path) -> None:
    change(here / "whole.h5", "emotion", 2, "joyful")
    with Cache(here / "whole.h5") as cache:
        id = cache.utterances[2].id
    ended = run("--check", "part1.h5", "whole.h5")
    assert ended.exit_code == 1
    assert "part1.h5: sound" in ended.output
    assert "whole.h5: not as it was written; 2 faults" in ended.output
    assert (
        f"  utterance {id} (row 2): its features, lengths or labels are not those" in ended.output
    )


def test_what_is_no_features_file_is_told(here: Path) -> None:
    (here / "text.h5").write_text("no")
    ended = run("--check", "text.h5")
    assert ended.exit_code == 2
    assert "must be a features file" in ended.output


def test_merged_shards_are_the_file_of_one_run(here: Path) -> None:
    ended = run("--merge", "part1.h5", "part2.h5", "--out", "merged.h5")
    assert ended.output == "merged.h5: 8 utterances of 2 shards\n"
    assert digests(here / "merged.h5") == digests(here / "whole.h5")
    again = run("--corpus", "emodb", "--limit", "8", *OFFLINE, "--out", "merged.h5")
    assert "nothing to do" in again.output


def test_a_missing_shard_is_named(here: Path) -> None:
    ended = run("--merge", "part1.h5", "--out", "merged.h5")
    assert ended.exit_code == 2
    assert "missing are: 2/2" in ended.output


def test_verify_finds_the_same_features(here: Path) -> None:
    ended = run("--verify", "3", "whole.h5")
    assert ended.exit_code == 0, ended.output
    assert "3 utterances encoded again, one by one (seed 0)" in ended.output
    assert "precision and storage explain up to 1.1e-03" in ended.output


def test_verify_names_other_features(here: Path) -> None:
    change(here / "whole.h5", "speech/last", (4, 0, 0), 7)
    with Cache(here / "whole.h5") as cache:
        id = cache.utterances[4].id
    ended = run("--verify", "100", "whole.h5", "--seed", "1")
    assert ended.exit_code == 1
    assert "8 utterances encoded again" in ended.output
    assert f"  utterance {id}: " in ended.output


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "Missing option '--corpus'"),
        (("--corpus", "emodb"), "Missing option '--out'"),
        (("whole.h5",), "got whole.h5 without being told what to do"),
        (("--corpus", "emodb", "--out", "a.h5", "--seed", "1"), "--seed plays no part in an extra"),
        (("--check",), "--check needs a features file"),
        (("--check", "--info", "whole.h5"), "--info and --check do different things"),
        (("--check", "whole.h5", "--store", "float16"), "--store plays no part in --check"),
        (("--merge", "part1.h5"), "--merge needs --out"),
        (("--check", "absent.h5"), "there is no features file absent.h5"),
        (("--verify", "1", "whole.h5", "--root", "nowhere"), "Name the folder of the recordings"),
        (("--corpus", "emodb", "--out", "a.h5", "--shard", "9/8"), "expected a shard such as 3/8"),
    ],
)
def test_what_does_not_go_together_is_refused(
    options: tuple[str, ...], message: str, here: Path
) -> None:
    ended = run(*options)
    assert ended.exit_code == 2, ended.output
    assert message in " ".join(ended.output.split())
