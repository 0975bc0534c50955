"""The theme as a whole: legible in both schemes, icons that exist, error pages that stand alone, nothing inline."""

import itertools
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR)
CSS = ROOT / "static" / "css"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

PAIRS = [
    *itertools.product(("ink", "ink-2", "sky"), ("ground", "surface", "surface-2")),
    ("sky-strong", "sky-surface"),
    ("ink", "sky-surface"),
    ("kite-strong", "kite-surface"),
    ("ink", "kite-surface"),
    ("done", "done-surface"),
    ("ink", "done-surface"),
    ("stop", "stop-surface"),
    ("stop", "surface"),
    ("ink", "stop-surface"),
    ("on-sky", "sky"),
    ("on-kite", "kite"),
    ("on-stop", "stop"),
    ("on-band", "band"),
    ("on-band-2", "band"),
    ("on-band", "band-2"),
]


def _schemes():
    light, dark = (CSS / "tokens.css").read_text(encoding="utf-8").split("prefers-color-scheme: dark")
    values = dict(re.findall(r"--([\w-]+): (#\w+);", light))
    return {"light": values, "dark": {**values, **dict(re.findall(r"--([\w-]+): (#\w+);", dark))}}


def _luminance(colour):
    digits = colour.lstrip("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one, other):
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_are_legible(scheme):
    colours = _schemes()[scheme]
    weak = [
        f"{words} on {ground}: {ratio:.2f}"
        for words, ground in PAIRS
        if (ratio := _contrast(colours[words], colours[ground])) < 4.5
    ]
    assert weak == [], f"{scheme}: below 4.5 to 1"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_fields_and_focus_can_be_seen(scheme):
    colours = _schemes()[scheme]
    weak = [
        f"{edge} on {ground}"
        for edge in ("line-strong", "focus")
        for ground in ("surface", "ground")
        if _contrast(colours[edge], colours[ground]) < 3
    ]
    assert weak == [], f"{scheme}: below 3 to 1"


def test_colours_are_named_in_tokens_alone():
    strays = [
        f"{path.name}: {colour}"
        for path in CSS.glob("*.css")
        if path.name not in {"tokens.css", "paper.css"}  # paper is black on white in every scheme
        for colour in re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{]*[;}])", path.read_text(encoding="utf-8"))
        if colour != "#fff"  # behind the QR picture, which a phone must read
    ]
    assert strays == []


def test_every_icon_asked_for_exists():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/img/icons.svg").read_text(encoding="utf-8")))
    asked = {
        (name, str(path.relative_to(ROOT)))
        for path in TEMPLATES
        for name in re.findall(r'(?:\{% icon |icon=)"([\w-]+)"', path.read_text(encoding="utf-8"))
    }
    assert {where for name, where in asked if name not in drawn} == set()


def test_templates_carry_no_inline_script_style_or_handler():
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style\b|\sstyle=|\son(?:click|change|submit|load|input)="
    )
    found = [str(p.relative_to(ROOT)) for p in TEMPLATES if inline.search(p.read_text(encoding="utf-8"))]
    assert found == [], f"{found}: the policy refuses it; use a file under static/ and a data attribute."


@pytest.mark.parametrize("status", ["400", "403", "403_csrf", "404", "500", "503"])
def test_error_pages_need_nothing_and_speak_both_languages(status):
    page = get_template(f"{status}.html").render()  # no request, no context; this test may not touch the database
    assert 'lang="zh-Hans"' in page
    assert 'lang="en"' in page
    assert re.search(r"<h1>[^<]*[\u4e00-\u9fff]", page)
    assert re.search(r"<h2>[A-Z][a-z]", page)
    assert "{%" not in page


def test_a_page_of_ours_starts_light():
    """All sheets, the script, the logo and the icons together, before compression."""
    names = ["tokens", "base", "layout", "components", "forms", "tables", "admin", "admin_form"]
    files = [CSS / f"{name}.css" for name in names] + [
        ROOT / "static/js/small-hands.js",
        ROOT / "static/img/icons.svg",
        ROOT / "static/img/logo.svg",
    ]
    assert sum(path.stat().st_size for path in files) < 80_000


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_template_is_well_formed(path):
    """A misspelt tag or filter shows here, not on the page that first needs it."""
    assert get_template(str(path.relative_to(ROOT / "templates"))).origin.name == str(path)
