"""For who goes there and looks: tasks on a phone, what to look at, and the record of it; also without a connection."""
