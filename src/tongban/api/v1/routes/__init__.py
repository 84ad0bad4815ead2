"""The operations, by subject. Each parses, makes one domain call and says what came of it."""
