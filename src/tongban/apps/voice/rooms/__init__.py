"""Event rooms: what is known of an event, what government says of it, and whether that settled anything."""
