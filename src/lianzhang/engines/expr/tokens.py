"""The tokenizer: text to numbers, texts, names and signs, each with its place."""

import re
from dataclasses import dataclass

from .errors import ExprError

MAX_CHARS = 4000
KEYWORDS = frozenset({"and", "or", "not", "in", "true", "false"})
SIGNS = ("<=", ">=", "==", "!=", "<", ">", "+", "-", "*", "/", "(", ")", "[", "]", ",")

_PATTERN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,3})?)
      | (?P<text>'[^'\n]*'|"[^"\n]*")
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
      | (?P<sign>"""
    + "|".join(re.escape(sign) for sign in SIGNS)
    + ")",
    re.VERBOSE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Token:
    """``kind`` is number, text, name, a keyword, a sign or ``end``."""

    kind: str
    text: str
    pos: int


def tokenize(source: str) -> list[Token]:
    """Cut ``source`` into tokens, closed by an ``end`` token.

    Raises ExprError for a sign outside the language, an unclosed text or a source over MAX_CHARS.
    """
    if len(source) > MAX_CHARS:
        raise ExprError(f"{len(source)} characters, expected at most {MAX_CHARS}")
    found: list[Token] = []
    pos = 0
    while pos < len(source):
        match = _PATTERN.match(source, pos)
        if match is None:
            raise ExprError(_complaint(source[pos]), pos)
        kind, text = str(match.lastgroup), match.group()
        if kind == "number" and _runs_into_a_name(source, match.end()):
            raise ExprError(f"{text!r} runs into a letter, expected a number or a name", pos)
        if kind == "sign" or text in KEYWORDS:
            kind = text
        if kind != "space":
            found.append(Token(kind, text, pos))
        pos = match.end()
    found.append(Token("end", "", pos))
    return found


def _runs_into_a_name(source: str, pos: int) -> bool:
    return pos < len(source) and (source[pos].isalnum() or source[pos] in "_.")


def _complaint(sign: str) -> str:
    if sign in "'\"":
        return "text is not closed, expected the same quote again on this line"
    if sign == "=":
        return "'=' alone, expected '==' to compare"
    return f"unexpected {sign!r}, expected a name, a number, a text or one of {' '.join(SIGNS)}"
