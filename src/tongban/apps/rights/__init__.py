"""What people may ask of government about their own data: who looked, what is held, a copy, a correction, an end."""
