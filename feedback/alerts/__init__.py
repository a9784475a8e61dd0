"""Alerts: what left its expected range, the weekly digest, and the ways they are sent."""
