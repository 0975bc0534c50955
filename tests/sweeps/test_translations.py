"""Every string a person sees is in the Chinese catalogue, translated and not fuzzy."""

import ast
import gettext
import re
from pathlib import Path

import pytest

from tests.sweeps.test_layers import MAY_IMPORT

TOP = Path(__file__).resolve().parents[2]
APPS = (*MAY_IMPORT, "config")
CATALOGUE = TOP / "locale" / "zh_Hans" / "LC_MESSAGES"
MARKS = {"_", "_now", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
IN_TEMPLATES = re.compile(
    r"""\{%\s*(?:translate|trans)\s+("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')(?:\s+context\s+("[^"]*"))?"""
    r"""|\b_\(("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\)"""
)


def strings_in_python():
    for app in APPS:
        for path in (TOP / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS):
                    continue
                if node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
                    yield node.args[0].value, f"{path.relative_to(TOP)}:{node.lineno}"


def strings_in_templates():
    for path in (TOP / "templates").rglob("*.html"):
        for match in IN_TEMPLATES.finditer(path.read_text()):
            words = ast.literal_eval(match[1] or match[3])
            key = f"{ast.literal_eval(match[2])}\x04{words}" if match[2] else words
            yield key, str(path.relative_to(TOP))


@pytest.fixture(scope="module")
def chinese():
    with (CATALOGUE / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)._catalog


@pytest.mark.parametrize("strings", [strings_in_python, strings_in_templates])
def test_every_string_is_translated(strings, chinese):
    known = {key[0] if isinstance(key, tuple) else key for key in chinese}
    missing = sorted({f"{where}: {text!r}" for text, where in strings() if text and text not in known})
    assert missing == [], "run ./dev messages, then translate:\n" + "\n".join(missing[:40])


def test_no_entry_is_empty_or_fuzzy():
    text = (CATALOGUE / "django.po").read_text()
    entries = [e for e in re.split(r"\n\s*\n", text)[1:] if "msgid" in e and not e.lstrip().startswith("#~")]
    assert len(entries) > 300
    empty = [e for e in entries if re.search(r'^msgstr(\[0\])? ""\s*$(?!\n")', e, re.M)]
    fuzzy = [e for e in entries if re.search(r"^#,.*fuzzy", e, re.M)]
    assert (empty[:3], fuzzy[:3]) == ([], [])


def test_placeholders_survive_translation(chinese):
    faults = [
        (source, target)
        for source, target in chinese.items()
        if isinstance(source, str)
        and isinstance(target, str)
        and sorted(re.findall(r"%\(\w+\)[sd]", source)) != sorted(re.findall(r"%\(\w+\)[sd]", target))
    ]
    assert faults == []


def verbs_in_code():
    """What acts are called on the trail: the words given to log_act, and as `verb` to a lifecycle."""
    for app in APPS:
        for path in (TOP / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.Call):
                    continue
                called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                words = [k.value for k in node.keywords if k.arg == "verb"]
                words += node.args[1:2] if called == "log_act" else []
                yield from (w.value for w in words if isinstance(w, ast.Constant) and isinstance(w.value, str))


def test_every_act_on_the_trail_can_be_read_in_chinese(chinese):
    verbs = set(verbs_in_code())
    assert len(verbs) > 30
    missing = sorted(verbs - set(chinese))
    assert missing == [], f"{missing}: name them in config/trail_verbs.py or the app's own list."
