"""Listening: the application, scores, understanding, journeys, pain points, jobs, commands."""
