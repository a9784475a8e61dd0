"""A server that behaves like Twilio over HTTP, for tests and for people to try Waymark with."""
