"""Finding personal data in comments; `nlp.redaction` is the door to it."""
