"""History from CSV files: responses, scores and comments that were gathered elsewhere."""
