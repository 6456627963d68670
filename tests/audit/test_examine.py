"""mdat_audit as a program uses it."""

import dataclasses
import subprocess
import sys

import caches
import pytest
from toy_features import selection, utterances, write_features

import mdat_audit
from mdat_data import InputError

UTTERANCES = utterances(speakers=4, clips=6)


@pytest.fixture(scope="module")
def features(tmp_path_factory):
    path = tmp_path_factory.mktemp("files") / "toy.h5"
    return write_features(path, selection(UTTERANCES))


def write_splits(folder, test):
    path = folder / "splits.csv"
    rows = [f"{u.id},{'test' if test(u) else 'train'}" for u in UTTERANCES]
    path.write_text("\n".join(["id,part", *rows]))
    return path


def test_the_names_of_the_package():
    assert set(mdat_audit.__all__) == {"Audit", "AuditConfig", "audit"}


def test_importing_the_package_loads_nothing_heavy():
    names = "('librosa', 'matplotlib', 'numpy', 'sklearn')"
    command = f"import sys, mdat_audit; print(*(name for name in {names} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True)
    assert (done.stdout.strip(), done.returncode) == ("", 0), done.stderr


def test_an_audit_is_a_record(features, tmp_path):
    apart = write_splits(tmp_path, lambda u: u.speaker == "s0")
    audit = mdat_audit.audit(features, splits=str(apart))
    assert audit.leaks == ()
    assert [*audit.splits] == ["split"]
    assert len(audit.material.items) == len(UTTERANCES) == len(audit.map.points)
    assert audit.config.splits == apart
    divided = write_splits(tmp_path, lambda u: u.id.endswith("0"))
    (leak,) = mdat_audit.audit(str(features), splits=divided).leaks
    assert (leak.check, leak.examples) == ("speakers", ("s0", "s1", "s2", "s3"))


def test_several_corpora_have_one_audit(features, tmp_path):
    made = dataclasses.replace(caches.PROVENANCE, corpus="other")
    other = write_features(tmp_path / "other.h5", selection(UTTERANCES), provenance=made)
    audit = mdat_audit.audit([features, other])
    assert audit.material.corpora == ("toy", "other")
    assert "corpus" in [clue.name for clue in audit.clues]
    assert "# Audit of toy, other" in audit.page()


def test_a_wrong_split_is_refused_before_recordings_are_read(tmp_path):
    (tmp_path / "splits.csv").write_text("id,part\na,trian\n")
    with pytest.raises(InputError, match="trian"):
        mdat_audit.audit("nothing", splits=tmp_path / "splits.csv")


def test_a_split_of_another_corpus_is_refused(features, tmp_path):
    (tmp_path / "splits.csv").write_text("id,part\na,train\nb,test\n")
    with pytest.raises(InputError, match="expected ids of the corpus"):
        mdat_audit.audit(features, splits=tmp_path / "splits.csv")


def test_progress_is_shown_of_everything_that_takes_long(features):
    shown = []

    def progress(work, name, utterances):
        shown.append((name, utterances))
        return work

    mdat_audit.audit(features, progress=progress)
    assert shown == [("features of toy", len(UTTERANCES)), ("clues", 9)]
