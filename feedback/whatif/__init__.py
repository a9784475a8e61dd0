"""What if: other rules over the last days, who would have been asked, beside what happened."""
