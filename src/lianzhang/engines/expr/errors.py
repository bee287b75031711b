"""The one error of the expression language."""


class ExprError(ValueError):
    """A mistake in an expression or in a value handed to it.

    ``what`` says what is wrong and what was expected; ``pos`` is the 0-based place in the text.
    """

    def __init__(self, what: str, pos: int = 0) -> None:
        super().__init__(f"at {pos + 1}: {what}")
        self.what = what
        self.pos = pos
