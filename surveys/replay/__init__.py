"""A stretch of a workspace's past, decided on again in memory, under its rules or others."""
