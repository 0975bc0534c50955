"""static/js/draft.js in a real browser, against a page made up for it."""

import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

SCRIPT = (Path(__file__).parents[2] / "static/js/draft.js").read_text()
PAGE = """<!doctype html><title>x</title>
<form method="post" action="/sent/" data-draft="/drafts/visit/">
  <input type="hidden" name="csrfmiddlewaretoken" value="t">
  <textarea name="note"></textarea><input type="password" name="secret"><input type="file" name="photo">
  <span data-draft-status data-kept="Kept." data-not-kept="Not kept."></span><button>Send</button>
</form><a href="/other/">away</a><script src="/draft.js"></script>"""

pytestmark = pytest.mark.browser


class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        script = self.path == "/draft.js"
        self.answer(200, "text/javascript" if script else "text/html", SCRIPT if script else PAGE)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path.startswith("/drafts/"):
            self.server.drafts.append(body)
            self.answer(self.server.status, "text/plain", "")
        else:
            self.answer(200, "text/html", PAGE)

    def answer(self, status, kind, text):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args):
        pass


@pytest.fixture
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.drafts, server.status = [], 200
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(site, chromium):
    from playwright import sync_api

    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.clock.install()
        page.goto(f"http://127.0.0.1:{site.server_port}/visit/")
        yield page
        browser.close()


def wait_for(condition):
    deadline = time.monotonic() + 5
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert condition()


def test_typing_is_kept_after_a_pause_without_passwords_and_files(page, site):
    page.fill("textarea", "hello there")
    page.fill("[type=password]", "hush")
    page.clock.run_for(2000)
    assert site.drafts == []
    page.clock.run_for(2000)
    page.wait_for_function("document.querySelector('span').textContent === 'Kept.'")
    (draft,) = site.drafts
    assert "hello there" in draft
    assert 'name="csrfmiddlewaretoken"' in draft
    assert "hush" not in draft
    assert "photo" not in draft


def test_a_refusal_is_told(page, site):
    site.status = 503
    page.fill("textarea", "hello")
    page.clock.run_for(4000)
    page.wait_for_function("document.querySelector('span').textContent !== ''")
    assert page.text_content("span") == "Not kept."


def test_leaving_keeps_at_once_and_sending_keeps_nothing(page, site):
    page.fill("textarea", "half")
    page.click("a")
    page.wait_for_url("**/other/")
    wait_for(lambda: len(site.drafts) == 1)
    page.fill("textarea", "whole")
    page.click("button")
    page.wait_for_url("**/sent/")
    page.clock.run_for(10_000)
    assert len(site.drafts) == 1
