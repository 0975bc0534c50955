"""Lists in words: each language has its own sign between the things."""

import pytest
from django.template import Context, Template
from django.utils.translation import gettext_lazy, override

from records.wording import enumerated, listed, said_of


@pytest.mark.parametrize(("language", "said"), [("en", "陈小雨, 王小明, 3"), ("zh-hans", "陈小雨、王小明、3")])
def test_the_things_of_a_list_are_joined_as_the_language_does(language, said):
    things = ["陈小雨", "王小明", 3]
    with override(language):
        assert listed(things) == listed(iter(things)) == said
        assert Template("{{ things|listed }}").render(Context({"things": things})) == said
        each = "{% for one in things %}{{ one }}{% if not forloop.last %}{% comma %}{% endif %}{% endfor %}"
        assert Template(each).render(Context({"things": things})) == said


@pytest.mark.parametrize(("language", "said"), [("en", "会做饭; 3"), ("zh-hans", "会做饭；3")])
def test_longer_entries_are_joined_as_the_language_does(language, said):
    entries = ["会做饭", 3]
    with override(language):
        assert enumerated(entries) == said
        assert Template("{{ entries|enumerated }}").render(Context({"entries": entries})) == said
        each = "{% for one in entries %}{{ one }}{% if not forloop.last %}{% semicolon %}{% endif %}{% endfor %}"
        assert Template(each).render(Context({"entries": entries})) == said


def test_a_list_of_nothing_or_of_one_has_no_sign():
    assert (listed([]), listed(["陈小雨"])) == ("", "陈小雨")


def test_things_are_said_in_the_readers_language_and_shown_escaped():
    with override("zh-hans"):
        assert listed([gettext_lazy("yes"), gettext_lazy("no")]) == "是、否"
    assert Template("{{ things|listed }}").render(Context({"things": ["<b>", "&"]})) == "&lt;b&gt;, &amp;"


@pytest.mark.parametrize(("language", "said"), [("en", "陈小雨: 3"), ("zh-hans", "陈小雨：3")])
def test_what_is_said_of_a_name_stands_behind_the_colon_of_the_language(language, said):
    with override(language):
        assert said_of("陈小雨", 3) == said
        assert Template("{{ name }}{% colon %}{{ words }}").render(Context({"name": "陈小雨", "words": 3})) == said
