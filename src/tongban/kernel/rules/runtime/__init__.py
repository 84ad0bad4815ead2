"""What compiled FEEL calls while it runs. Every function takes the run first, is total, and is null with a reason."""
