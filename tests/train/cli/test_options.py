"""The options of mdat-train and mdat-tables: names, defaults, help and version."""

import dataclasses

import click
import pytest
from click.testing import CliRunner
from missing_packages import HEAVY, call_without

import mdat_keras
from mdat_train.cli import tables, train
from mdat_train.config import PRESETS, TrainConfig

COMMANDS = {"mdat-train": train.main, "mdat-tables": tables.main}
FIELDS = {field.name: field.default for field in dataclasses.fields(TrainConfig)}
DECIDED = {
    *("source", "target", "model", "disable", "classes", "merge", "split"),
    *("at_most", "at_most_seed", "first_seed"),
}
"""Fields that the tables decide."""

OF_TABLES = {"caches", "only", "models", "protocols", "jobs", "engine"}
"""Options of mdat-tables that are no fields."""

OTHER_NAMES = {
    "model_options": "--set",
    "protocols": "--protocol",
    "export": "--no-export",
    "exported": "--export",
}
"""Options that are named after what is typed, not after their field."""

OWN_DEFAULTS = {"mdat-train": {"out"}, "mdat-tables": {"shots", "out"}}
"""Options whose default is not that of the field."""

BY_COMMAND = pytest.mark.parametrize("name", COMMANDS)


def options(name: str) -> dict[str, click.Option]:
    return {p.name: p for p in COMMANDS[name].params if p.name not in ("version", "help")}


def help_of(option: click.Option) -> str:
    """The help text of an option, with its default."""
    context = click.Context(train.main, show_default=True)
    return " ".join(option.get_help_record(context)[1].split())


def test_every_field_of_the_configuration_is_an_option_of_mdat_train():
    # An ablation is several runs, each with its own `disable`; the others concern no training.
    others = {"ablation", "by", "manifest", "export", "exported"}
    assert set(options("mdat-train")) == set(FIELDS) | others


def test_mdat_tables_has_the_fields_that_the_tables_do_not_decide():
    assert set(options("mdat-tables")) == set(FIELDS) - DECIDED | OF_TABLES


@BY_COMMAND
def test_every_option_has_the_name_of_its_field(name):
    shown = CliRunner().invoke(COMMANDS[name], ["--help"]).output
    for option in options(name).values():
        expected = OTHER_NAMES.get(option.name, f"--{option.name.replace('_', '-')}")
        assert option.opts == [expected]
        assert f"  {expected} " in shown


@BY_COMMAND
def test_every_option_has_help_that_shows_its_default(name):
    for option in options(name).values():
        assert option.help
        assert "[default: " in help_of(option) or "[required]" in help_of(option), option.name


@BY_COMMAND
def test_defaults_are_those_of_the_configuration(name):
    for option in options(name).values():
        default = FIELDS.get(option.name)
        if default in (None, (), dataclasses.MISSING) or option.name in OWN_DEFAULTS[name]:
            continue
        values = default if isinstance(default, tuple) else (default,)
        shown = ",".join(map(str, values))
        assert f"[default: {shown}" in help_of(option)
        made = option.get_default(click.Context(train.main))
        assert made in (default, (shown,))


def test_defaults_that_depend_on_other_options_are_in_words():
    shown = {name: help_of(option) for name, option in options("mdat-train").items()}
    assert "(the middle one; last under the preset paper)" in shown["speech_layer"]
    assert "(last, or the highest number if last is not stored)" in shown["text_layer"]
    own = "(corpus with a target; train within a corpus and with --adaptation finetune; none under"
    assert own in shown["normalize"]
    paper = "(joint; finetune under the preset paper, in ablations and in the paper's tables)"
    assert paper in shown["adaptation"]
    assert "(runs/<files>-<model>, numbered)" in shown["out"]
    assert "0.003 for bilstm" in shown["learning_rate"]


def test_both_commands_have_the_same_options():
    of_train, of_tables = (options(name) for name in COMMANDS)
    shared = set(of_train) & set(of_tables) - {"shots", "out"}
    assert shared == set(FIELDS) - DECIDED - {"shots", "out"}
    for name in shared:
        assert help_of(of_train[name]) == help_of(of_tables[name])
        assert of_train[name].to_info_dict() == of_tables[name].to_info_dict()


def test_presets_are_those_of_the_models():
    assert tuple(mdat_keras.PRESETS) == PRESETS


@BY_COMMAND
def test_the_version_is_printed(name):
    done = CliRunner().invoke(COMMANDS[name], ["--version"], prog_name=name)
    assert done.exit_code == 0
    assert done.output.startswith(f"{name}, version ")


@pytest.mark.parametrize("module", ["mdat_train.cli.train", "mdat_train.cli.tables"])
@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_need_no_package_but_click(module, option):
    done = call_without(HEAVY, module, [option])
    assert done.returncode == 0, done.stderr
    assert ("--shot-draws" if option == "--help" else "version") in done.stdout


@pytest.mark.parametrize("name", ["--classes", "--merge", "--set"])
def test_an_empty_word_is_refused(name):
    done = CliRunner().invoke(train.main, ["--source=a.h5", f"{name}=a=b,,c=d"])
    assert done.exit_code == 2
    assert "must be words separated by commas; got 'a=b,,c=d'" in " ".join(done.output.split())
