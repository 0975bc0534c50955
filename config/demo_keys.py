"""Keys of the demo and the tests, made on this machine and kept in var/. Production brings its own."""

import base64
import json
import os
import secrets
import tempfile
from pathlib import Path

MARK = "demo"  # `./dev` leaves this file in var/: this checkout is for trying out
KEYS = "keys.json"
OF_PRODUCTION = ("SECRET_KEY", "DATABASE_URL")


def is_demo(var):
    """An environment that brings a key or a server means business, even where the demo once ran."""
    return (Path(var) / MARK).exists() and not any(os.environ.get(name) for name in OF_PRODUCTION)


def load(var):
    """SECRET_KEY, FIELD_KEYS and INDEX_KEY as the environment would give them; made at the first call."""
    path = Path(var) / KEYS
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        _write_once(path, json.dumps(new()))
    return json.loads(path.read_text())


def new():
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": "demo:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "INDEX_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
    }


def _write_once(path, text):
    """Whole or not at all, readable by its owner only; of two processes at once the first one's keys stay."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent)  # mode 0600
    with open(descriptor, "w") as file:
        file.write(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)
