"""The errors of understanding; every message says what is wrong, where, and the mend."""

from __future__ import annotations


class NlpError(Exception):
    """Base of everything that goes wrong in `nlp`: a message, the field at fault, the mend."""

    def __init__(self, message: str, *, field: str, mend: str) -> None:
        super().__init__(f"{field}: {message}. {mend}")
        self.message = message
        self.field = field
        self.mend = mend


class ArtefactError(NlpError):
    """A trained model that is missing, damaged, foreign or newer than this program."""


class EncoderError(NlpError):
    """The encoder's weights are missing or are not the ones that the heads were trained on."""


class TrainingDataError(NlpError):
    """Labelled comments that cannot be learned from."""


class CommentLineError(NlpError):
    """One line of comments that does not have the shape asked for."""


class CustomThemeError(NlpError):
    """A theme of a workspace's own that can't be fitted from what was given, or read back."""
