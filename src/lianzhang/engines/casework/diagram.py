"""A process for people: a Mermaid state diagram and the rows of a table."""

from .graph import closed_states
from .model import Process, Title


def mermaid(process: Process, lang: str = "en") -> str:
    """A Mermaid ``stateDiagram-v2``: states with their titles, moves with the roles that make them.

    Moves that keep the state stand in the table only; they would be loops without information.
    """
    lines = ["stateDiagram-v2"]
    for name, state in process.states.items():
        lines.append(f'    state "{_plain(_title(state.title, name, lang))}" as {name}')
    lines.append(f"    [*] --> {process.initial}")
    for name, move in process.moves.items():
        label = _plain(f"{_title(move.title, name, lang)} ({', '.join(move.by)})")
        lines += [f"    {source} --> {move.to}: {label}" for source in move.from_ if move.to is not None]
    lines += [f"    {name} --> [*]" for name in process.states if name in closed_states(process)]
    return "\n".join(lines) + "\n"


def rows(process: Process, lang: str = "en") -> list[dict[str, str]]:
    """One row a move: move, from, to, by, needs, conditions; empty cells where nothing is asked."""
    found = []
    for name, move in process.moves.items():
        conditions = {
            "guard": move.guard,
            "within": move.within,
            "max": move.max,
            "auto_after": move.auto_after,
            "not_by": ", ".join(move.not_by) or None,
        }
        found.append(
            {
                "move": _title(move.title, name, lang),
                "from": ", ".join(_state(process, state, lang) for state in move.from_),
                "to": _state(process, move.to, lang) if move.to else "",
                "by": ", ".join(move.by),
                "needs": ", ".join(move.needs),
                "conditions": "; ".join(
                    f"{key} {value}" for key, value in conditions.items() if value is not None
                ),
            }
        )
    return found


def _state(process: Process, name: str, lang: str) -> str:
    return _title(process.states[name].title, name, lang)


def _title(title: Title | None, name: str, lang: str) -> str:
    if title is None:
        return name.replace("_", " ")
    first, second = (title.zh, title.en) if lang.startswith("zh") else (title.en, title.zh)
    return first or second or name


def _plain(text: str) -> str:
    """Without the signs that end a label in Mermaid."""
    return text.translate(str.maketrans('":;\n#', "' ,  "))
