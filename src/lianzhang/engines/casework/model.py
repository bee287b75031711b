"""The process schema: what a kind of matter is, as data."""

import re
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StrictBool,
    StringConstraints,
    model_validator,
)

from .limits import Limit, parse_limit

#: Event types every process has beside its moves.
#: ``taken_over`` sets the state an old ledger tells of where the steps that led there are not known.
BUILT_IN = ("opened", "extended", "annulled", "co_requested", "co_opinion", "taken_over")

_CLOCK_TIME = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)", re.ASCII)
_STEP = re.compile(r"due|([1-9]\d?|100)%", re.ASCII)


def _version(raw: Any) -> Any:
    return str(raw) if isinstance(raw, int | float) and not isinstance(raw, bool) else raw


def _cutoff(raw: Any) -> int:
    """``17:30`` as seconds after midnight."""
    match = _CLOCK_TIME.fullmatch(raw) if isinstance(raw, str) else None
    second = int(match[1]) * 3600 + int(match[2]) * 60 if match else -1
    if not 0 <= second <= 86_400:
        raise ValueError(f"{raw!r} is no time of day, expected HH:MM as 17:30")
    return second


def _within(raw: Any) -> str | Limit | None:
    return raw if raw is None or isinstance(raw, str) else parse_limit(raw)


def _at(raw: Any) -> str:
    if not isinstance(raw, str) or _STEP.fullmatch(raw) is None:
        raise ValueError(f"{raw!r} is no step, expected due or a share as 80%")
    return raw


Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Ids = tuple[Id, ...]
Some = Annotated[tuple[Id, ...], Field(min_length=1)]
LimitField = Annotated[Limit, PlainValidator(parse_limit)]


class Part(BaseModel):
    """Common to all parts: nothing unknown, nothing coerced, nothing changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Title(Part):
    """A name in the languages of the interface; at least one."""

    zh: str | None = Field(default=None, min_length=1)
    en: str | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if not (self.zh or self.en):
            raise ValueError("no title, expected zh or en")
        return self


class FieldSpec(Part):
    """An extra field of the kind: shown, searched and exported by its type."""

    name: Id
    type: Id
    title: Title | None = None
    required: StrictBool = False
    of: tuple[str, ...] = ()
    suggest: Id | None = None
    unit: str | None = None


class State(Part):
    """``open: false`` closes the matter; ``waits_for`` names the role whose turn it is."""

    open: StrictBool
    waits_for: Id | None = None
    title: Title | None = None


class Move(Part):
    """A step from some states to another (``to: null`` stays), by some roles under conditions."""

    from_: Some = Field(alias="from")
    to: Id | None
    by: Some
    needs: Ids = ()
    guard: str | None = None
    within: Annotated[str | Limit | None, PlainValidator(_within)] = None
    max: int | None = Field(default=None, ge=1, le=1000, strict=True)
    not_by: Ids = ()
    bulk: StrictBool = False
    auto_after: LimitField | None = None
    title: Title | None = None


class LimitCase(Part):
    """A limit, if ``when`` is true (or without condition)."""

    when: str | None = None
    value: LimitField


def _cases(raw: Any) -> Any:
    return raw if isinstance(raw, list | tuple) else [{"value": parse_limit(raw)}]


class Extend(Part):
    """Who may grant more time, how often, up to which limit, and whether only before expiry."""

    by: Id
    max: int = Field(default=1, ge=1, le=100, strict=True)
    to: LimitField | None = None
    before_expiry: StrictBool = True


class Clock(Part):
    """A clock: started, stopped and restarted by events, paused by states.

    ``counting`` next_day (the start's day does not count) or same_day; ``roll`` defaults to
    next_working_day for months and to none for days; ``cutoff`` defaults to the close of business.
    """

    start: Some
    stop: Ids = ()
    pause: Ids = ()
    restart_on: Ids = ()
    limit: Annotated[tuple[LimitCase, ...], BeforeValidator(_cases), Field(min_length=1)]
    per: Annotated[str, StringConstraints(pattern="^co_handler$")] | None = None
    extend: Extend | None = None
    counting: Annotated[str, StringConstraints(pattern="^(next_day|same_day)$")] = "next_day"
    roll: Annotated[str, StringConstraints(pattern="^(next_working_day|none)$")] | None = None
    cutoff: Annotated[int, PlainValidator(_cutoff)] | None = None
    title: Title | None = None


class Step(Part):
    """One rung of the escalation ladder: at a share of the limit, at the due time, before or after it."""

    at: Annotated[str, PlainValidator(_at)] | None = None
    before_due: LimitField | None = None
    after_due: LimitField | None = None
    notify: Some
    mark: Id | None = None

    @model_validator(mode="after")
    def _one_time(self) -> Self:
        if sum(x is not None for x in (self.at, self.before_due, self.after_due)) != 1:
            raise ValueError("not one time, expected exactly one of at, before_due, after_due")
        return self


class Publication(Part):
    """Whether replies are published (``review`` first), what exempts them, which fields are shown."""

    default: Id = "review"
    exempt: Ids = ()
    fields: Ids = ()


class Process(Part):
    """A kind of matter. The first state is the one a matter opens in."""

    kind: Id
    version: Annotated[str, BeforeValidator(_version), Field(min_length=1)]
    title: Title
    number: str | None = None
    fields: tuple[FieldSpec, ...] = ()
    states: dict[Id, State] = Field(min_length=1)
    moves: dict[Id, Move] = Field(min_length=1)
    clocks: dict[Id, Clock] = Field(default_factory=dict)
    escalation: dict[Id, tuple[Step, ...]] = Field(default_factory=dict)
    relations: Ids = ()
    publication: Publication | None = None
    letter: dict[str, Any] = Field(default_factory=dict)

    @property
    def initial(self) -> str:
        """The state a matter opens in."""
        return next(iter(self.states))
