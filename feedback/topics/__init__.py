"""What comments speak of beside the themes: runs of emerging topics, and what they found."""
