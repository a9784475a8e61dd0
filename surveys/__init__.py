"""Asking: definitions, triggers, eligibility, delivery, conversation, channels."""
