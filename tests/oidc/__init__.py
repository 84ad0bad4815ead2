"""The identity provider of the tests: a certified one, started on loopback."""
