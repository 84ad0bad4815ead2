"""What is said, seen as a whole: the streaming topics (``topics``) kept in the database and on record."""
