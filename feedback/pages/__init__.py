"""Every page the team sees: routes, view models, templates and static files."""
