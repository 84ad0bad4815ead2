"""The running product in a real browser. A package, so that browser and city end with its last test."""
