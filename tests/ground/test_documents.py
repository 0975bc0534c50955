"""The manuals lead somewhere: to pages, pictures, headings and files that are there, in both languages alike."""

import gettext
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

TOP = Path(__file__).resolve().parents[2]
DOCS = TOP / "docs"
DOCUMENTS = [TOP / "README.md", TOP / "CHANGELOG.md", *sorted(DOCS.glob("*.md")), *sorted(TOP.glob("deploy/*.md"))]
LINK = re.compile(r"!?\[[^]]*\]\(([^)\s]+)\)")
LARGEST_PICTURE = 80 * 1024


def name_of(path):
    return str(path.relative_to(TOP))


def targets(path):
    return [link for link in LINK.findall(path.read_text()) if not re.match(r"[a-z]+:", link)]


def headings(path):
    text = re.sub(r"^```.*?^```", "", path.read_text(), flags=re.M | re.S)
    return re.findall(r"^(#+) (.+)$", text, re.M)


def anchor(words):
    """The name a heading gets on the page: lower case, spaces as hyphens, no punctuation."""
    return re.sub(r"[^\w\- ]", "", words.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_link_and_picture_leads_somewhere(document):
    lost = []
    for link in targets(document):
        file, _hash, place = unquote(link).partition("#")
        target = document.parent / file if file else document
        if not target.exists() or (place and place not in [anchor(words) for _level, words in headings(target)]):
            lost.append(link)
    assert not lost


def test_every_file_named_in_the_table_of_changes_is_there():
    section = (TOP / "README.md").read_text().split("## To change X, open Y")[1].split("\n## ")[0]
    paths = re.findall(r"`([\w./-]+/[\w./-]+)`", section)
    rows = [line for line in section.splitlines() if line.startswith("| ")]
    assert len(rows) == 27  # twenty-six, and the line of titles
    assert len(paths) >= 10
    assert not [path for path in paths if path != "./dev" and not (TOP / path).exists()]


def test_every_document_is_there_in_both_languages_with_the_same_headings():
    english = [path for path in DOCS.glob("*.md") if not path.name.endswith(".zh.md")] + [TOP / "deploy/README.md"]
    assert len(english) == 6
    for path in english:
        chinese = path.with_suffix(".zh.md")
        assert chinese.exists(), path.name
        assert [level for level, _words in headings(chinese)] == [level for level, _words in headings(path)], path.name


def test_every_picture_is_small_and_used():
    pictures = set(DOCS.glob("pictures/*.png"))
    used = {(path.parent / link).resolve() for path in DOCUMENTS for link in targets(path) if link.endswith(".png")}
    assert pictures == used
    assert not [name_of(path) for path in pictures if path.stat().st_size > LARGEST_PICTURE]


def test_every_bold_word_of_the_manuals_stands_on_the_screen():
    """Words on the screen change, and the manuals with them."""
    chinese = gettext.translation("django", TOP / "locale", ["zh_Hans"])._catalog
    english = {words.rpartition("\x04")[2] for key in chinese for words in [key if isinstance(key, str) else key[0]]}
    for path in DOCS.glob("*.md"):
        screen = set(chinese.values()) if path.name.endswith(".zh.md") else english
        bold = set(re.findall(r"\*\*(.+?)\*\*", path.read_text()))
        assert not bold - screen, path.name
