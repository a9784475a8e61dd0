"""Understanding: comments in, readings out; knows no web framework and no database."""
