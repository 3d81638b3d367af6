"""The one way to say an expected "no" anywhere in the house."""


class Refusal(Exception):
    """An expected "no" that a person can read and act on.

    ``code`` is stable and machine-readable (``pin_wrong``), ``text`` is a translated sentence that says
    what happened, what is safe and what to do, ``field`` names the form field it belongs to, if any.
    """

    def __init__(self, code: str, text: str, *, field: str | None = None) -> None:
        super().__init__(code, text)
        self.code = code
        self.text = text
        self.field = field

    def __str__(self) -> str:
        return str(self.text)
