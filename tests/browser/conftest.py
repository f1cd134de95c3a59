"""A real browser, and what it asks for."""

import shutil
from contextlib import contextmanager

import pytest
from playwright.sync_api import sync_playwright

CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        # In containers, where tests run as root, its own sandbox cannot be set up.
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


class Tab:
    """A page that reaches one server alone, and the addresses of others that it wanted to reach."""

    def __init__(self, page, origin):
        self.page, self.origin = page, origin
        self.asked, self.strayed, self.said = [], [], []
        page.route("**/*", self._route)
        page.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))

    def _route(self, route):
        url = route.request.url
        self.asked.append(url)
        if url.startswith(f"{self.origin}/"):
            route.continue_()
        else:
            self.strayed.append(url)
            route.abort()

    def open(self, path, *, until="networkidle"):
        response = self.page.goto(f"{self.origin}{path}", wait_until=until)
        assert response is not None
        return response

    def run(self, expression):
        return self.page.evaluate(expression)


@pytest.fixture
def tab(browser):
    """Make a tab for the server at an origin."""

    @contextmanager
    def of(origin, **options):
        context = browser.new_context(viewport={"width": 1000, "height": 760}, **options)
        try:
            yield Tab(context.new_page(), origin)
        finally:
            context.close()

    return of
