"""Five first uses of the product, filmed: `python -m tests.e2e.films`."""
