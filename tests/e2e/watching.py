"""Pages under watch: what a browser complains of."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) => {
  violated(`${event.violatedDirective} forbids ${event.blockedURI} ${event.sample} on ${event.documentURI}`);
});
"""
GIVEN_UP = {"net::ERR_ABORTED", "net::ERR_INTERNET_DISCONNECTED"}
"""A request that the browser itself has no more use for, since the page was left; or a test has cut it off."""


class Watch:
    """Collects from a context: errors and warnings of the console, exceptions, violated policies, failed requests."""

    def __init__(self, context: BrowserContext) -> None:
        self.complaints: list[str] = []
        context.expose_function("violated", self.complain)
        context.add_init_script(VIOLATIONS)
        context.on("console", self.said)
        context.on("weberror", lambda error: self.complain(str(error.error)))
        context.on("requestfailed", self.failed)
        context.on("response", self.answered)

    def complain(self, what: str) -> None:
        """Keep a complaint."""
        self.complaints.append(what)

    def said(self, message: ConsoleMessage) -> None:
        """Keep what the console says of something wrong."""
        if message.type in {"error", "warning"}:
            self.complain(message.text)

    def failed(self, request: Request) -> None:
        """Keep a request that got no answer."""
        if request.failure not in GIVEN_UP:
            self.complain(f"{request.method} {request.url}: {request.failure}")

    def answered(self, response: Response) -> None:
        """Keep an answer that tells of an error."""
        if response.status >= 400:
            self.complain(f"{response.request.method} {response.url}: {response.status}")
