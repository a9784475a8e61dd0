"""From rows to the pain-point report: scope, sums, quotes, and the report itself."""
