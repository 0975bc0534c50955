"""The words of rosters, from `children/data`: what column headers, relations and ethnic groups are called."""

import csv
import json
import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

DATA = Path(__file__).parent.parent / "data"

# Read, but of no use to a file; never reported as unknown.
UNUSED = {"seq", "age", "filled_by", "survey_date", "returned_because", "returned_from", "id_type", "guardian_age"}
NAME = "child_name"
_NOISE = re.compile("[\\s\u200b\u2060\ufeff*＊:：]+")
_NOTE = re.compile(r"\([^)]*\)?")
_TICKS = str.maketrans("✓✔☑", "√√√")


@lru_cache(maxsize=16384)
def header_word(text):
    """A header cell as it is compared: half-width, no spaces or line breaks, lower case."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).translate(_TICKS)).lower()


@lru_cache(maxsize=16384)
def without_note(word):
    return _NOTE.sub("", word)


class HeaderWords:
    def __init__(self, data):
        self.alone = {}  # word -> field, for a column that needs no group
        self.under = {kind: {} for kind in data["groups"]}  # kind of group -> word -> field
        self.kind_of = {header_word(word): kind for kind, words in data["groups"].items() for word in words}
        for name, entry in data["fields"].items():
            for word in entry["zh"] + entry["en"]:
                self.alone.setdefault(header_word(word), name)
            if kind := entry.get("kind"):
                for word in entry["under"]:
                    self.under[kind][header_word(word)] = name
        for name, entry in data["fields"].items():
            for word in entry["zh"] if "kind" in entry else ():
                self.under[entry["kind"]].setdefault(header_word(word), name)
        self.fields = set(data["fields"])
        self.known = set(self.alone) | set(self.kind_of) | {word for words in self.under.values() for word in words}
        self.names = {word for word, name in self.alone.items() if name == NAME}

    def taught(self, meanings):
        """These words, and what people said of headers: {header path joined by /, or its last word: fact or ""}."""
        return TaughtWords(self, meanings) if meanings else self

    def said(self, path):
        """What a person said this header stands for: a fact, "" to be left out, or None: nothing was said."""
        return None

    def knows(self, word):
        return word in self.known or (without_note(word) in self.known and without_note(word) != "")

    def kind(self, group):
        return self.kind_of.get(group) or self.kind_of.get(without_note(group))

    def field(self, path):
        """The field a column stands for: its own word under the nearest group that knows it, else its word alone."""
        *groups, leaf = path
        for word in dict.fromkeys((leaf, without_note(leaf))):
            for group in reversed(groups):
                kind = self.kind(group)
                if kind and word in self.under[kind]:
                    return self.under[kind][word]
                if joined := self.alone.get(without_note(group) + word):
                    return joined
            if word in self.alone:
                return self.alone[word]
        return None


class TaughtWords(HeaderWords):
    def __init__(self, base, meanings):
        self.__dict__.update(vars(base))
        self.meanings = meanings
        leaves = {words.rpartition("/")[2]: name for words, name in meanings.items()}
        self.known = base.known | leaves.keys()
        self.names = {word for word in base.names if leaves.get(word, NAME) == NAME}
        self.names |= {word for word, name in leaves.items() if name == NAME}

    def said(self, path):
        return next((self.meanings[words] for words in ("/".join(path), path[-1]) if words in self.meanings), None)

    def field(self, path):
        said = self.said(path)
        return super().field(path) if said is None else said or None


@lru_cache(maxsize=16384)
def header_words():
    return HeaderWords(json.loads((DATA / "header_words.json").read_text(encoding="utf-8")))


def _table(name):
    with (DATA / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@cache
def ethnic_groups():
    """Spoken form or code -> GB/T 3304 code."""
    forms = {}
    for row in _table("ethnicities.csv"):
        code = row["code"]
        for word in (row["name_zh"], row["name_en"].lower(), *row["spoken"].split("|"), code, str(int(code))):
            if word:
                forms.setdefault(word, code)
                forms.setdefault(f"{word}族", code)
    return forms


@cache
def relations():
    """Spoken form -> relation, after GB/T 4761."""
    forms = {}
    for row in _table("relations.csv"):
        for word in (row["name_zh"], *row["spoken"].split("|")):
            if word:
                forms.setdefault(word, row["relation"])
        forms.setdefault(row["name_en"], row["relation"])
        forms.setdefault(row["relation"], row["relation"])
    return forms
