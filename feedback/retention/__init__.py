"""What is forgotten after some time, and the monthly parts of large tables."""
