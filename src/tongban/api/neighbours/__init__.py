"""The door for other systems: signed messages (docs/reference/neighbours.md) and the keys that we sign with."""
