"""Pages of the book in Chromium, as a test sees them, and the explorers on them."""

from tests.browser import explorer

# Where a prediction comes before it, an explorer is folded, as every answer is.
UNFOLD = "e => { while ((e = e.parentElement?.closest('details'))) e.open = true }"


class Pages:
    """Opens pages at an address, and notes what leaves it.

    left: requests for anything else, all refused; faults: what scripts have thrown or logged.
    """

    def __init__(self, chromium, address):
        self.address, self.left, self.faults = address, [], []
        self.context, self.chromium = None, chromium

    def open(self, path, *, theme="light", width=1366, height=900):
        """A page of the book, by its path, in a theme and at a width."""
        self.close()
        size = {"width": width, "height": height}
        self.context = self.chromium.new_context(
            viewport=size, color_scheme=theme, reduced_motion="reduce"
        )
        self.context.set_default_timeout(30_000)
        self.context.route("**/*", self._allow)
        page = self.context.new_page()
        page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        page.goto(f"{self.address}/{path}")
        return page

    def _allow(self, route):
        inside = route.request.url.startswith((self.address, "data:", "blob:"))
        if not inside:
            self.left.append(route.request.url)
        route.continue_() if inside else route.abort()

    def close(self):
        if self.context:
            self.context.close()


class Explorer(explorer.Explorer):
    """The explorer of a kind on a page; the helpers are those of the tests in JupyterLab."""

    def __init__(self, page, kind, nth=0):
        self.page = page
        place = page.locator(f'.course-live[data-explorer^="{kind}-"]').nth(nth)
        self.root = place.locator(".course-explorer")
        place.evaluate(UNFOLD)
        place.scroll_into_view_if_needed()
        self.root.and_(page.locator("[data-now]")).wait_for(timeout=30_000)

    def press(self, name, *keys):
        """Press keys at a slider."""
        self.slider(name).focus()
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def settled(self):
        """What is drawn once no tile is awaited any more."""
        waiting = self.page.locator(".course-waiting")
        self.root.and_(waiting).wait_for(state="detached")
        return self.now()
