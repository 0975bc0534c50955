"""What holds on every page, whoever opens it; each check returns what it found wrong, in words."""

import gzip
import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders

from communities.models import Division
from homes.models import Standard, StandardItem

LIGHT = 200 * 1024
GRAVE = ("serious", "critical")
ENGLISH = re.compile(r"[A-Za-z’']{2,}(?:[ ,-]+[A-Za-z’']+){2,}")
CODE = re.compile(r"\b[A-Z0-9]{4}(?:-[A-Z0-9]{4}){3}\b")  # drawn letters may look like words
VISIBLE_WORDS = """() => {
  const words = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest("script, style, code, textarea, [lang=en]")) continue;
    words.push(node.textContent.trim());
  }
  for (const element of document.querySelectorAll("[placeholder], [aria-label], [title], [alt], [data-confirm]")) {
    for (const name of ["placeholder", "aria-label", "title", "alt", "data-confirm"]) {
      words.push(element.getAttribute(name) || "");
    }
  }
  return [document.title, ...words.filter(Boolean)];
}"""
LOADED = """() => performance.getEntriesByType("resource").map(e => [e.name, e.encodedBodySize])"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
axe = Axe()


def faults_of(person, answer):
    """`person.faults` are of this page alone, for what the checks themselves stir up is forgotten at the end."""
    page = person.page
    page.evaluate("new Promise(requestAnimationFrame)")  # what was said to the console has arrived by then
    faults = [*person.faults, *(f"asks {url}" for url in person.asked_elsewhere)]
    try:
        return [f"answers {answer.status}"] if answer.status >= 400 else faults + _faults_of_content(person, answer)
    finally:
        person.faults.clear()
        person.asked_elsewhere.clear()


def _faults_of_content(person, answer):
    page, faults = person.page, []
    if (n := page.locator("h1").count()) != 1:
        faults.append(f"{n} h1")
    if (lang := page.locator("html").get_attribute("lang")).lower() != person.language:
        faults.append(f"lang={lang}")
    faults += barriers(page)
    if (weight := cold_weight(page, answer)) > LIGHT:
        faults.append(f"weighs {weight // 1024} KB")
    if person.language == "zh-hans":
        faults += [f"English: {words!r}" for words in english_in(page)]
    faults += too_wide(page)
    return faults


def barriers(page):
    found = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [_in_words(one, one["nodes"]) for one in found if one["impact"] in GRAVE]


def _in_words(one, nodes):
    return f"axe {one['id']} ({one['impact']}) x{len(nodes)}: {nodes[0]['target']} {nodes[0]['html'][:120]}"


def too_wide(page):
    """At a phone's width nothing makes the page itself scroll sideways."""
    before = page.viewport_size
    if before["width"] != 390:
        page.set_viewport_size({"width": 390, "height": 844})
    over = page.evaluate(TOO_WIDE)
    if before["width"] != 390:
        page.set_viewport_size(before)
    return [f"{over} px wider than a phone"] if over > 0 else []


def cold_weight(page, answer):
    """Bytes of a first visit: pages as the program sends them, static files as WhiteNoise compresses them."""
    weight = len(answer.body())
    for url, size in page.evaluate(LOADED):
        path = urlsplit(url).path
        weight += compressed(path.removeprefix("/static/")) if path.startswith("/static/") else size
    return weight


@cache
def compressed(name):
    return len(gzip.compress(Path(finders.find(name)).read_bytes()))


def english_in(page):
    words = {text for text in page.evaluate(VISIBLE_WORDS) if ENGLISH.search(CODE.sub("", text))}
    return sorted(text[:90] for text in words - english_by_right())


@cache
def english_by_right():
    """English columns of bilingual rows, which stand beside the Chinese where they are edited."""
    rows = [*Division.objects.values_list("name_en"), *Standard.objects.values_list("title_en")]
    rows += StandardItem.objects.values_list("label_en", "source_en")
    return {words for row in rows for words in row}
