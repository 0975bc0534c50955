"""Rules of the house that no linter knows."""

import ast
import re
from pathlib import Path

from tests.sweeps.test_layers import MAY_IMPORT

TOP = Path(__file__).resolve().parents[2]
APPS = (*MAY_IMPORT, "config")
LONGEST = 400
SAYS_NOTHING = {"utils", "helpers", "services", "common", "misc"}


def python_files():
    for folder in (*APPS, "bench", "tests", ".ci"):
        yield from (path for path in (TOP / folder).rglob("*.py") if "migrations" not in path.parts)
    yield TOP / "dev"


def test_no_file_is_longer_than_one_can_hold_in_mind():
    long = [f"{p.relative_to(TOP)}: {n}" for p in python_files() if (n := len(p.read_text().splitlines())) > LONGEST]
    assert not long, long


def test_every_file_is_named_for_what_is_in_it():
    assert not [p for p in python_files() if p.stem in SAYS_NOTHING]


def test_a_day_is_never_taken_from_the_clock_in_utc():
    """`now().date()` is yesterday in China until eight in the morning: `timezone.localdate()` is today."""
    faults = [
        p for p in python_files() if re.search(r"\bnow\(\)\.date\(\)", p.read_text()) and p.name != Path(__file__).name
    ]
    assert not faults, faults


def test_there_are_no_signals_of_our_own():
    faults = []
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module == "django.dispatch":
                faults.append(f"{path.relative_to(TOP)}:{node.lineno}")
    assert not faults, faults


def test_no_page_joins_a_list_with_the_sign_of_one_language():
    wrong = re.compile(r"""join:['"][,、;；]|not forloop\.last %\}[,、;；]""")
    templates = (TOP / "templates").rglob("*.*")
    faults = [str(path.relative_to(TOP)) for path in templates if wrong.search(path.read_text())]
    assert not faults, (
        f"{faults}: join with `listed` or `enumerated`, or put {{% comma %}} or {{% semicolon %}} between."
    )


def test_what_a_section_or_a_measure_needs_some_role_holds():
    """A right that was renamed opens nothing to anybody, without an error."""
    from children.sections import _all as file_sections
    from communities.roles import ROLES
    from records.measures import all_measures

    held = {permission for role in ROLES.values() for permission in role.permissions}
    asked = {section.needs for section in file_sections()} | {measure.needs for measure in all_measures()}
    assert {needs for needs in asked if needs} - held == set()


def test_what_says_to_be_run_daily_has_a_timer_and_a_line_for_operators_and_every_timer_a_command():
    """A timer of a command that was renamed fails each night, where nobody looks."""
    from django.core.management import get_commands, load_command_class

    commands = get_commands()
    timed = {
        name
        for path in (TOP / "deploy" / "systemd").glob("*.timer")
        for name in re.findall(r"^Unit=small-hands-command@(\w+)\.service$", path.read_text(), re.MULTILINE)
    }
    assert timed <= commands.keys()
    own = {name: load_command_class(app, name).help for name, app in commands.items() if app in APPS}
    assert {name for name, help_text in own.items() if "Run it " in help_text} <= timed
    for document in ("operators.md", "operators.zh.md"):
        named = set(re.findall(r"`(\w+)`", (TOP / "docs" / document).read_text()))
        assert timed <= named
