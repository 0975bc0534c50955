"""Which names sound alike: pinyin without tones, and without the differences that many speakers do not make."""

import re

from django.db.models import F, Func, Value

from children.names import syllables

# zh/z, ch/c, sh/s; n/l; ng/n: first as Python writes it, then as PostgreSQL does, one rule in two spellings.
MIXED = [(r"\b([zcs])h", r"\m([zcs])h", r"\1"), (r"\bn", r"\mn", "l"), (r"ng\b", r"ng\M", "n")]


def sound(spoken):
    """ "zhang ning" and "zan lin" have the same sound."""
    for pattern, _in_sql, replacement in MIXED:
        spoken = re.sub(pattern, replacement, spoken)
    return spoken


def sound_in_sql(column="name_pinyin"):
    expression = F(column)
    for _in_python, pattern, replacement in MIXED:
        expression = Func(expression, Value(pattern), Value(replacement), Value("g"), function="regexp_replace")
    return expression


def sound_of(column):
    """The same for a column named in bare SQL."""
    for _in_python, pattern, replacement in MIXED:
        column = f"regexp_replace({column}, '{pattern}', '{replacement}', 'g')"
    return column


def sounds(name):
    """Every sound a name can have: a surname's own reading, and that of the same character elsewhere in a name."""
    first, rest = name[:1], name[1:]
    plain = syllables(f"一{first}")[1:] if first else []
    return {sound(" ".join(syllables(name))), sound(" ".join([*plain, *syllables(f"一{rest}")[1:]]))}


def sound_alike(one, other):
    return not sounds(one).isdisjoint(sounds(other))
