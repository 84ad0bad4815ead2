"""The telephone: a clerk speaks with whoever calls."""
