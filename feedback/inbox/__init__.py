"""The inbox: every SMS exchange of a workspace, to find, to read and to answer."""
