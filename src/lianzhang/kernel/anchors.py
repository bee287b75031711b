"""Anchors: once a day the heads of all chains that grew go into a signed file, which the auditor copies elsewhere.

A chain proves itself only against its own head. Who can write to the database can cut off its tail, or write it anew from
the first event. A file that lies elsewhere tells: for each chain the number and the hash it had on that day. The files
themselves are chained (each names the digest of the one before) and signed with the installation's key.

Each is JSON lines: a heading; for each chain `[subject, number, hash]`; the signature over all that stands before it.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext as _

from lianzhang.kernel import crypto, event_check, home, time
from lianzhang.kernel.event_check import Fault
from lianzhang.kernel.locks import only_one
from lianzhang.kernel.models.event import Event

FORMAT = 1


@dataclass(frozen=True)
class Anchor:
    """One file: its number, the last event it knows, and the heads of the chains that grew since the one before."""

    path: Path
    number: int
    last: int
    root: str
    algorithm: str
    before: str
    digest: str
    heads: dict[str, tuple[int, str]]


def folder() -> Path:
    """Where the installation keeps them."""
    return home.folder("anchors")


def files(place: Path) -> list[Path]:
    """The anchor files of a folder in their order."""
    return sorted(place.glob("anchor-*.jsonl"))


def make() -> str:
    """Write the next anchor; its root. Nothing is written when nothing happened since the last. A pair of workers writes one."""
    with only_one("events.anchor"):
        return _make()


def _make() -> str:
    earlier = [read(path) for path in files(folder())]
    last = earlier[-1] if earlier else None
    newest = Event.objects.aggregate(top=Max("pk"))["top"] or 0
    if last is not None and last.last == newest:
        return last.root
    if not newest:
        return ""
    algorithm = settings.EVENT_DIGEST
    grown = Event.objects.filter(pk__gt=last.last if last else 0, pk__lte=newest)
    tops: dict[str, tuple[int, str]] = {}
    for subject, seq, found in (
        grown.order_by("subject", "seq").values_list("subject", "seq", "hash").iterator(5000)
    ):
        tops[subject] = (seq, found)
    number = last.number + 1 if last else 1
    head = {
        "format": FORMAT, "number": number, "at": time.now().isoformat(timespec="seconds"), "last": newest,
        "algorithm": algorithm, "root": event_check.root(newest, algorithm), "before": last.digest if last else "",
    }  # fmt: skip
    body = "".join(_line(x) for x in [head, *([s, n, h] for s, (n, h) in sorted(tops.items()))])
    signed = body + _end(crypto.sign(body.encode()))
    _write(folder() / f"anchor-{number:06d}-{time.today():%Y%m%d}.jsonl", signed)
    return str(head["root"])


def _end(signature: str) -> str:
    return _line({"signature": signature, "public_key": crypto.public_key(signature)})


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def _write(path: Path, text: str) -> None:
    draft = path.with_suffix(".part")
    with draft.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    os.replace(draft, path)


def copy(target: Path) -> list[Path]:
    """Copy the anchors that lack in another folder (a share, a medium); none there is ever replaced."""
    target.mkdir(parents=True, exist_ok=True)
    done = []
    for path in files(folder()):
        if not (target / path.name).exists():
            shutil.copyfile(path, target / path.name)
            done.append(target / path.name)
    return done


class Spoiled(Exception):
    """An anchor file is not as it was written; the text says which and why."""


def read(path: Path) -> Anchor:
    """An anchor whose signature is right; `Spoiled` otherwise."""
    text = path.read_text(encoding="utf-8")
    body, _newline, end = text.removesuffix("\n").rpartition("\n")
    body += "\n"
    try:
        signature = json.loads(end)["signature"]
        if not crypto.verify(body.encode(), signature) or text != body + _end(signature):
            why = _("%(file)s: the signature is wrong, or by a key that is not in this installation")
            raise Spoiled(why % {"file": path.name})
        head, *rows = (json.loads(line) for line in body.splitlines())
        return Anchor(
            path, head["number"], head["last"], head["root"], head["algorithm"], head["before"],
            crypto.digest(body.encode(), head["algorithm"]), {s: (n, h) for s, n, h in rows},
        )  # fmt: skip
    except (ValueError, KeyError, TypeError) as error:
        raise Spoiled(
            _("%(file)s: not an anchor file (%(why)s)") % {"file": path.name, "why": error}
        ) from None


def verify(place: Path) -> Iterator[Fault]:
    """What the log lacks or says otherwise than the anchors of a folder: chains cut off, taken out or written anew."""
    anchors: list[Anchor] = []
    for path in files(place):
        try:
            anchors.append(read(path))
        except Spoiled as error:
            yield Fault(0, path.name, 0, str(error))
    yield from _own_chain(anchors)
    known: dict[str, tuple[int, str, str]] = {}
    for anchor in anchors:
        known |= {s: (n, h, anchor.path.name) for s, (n, h) in anchor.heads.items()}
        yield from _compare({s: (n, h, anchor.path.name) for s, (n, h) in anchor.heads.items()})
    if anchors and event_check.root(anchors[-1].last, anchors[-1].algorithm) != anchors[-1].root:
        yield from _unknown_chains(anchors[-1], known)


def _own_chain(anchors: list[Anchor]) -> Iterator[Fault]:
    """Every anchor names the digest of the one before; a number that is missing was taken away."""
    for before, anchor in zip([None, *anchors], anchors, strict=False):
        number, digest = (before.number, before.digest) if before else (0, "")
        if anchor.number != number + 1:
            what = _("anchor %(number)s is missing") % {"number": number + 1}
            yield Fault(0, anchor.path.name, anchor.number, what)
        elif anchor.before != digest:
            yield Fault(0, anchor.path.name, anchor.number, _("the anchor before it is another one"))


def _compare(heads: dict[str, tuple[int, str, str]]) -> Iterator[Fault]:
    subjects = sorted(heads)
    for i in range(0, len(subjects), 400):
        part = subjects[i : i + 400]
        numbers = {heads[s][0] for s in part}
        rows = Event.objects.filter(subject__in=part, seq__in=numbers).values_list(
            "subject", "seq", "hash", "pk"
        )
        found = {(s, n): (h, pk) for s, n, h, pk in rows}
        for subject in part:
            number, digest, name = heads[subject]
            if (subject, number) not in found:
                what = _("the chain was cut off or taken out: %(file)s knows event %(number)s")
                yield Fault(0, subject, number, what % {"file": name, "number": number})
            elif found[subject, number][0] != digest:
                pk = found[subject, number][1]
                what = _("the chain was written anew: %(file)s knows another event %(number)s")
                yield Fault(pk, subject, number, what % {"file": name, "number": number})


def _unknown_chains(anchor: Anchor, known: dict[str, tuple[int, str, str]]) -> Iterator[Fault]:
    """Chains that pretend to be older than the anchor, or longer than they were on its day."""
    for subject, seq, _digest in event_check.heads(anchor.last):
        number = known.get(subject, (0, "", ""))[0]
        if seq > number:
            what = _("events were slipped in: %(file)s knows %(number)s of this chain")
            yield Fault(0, subject, seq, what % {"file": anchor.path.name, "number": number})
