"""The two cleaners every typed or imported value goes through, and the form fields that apply them."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

# Marks that show nothing and mean nothing in a name or an address. U+200C and U+200D stay: some scripts need them.
INVISIBLE = "\u00ad\u180e\u200b\u2060\u2061\u2062\u2063\u2064\ufeff"
# Marks that make text read differently from what is stored.
BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
LOOK_EMPTY = "\u2800\u3164\uffa0\u115f\u1160"
SPACES = "\\s" + LOOK_EMPTY  # \s holds U+00A0, U+3000 and the like
UNSTORABLE = re.compile(f"[\\x00-\\x08\\x0e-\\x1b\\x7f-\\x84\\x86-\\x9f{BIDI}\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_KEY = re.compile(r"[0-9]{1,18}\Z")
_SPACES = re.compile(f"[{SPACES}]+")
_LOOK_EMPTY = re.compile(f"[{LOOK_EMPTY}]")
_SPACES_IN_LINE = re.compile(f"(?:[^\\S\n]|[{LOOK_EMPTY}])+")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_MANY_LINES = re.compile(" ?\n ?(?:\n ?){2,}")
_JOINERS_ONLY = re.compile("[\u200c\u200d\\s]*")


def clean_text(value, *, lines=False):
    """NFC text without controls, deceptive or invisible marks, trimmed; one line unless `lines`."""
    text = "" if value is None else str(value)
    if text.isprintable() and unicodedata.is_normalized("NFC", text) and not _LOOK_EMPTY.search(text):
        return " ".join(text.split())  # nearly all text there is
    while True:
        before = text
        text = _INVISIBLE.sub("", UNSTORABLE.sub("", text))
        text = unicodedata.normalize("NFC", text)
        if lines:
            text = _SPACES_IN_LINE.sub(" ", _LINE_ENDS.sub("\n", text))
            text = _MANY_LINES.sub("\n\n", re.sub(" ?\n ?", "\n", text))
        else:
            text = _SPACES.sub(" ", text)
        text = text.strip()
        if text == before:
            return "" if _JOINERS_ONLY.fullmatch(text) else text


def clean_code(value):
    """Half-width (NFKC) and without spaces: for numbers and codes. What is not ASCII is for `CodeField` to refuse."""
    text = "" if value is None else str(value)
    if text.isascii() and text.isalnum():
        return text
    while True:
        before = text
        text = _SPACES.sub("", _INVISIBLE.sub("", UNSTORABLE.sub("", text)))
        text = text.replace("\u200c", "").replace("\u200d", "")
        text = unicodedata.normalize("NFKC", text)
        if text == before:
            return text


def clean_key(value):
    """The key of a row that a form or an address names, as a number; None where the text is no key."""
    return int(value) if value and _KEY.match(value) else None


def refuse_unstorable(value):
    """What cannot be stored or deceives the eye is refused in words, never dropped from what a person typed."""
    if UNSTORABLE.search(str(value)):
        raise ValidationError(
            _("This text contains invisible control characters. Please type it again."), code="unstorable"
        )


class CleanCharField(forms.CharField):
    """One line of text."""

    lines = False

    def to_python(self, value):
        if value in self.empty_values:
            return self.empty_value
        refuse_unstorable(value)
        return clean_text(value, lines=self.lines) or self.empty_value


class CleanTextField(CleanCharField):
    """Several lines of text."""

    lines = True
    widget = forms.Textarea


class CodeField(forms.CharField):
    """A code: full-width characters and spaces are forgiven, anything outside ASCII is not."""

    default_validators = [RegexValidator(r"\A[!-~]+\Z", _("Only letters, digits and simple signs are possible here."))]

    def to_python(self, value):
        if value in self.empty_values:
            return self.empty_value
        refuse_unstorable(value)
        return clean_code(value) or self.empty_value
