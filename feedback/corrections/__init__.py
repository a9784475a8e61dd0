"""What people put right in a reading, and how it stands over what models read."""
