"""How the program runs: the web server, and the supervisor of the embedded run."""
