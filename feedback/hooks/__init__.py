"""Events from elsewhere: webhooks with their signatures, and the mappings that read them."""
