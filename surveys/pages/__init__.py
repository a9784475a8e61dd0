"""The survey page: how it is loaded, shown and saved; see surveys.web for its routes."""
