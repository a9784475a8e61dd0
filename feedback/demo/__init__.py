"""A made-up shop whose customers live through its journey, so that Waymark can be watched."""
