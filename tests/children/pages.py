"""Reading and filling the register's pages as a browser without scripts would."""

import io
import json
import zipfile

from bs4 import BeautifulSoup


def copied(response):
    """({model: rows}, names of the pictures) of the copy made for a guardian."""
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as whole:
        assert whole.testzip() is None
        return json.loads(whole.read("data.json")), sorted(set(whole.namelist()) - {"data.json"})


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def filled(response, form_index=-1, **typed):
    """What a browser sends for the page's form: every field as drawn, then what is typed over it."""
    form = soup(response).find("main").find_all("form")[form_index]
    data = {}
    for tag in form.find_all(["input", "select", "textarea"]):
        name = tag.get("name")
        if not name or (tag.get("type") in ("checkbox", "radio") and not tag.has_attr("checked")):
            continue
        if tag.name == "select":
            chosen = tag.find("option", selected=True) or tag.find("option")
            data[name] = chosen["value"] if chosen else ""
        elif tag.name == "textarea":
            data[name] = tag.text.lstrip("\n")
        else:
            data[name] = tag.get("value", "on" if tag.get("type") == "checkbox" else "")
    return {**data, **typed}


def words(response):
    return " ".join(soup(response).find("main").get_text(" ").split())
