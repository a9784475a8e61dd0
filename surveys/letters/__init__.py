"""Invitations by e-mail: what stands in them, in words, and as HTML."""
