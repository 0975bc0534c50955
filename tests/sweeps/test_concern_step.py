"""Where words are typed on a form about a child, a concern is one step away and nothing typed is lost."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
A_FORM = re.compile(r'method="post"')
TO_TYPE_IN = re.compile(r'{% fields? |{% for \w+ in form %}|<textarea|type="text"')
ABOUT_A_CHILD = re.compile(r"\bchild\.(name|number|pk|household)|\bchild=")
THE_STEP = re.compile(r"_concern_buttons\.html|name=\"concern\"|children:raise_concern|portal:concern")

ON_THE_FILE = "a short field of a section of the file, whose head has the step"
OF_THE_OFFICE = "the office decides or keeps house here: nobody speaks with a child or a guardian over this form"
NOT_OF_A_CHILD = "names children, and what is typed is about a thing, a helper or a whole group"
WITHOUT = {
    **dict.fromkeys(
        [
            *["children/file/basics", "children/file/consents", "children/file/family", "children/file/hardships"],
            *["children/file/needs", "children/file/referrals", "children/file/wishes"],
            *["guardianship/file_cards", "guardianship/file_contacts"],
        ],
        ON_THE_FILE,
    ),
    **dict.fromkeys(
        [
            *["children/correction", "children/erasure", "children/transfer", "children/move_up"],
            *["guardianship/contacts", "letters/letter", "volunteers/excuse", "pairings/deputy", "gifts/wish_form"],
            "pairings/close_out",
        ],
        OF_THE_OFFICE,
    ),
    **dict.fromkeys(
        [
            *["activities/cover", "activities/group", "activities/meeting", "activities/sheet", "gifts/hand_out"],
            *["gifts/wish", "pairings/care_group", "premises/lend"],
        ],
        NOT_OF_A_CHILD,
    ),
    **dict.fromkeys(["children/concern", "children/raise_concern"], "is the step, or what follows from it"),
    "counselling/case": "asks who else may read; words are typed on the session, which has the step",
    "portal/goodbye": "the helper's last words to the office; the child's page, with the step, leads here and back",
}


def lacking():
    """{template: without its ending} of forms about a child on which words are typed and no concern is raised."""
    found = {}
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text()
        if all(rule.search(text) for rule in (A_FORM, TO_TYPE_IN, ABOUT_A_CHILD)) and not THE_STEP.search(text):
            found[str(path.relative_to(TEMPLATES)).removesuffix(".html")] = path
    return found


def test_no_form_about_a_child_lacks_the_step_to_a_concern():
    missing = sorted(lacking().keys() - WITHOUT.keys())
    assert not missing, (
        f"{missing}: include children/_concern_buttons.html with a children.concern_step.TypedSoFar, and add the form "
        "to tests/children/test_concern_buttons.py; or say in WITHOUT why no step is needed."
    )


def test_no_exception_outlives_its_form():
    gone = sorted(WITHOUT.keys() - lacking().keys())
    assert not gone, f"{gone}: has the step now, or is no form about a child any more. Take it out of WITHOUT."
