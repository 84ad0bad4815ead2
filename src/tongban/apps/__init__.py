"""One Django app for one subject. Enter an app through its services and queries only."""
