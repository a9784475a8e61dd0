"""Everything a team takes away: rows as CSV, Excel and Parquet, and the report as a PDF."""
