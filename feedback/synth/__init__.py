"""A made-up history of a journey whose pain points are known, to hold reports against."""
