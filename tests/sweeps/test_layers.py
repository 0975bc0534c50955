"""Imports and model references point downwards only. Needs no Django: `./dev check` runs it too."""

import ast
import re
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
MAY_IMPORT = {
    "records": (),
    "communities": ("records",),
    "reports": ("communities", "records"),  # it cannot even name a child
    "children": ("communities", "records"),
    "homes": ("communities", "records"),
    "surveys": ("children", "communities", "records", "reports"),  # small numbers are hidden by one function
    "guardianship": ("children", "communities", "records"),
    "counselling": ("children", "communities", "records"),
    "support": ("children", "communities", "records"),
    "gifts": ("children", "homes", "communities", "records"),
    "volunteers": ("children", "homes", "communities", "records"),
    "premises": ("volunteers", "gifts", "children", "homes", "communities", "records"),
    "activities": ("volunteers", "children", "homes", "communities", "records"),
    "appraisal": ("activities", "volunteers", "children", "homes", "reports", "communities", "records"),
}
OURS = {*MAY_IMPORT, "config", "tests", "bench"}


def named_in(tree):
    """(line, app) for every import and every reference to a model by its name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module.split(".")[0]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if found := re.fullmatch(r"(\w+)\.[A-Z]\w+", node.value):
                yield node.lineno, found[1]
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("get_model", "import_module"):
            for argument in node.args[:1]:
                if isinstance(argument, ast.Constant):
                    yield node.lineno, str(argument.value).split(".")[0]


def upward(app, source, name):
    allowed = {app, *MAY_IMPORT[app]}
    for line, other in named_in(ast.parse(source)):
        if other in OURS - allowed:
            below = ", ".join(MAY_IMPORT[app]) or "none of our apps"
            yield f"{name}:{line} names {other}; {app} may import {below}"


@pytest.mark.parametrize("app", MAY_IMPORT)
def test_imports_point_down(app):
    files = [path for path in (TOP / app).rglob("*.py") if "migrations" not in path.parts]
    faults = [f for path in files for f in upward(app, path.read_text(), path.relative_to(TOP))]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "source",
    [
        "from children.models import Child",
        "import children.child as c",
        "models.ForeignKey('children.Child', models.PROTECT)",
        "apps.get_model('children', 'Child')",
        "def later():\n    from config import settings",
    ],
)
def test_an_upward_reference_is_found(source):
    assert list(upward("reports", source, "reports/figure.py"))


def test_the_message_names_file_line_and_direction():
    found = list(upward("homes", "from children.models import Child", "homes/x.py"))
    assert found == ["homes/x.py:1 names children; homes may import communities, records"]
