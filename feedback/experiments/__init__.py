"""Experiments: what two ways of asking lead to, compared so that looking often does no harm."""
