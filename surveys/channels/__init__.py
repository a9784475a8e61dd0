"""The ways a question reaches a customer."""
