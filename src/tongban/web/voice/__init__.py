"""What the public says: pages for who speaks, for everybody, and for officials who see it as a whole."""
