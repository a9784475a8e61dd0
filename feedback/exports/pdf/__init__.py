"""The report as a document to print: what it says, how it is set, and its pictures."""
