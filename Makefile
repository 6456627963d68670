# make demo   the whole way on two synthetic corpora: recordings, features, training, scores, and
#             the emotion of a recording
# make test   formatter, linter, types and tests
# make docs   the site, in site/
# All create .venv first, once, and need nothing but Python >= 3.11 with venv.

PYTHON ?= python3
BIN := .venv/bin
# Most modules are never imported, so pip compiles none.
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --no-compile \
	--constraint constraints.txt
SETTINGS := setup.cfg pyproject.toml constraints.txt
SOURCES := $(shell find audit data extract mdat_keras predict train -type f ! -name '*.pyc')
# Two workers with one thread each are faster than one with two, and do not fight for the cores.
ONE_THREAD := OMP_NUM_THREADS=1 TF_NUM_INTRAOP_THREADS=1 TF_NUM_INTEROP_THREADS=1
OFFLINE := --speech-encoder logmel --text-encoder char-ngram
# An utterance of the query set.
HEARD := m1_angry_2

.PHONY: demo docs extract-de extract-it test clean

demo: .venv/.demo .venv/.installed
	rm -rf demo/run
	$(MAKE) --jobs 2 --output-sync=target extract-de extract-it
	$(BIN)/mdat-train --source demo/de.h5 --target demo/it.h5 --shots 10 --split random --seeds 1 \
		--shot-draws 1 --learning-rate 0.002 --out demo/run
	printf 'id\ttext\n$(HEARD)\tLa finestra è ancora aperta.\n' > demo/words.tsv
	$(BIN)/mdat-predict demo/run demo/corpora/it/$(HEARD).wav --transcripts demo/words.tsv
	@echo "A page for your own recordings: $(BIN)/mdat-serve demo/run"

extract-de extract-it: extract-%: .venv/.demo .venv/.installed
	$(ONE_THREAD) $(BIN)/mdat-extract --corpus demo-$* --root demo/corpora/$* $(OFFLINE) \
		--out demo/$*.h5

test: .venv/.test .venv/.installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(ONE_THREAD) $(BIN)/pytest --numprocesses 2 --dist loadfile

# The theme warns of a version of MkDocs that constraints.txt does not take.
docs: .venv/.docs .venv/.installed
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict
	@echo "Open site/index.html"

clean:
	rm -rf .venv build demo site *.egg-info

.venv/pyvenv.cfg:
	$(PYTHON) -m venv .venv

.venv/.demo .venv/.docs .venv/.test: .venv/.%: .venv/pyvenv.cfg $(SETTINGS)
	$(INSTALL) "setuptools>=77" ".[$*]"
	touch $@

# Not editable, so that tests see what users get: a package missing from setup.cfg is missing here.
# A stale build/ would bring deleted modules back.
.venv/.installed: $(SOURCES) $(SETTINGS)
	rm -rf build
	$(INSTALL) --no-deps --no-build-isolation --force-reinstall .
	touch $@
