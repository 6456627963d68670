from pathlib import Path

import pytest
from toy_corpora import write_emodb, write_wav

from mdat_data import InputError, corpora
from mdat_data.corpora import names, read_corpus


def test_the_names_are_those_of_the_modules() -> None:
    modules = {path.stem for path in Path(corpora.__file__).parent.glob("*.py")} - {"__init__"}
    assert names() == tuple(sorted(module.replace("_", "-") for module in modules))
    assert {"demo-de", "demo-en", "demo-it", "demo-ur"} < {*names()}
    assert {"emodb", "emovo", "iemocap", "urdu"} < {*names()}


def test_an_unknown_name_lists_the_corpora_and_the_alternatives() -> None:
    with pytest.raises(InputError, match=f"'emdb'.*{', '.join(names())}.*manifest"):
        read_corpus("emdb")


def test_a_missing_folder_gives_where_to_get_the_corpus(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"(?s)no such folder.*Obtain:.*Licence:.*Layout:"):
        read_corpus("emovo", tmp_path / "emovo")


def test_a_folder_of_other_files_is_refused(tmp_path: Path) -> None:
    write_wav(tmp_path / "wav/something.wav", "sad")
    with pytest.raises(InputError, match=r"(?s)it holds none.*not of the corpus.*Obtain:"):
        read_corpus("emodb", tmp_path)


def test_the_root_is_found_in_the_folder_of_corpora(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_emodb(tmp_path / "emodb")
    monkeypatch.setenv("MDAT_CORPORA", str(tmp_path))
    assert read_corpus("emodb") == read_corpus("emodb", tmp_path / "emodb")


def test_the_root_is_found_in_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_emodb(tmp_path / "corpora/emodb")
    monkeypatch.delenv("MDAT_CORPORA", raising=False)
    monkeypatch.chdir(tmp_path)
    assert read_corpus("emodb").root == Path("corpora/emodb")


@pytest.mark.parametrize("kind", [str, Path])
def test_a_manifest_is_read_by_its_path(kind: type[str] | type[Path], tmp_path: Path) -> None:
    write_wav(tmp_path / "recordings/a.wav", "sad")
    (tmp_path / "mine.csv").write_text("id,audio,emotion,speaker\n1,a.wav,sad,x\n")
    corpus = read_corpus(kind(tmp_path / "mine.csv"), kind(tmp_path / "recordings"))
    assert (corpus.name, corpus.root) == ("mine", tmp_path / "recordings")
