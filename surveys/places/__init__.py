"""Where a customer is, by what is known: country, region, time zones."""
