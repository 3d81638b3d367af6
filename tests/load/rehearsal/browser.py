"""A person's browser without a screen: cookies, pages, and forms filled in as they were served."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin

import aiohttp
from lxml import html

Upload = tuple[str, bytes, str]


class Stuck(AssertionError):
    """A page that a person could not get past: its address, its status and what it said."""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer: where the browser ended up, and what it shows."""

    url: str
    status: int
    body: bytes
    kind: str

    @property
    def tree(self) -> Any:
        return html.fromstring(self.body)

    def text(self, path: str) -> str:
        """The words of the first element that the XPath finds; empty where there is none."""
        found = self.tree.xpath(path)
        return " ".join(found[0].text_content().split()) if found else ""

    def texts(self, path: str) -> list[str]:
        """The words of every element that the XPath finds."""
        return [" ".join(one.text_content().split()) for one in self.tree.xpath(path)]

    def links(self, part: str) -> list[str]:
        """Addresses of links that contain ``part``, each once, in order."""
        found = [urljoin(self.url, link) for link in self.tree.xpath("//a/@href") if part in link]
        return list(dict.fromkeys(found))

    def said(self) -> str:
        """What the page complains about, for people who read a failure."""
        words = self.texts(
            "//*[contains(@class,'error')] | //*[contains(@class,'toast')] | //*[@role='alert'] | //h1"
        )
        return " · ".join(dict.fromkeys(word for word in words if word))[:400]


class Browser:
    """One person's session; ``async with Browser(origin) as someone``."""

    def __init__(self, origin: str, *, headers: Mapping[str, str] | None = None) -> None:
        self.origin = origin
        self.headers = dict(headers or {})
        self.requests = 0

    async def __aenter__(self) -> Self:
        self.session = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True), headers=self.headers, timeout=aiohttp.ClientTimeout(total=300)
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.session.close()

    async def get(self, path: str, *, accept: tuple[int, ...] = (200,)) -> Page:
        """Open a page; :class:`Stuck` on any other status than ``accept``."""
        return await self._send("GET", urljoin(self.origin, path), None, accept)

    async def fill(
        self, page: Page | str, values: Mapping[str, Any] | None = None, *, form: str = "",
        files: Mapping[str, Upload] | None = None, accept: tuple[int, ...] = (200,),
    ) -> Page:  # fmt: skip
        """Fill in and send the one form whose action contains ``form``; what was preset stays unless named."""
        shown = await self.get(page) if isinstance(page, str) else page
        found = _find_form(shown, form, values or {})
        action = urljoin(shown.url, found.get("action") or shown.url)
        return await self._send("POST", action, _fields(found, values or {}, files or {}), accept)

    async def _send(self, method: str, url: str, data: aiohttp.FormData | None, accept: tuple[int, ...]) -> Page:
        self.requests += 1
        headers = {"Referer": url, "Origin": self.origin} if method == "POST" else {}
        async with self.session.request(method, url, data=data, headers=headers) as answer:
            page = Page(str(answer.url), answer.status, await answer.read(), answer.content_type)
        if page.status not in accept:
            said = page.said() if "html" in page.kind else repr(page.body[:200])
            raise Stuck(f"{method} {url}: {page.status} at {page.url}: {said}")
        return page


def _find_form(page: Page, part: str, values: Mapping[str, Any]) -> Any:
    forms = [form for form in page.tree.xpath("//form[@method='post']") if part in (form.get("action") or page.url)]
    wanted = set(values)
    fitting = [form for form in forms if wanted <= set(form.xpath(".//@name"))]
    if not part:  # the sign-out and language forms of the frame are on every page
        fitting = [form for form in fitting if form.xpath("ancestor::main")] or fitting
    if not fitting:
        raise Stuck(f"{page.url}: no form {part!r} with {sorted(wanted)}; {page.said()}")
    return fitting[0]


def _fields(form: Any, values: Mapping[str, Any], files: Mapping[str, Upload]) -> aiohttp.FormData:
    multipart = form.get("enctype") == "multipart/form-data"
    data = aiohttp.FormData(default_to_multipart=multipart)
    for name, preset in form.form_values() if hasattr(form, "form_values") else []:
        if name not in values and name not in files:
            data.add_field(name, preset)
    for name, value in values.items():
        for one in value if isinstance(value, list) else [value]:
            data.add_field(name, str(one))
    for name, (filename, body, kind) in files.items():
        data.add_field(name, body, filename=filename, content_type=kind)
    return data
