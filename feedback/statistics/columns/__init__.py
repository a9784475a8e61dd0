"""The same statistics over columns: a row a cell, so that a whole journey is ranked at once."""
