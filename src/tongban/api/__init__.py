"""The HTTP API and the foreign standards that it speaks."""
