"""The refusal of a field."""


class InvalidField(ValueError):  # noqa: N818  a field is invalid, not the program
    """A field does not fit; its value, which may be somebody's secret, is never told."""

    def __init__(self, field: str, sentence: str, **values: object) -> None:
        super().__init__(f"{field}: {sentence}")
        self.field = field
        self.sentence = sentence
        self.values = values
