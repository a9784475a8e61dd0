"""Tables, statuses and their legal transitions, migrations. Imports nothing of ours."""
