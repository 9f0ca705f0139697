"""What every page of the desk works with, and how an area of the desk is described.

An area is one module: handlers that take a `Desk` and return a response, and an `AREA` that names
them. `areas.AREAS` lists the areas; nothing else has to know of a new one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from uplink.station.desk.auth.audit import AuditLog
from uplink.station.desk.auth.officers import Officer, OfficerKeys, Role
from uplink.station.desk.auth.sessions import Session
from uplink.station.desk.cases.casebook import Case, Casebook
from uplink.station.desk.web.app_state import AppState

HOUR_S = 3600


@dataclass(frozen=True)
class Desk:
    """One request of an officer who is signed in."""

    office: AppState
    session: Session
    request: Request
    form: FormData

    @property
    def officer(self) -> Officer:
        """Who asks."""
        return self.session.officer

    @property
    def keys(self) -> OfficerKeys:
        """What his passphrase opened."""
        return self.session.keys

    @property
    def cases(self) -> Casebook:
        """What has come, opened."""
        return self.office.casebook(self.keys)

    @cached_property
    def log(self) -> AuditLog:
        """The log of who opened what."""
        return self.office.audit(self.keys)

    @property
    def now(self) -> int:
        """Unix seconds."""
        return int(self.office.now())

    @property
    def hour(self) -> int:
        """Whole hours since 1970."""
        return self.now // HOUR_S

    @property
    def is_chief(self) -> bool:
        """Whether the officer is a chief."""
        return self.officer.role is Role.CHIEF

    def note(self, action: str, subject: str = "", reason: str = "") -> int:
        """Write into the log, before the deed, that the officer does `action`; its number."""
        return self.log.add(self.officer.name, action, subject, reason)

    def readable(self) -> list[Case]:
        """Every case that this officer may open."""
        return [case for case in self.cases.all() if self.is_chief or not case.is_of_the_unit]

    def case(self, name: str = "case") -> Case:
        """The case that the address names; 404 when it is none for this officer."""
        try:
            case = self.cases.get(self.request.path_params[name])
        except KeyError:
            raise HTTPException(404) from None
        if case.is_of_the_unit and not self.is_chief:
            raise HTTPException(404)
        return case

    def text(self, field: str, longest: int = 2000) -> str:
        """A field of the form as one trimmed text; "" when it is missing."""
        value = self.form.get(field)
        return value.strip()[:longest] if isinstance(value, str) else ""

    def page(self, template: str, status: int = 200, **values: object) -> Response:
        """`templates/<template>` with `values`; it also knows `desk`."""
        return HTMLResponse(self.part(template, **values), status)

    def part(self, template: str, **values: object) -> Markup:
        """A template's HTML, to be put into another page."""
        html = self.office.templates.get_template(template).render(desk=self, **values)
        return Markup(html)

    def go(self, path: str) -> Response:
        """Answer a form by leading on, so that loading again does not repeat it."""
        return RedirectResponse(path, 303)


Handler = Callable[[Desk], Response]


class Page(NamedTuple):
    """One address: `passive` ones are asked for by the page itself and keep no session awake."""

    path: str
    handler: Handler
    method: str = "GET"
    role: Role = Role.READER
    passive: bool = False


class Area(NamedTuple):
    """Some pages; with a `title` and the address `link` it stands in the navigation.

    `panel` gives what the area adds to the page of one report.
    """

    pages: tuple[Page, ...]
    title: str = ""
    link: str = ""
    role: Role = Role.READER
    panel: Callable[[Desk, Case], Markup] | None = None
