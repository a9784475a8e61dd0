"""Journeys, surveys, triggers and segments from YAML: checked as a whole, applied at once."""
