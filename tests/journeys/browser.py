"""A person at a browser: opens pages, reads words in their language, keeps what goes wrong."""

from django.utils import translation
from django.utils.translation import gettext, ngettext, pgettext

from config.demo.people import PASSWORD

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
LOCALES = {"zh-hans": "zh-CN", "en": "en-GB"}
WAIT = 15_000


class Person:
    def __init__(self, browser, site, language, width, *, scripts=True, height=844):
        self.site, self.language, self.width = site, language, width
        self.context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=LOCALES[language],
            java_script_enabled=scripts,
            bypass_csp=False,
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(WAIT)
        self.context.set_default_navigation_timeout(2 * WAIT)
        self.page = self.context.new_page()
        self.faults, self.asked_elsewhere = [], []
        self.page.on("console", lambda said: said.type == "error" and self.faults.append(said.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on(
            "request",
            lambda request: (
                request.url.startswith((site, "data:", "blob:")) or self.asked_elsewhere.append(request.url)
            ),
        )
        self.page.on("dialog", lambda dialog: dialog.accept())

    # Words --------------------------------------------------------------------------------------------------------

    def say(self, words, context=None, **values):
        """The words as this person's pages show them."""
        with translation.override(self.language):
            found = pgettext(context, words) if context else gettext(words)
        return found % values if values else found

    def count(self, one, many, n, **values):
        with translation.override(self.language):
            return ngettext(one, many, n) % {"n": n, **values}

    def label(self, choice):
        with translation.override(self.language):
            return str(choice.label)

    # Pages --------------------------------------------------------------------------------------------------------

    def sign_in(self, username, password=PASSWORD):
        self.open("/login/")
        self.page.fill("input[name=login]", username)
        self.page.fill("input[name=password]", password)
        self.press("Sign in", within="form.card")
        assert "/login/" not in self.page.url, self.text()
        return self

    def open(self, path):
        answer = self.page.goto(self.site + path)
        assert answer.status < 400, (path, answer.status, self.text()[:300])
        return answer

    def by_menu(self, words):
        """To a page by the menu, which a phone folds away."""
        toggle = self.page.locator("details.menu-toggle > summary")
        if toggle.is_visible():
            toggle.click()
        self.page.locator("nav.menu, nav.portal-bar").get_by_role("link", name=self.say(words), exact=True).click()
        self.page.wait_for_load_state()

    def press(self, words, within="main, form", n=0):
        """The button with these words; returns when the page that follows is there."""
        button = self.page.locator(within).get_by_role("button", name=self.say(words)).nth(n)
        with self.page.expect_navigation():
            button.click()

    def follow(self, words, within="main", exact=False):
        link = self.page.locator(within).get_by_role("link", name=self.say(words), exact=exact).first
        with self.page.expect_navigation():
            link.click()

    def text(self):
        return self.page.locator("body").inner_text()

    def main(self):
        return self.page.locator("main").inner_text()

    def heading(self):
        return self.page.locator("h1").inner_text()

    def reads(self, words, **values):
        """Whether the page says this, in this person's language."""
        said = self.say(words, **values)
        assert said in self.text(), f"“{said}” is not on {self.page.url}:\n{self.main()[:1500]}"
        return True
