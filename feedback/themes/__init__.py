"""Themes as a workspace sees them: built-in and its own; named, merged, hidden and nested."""
