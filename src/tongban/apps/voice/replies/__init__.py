"""A reply to an inquiry, looked over before it is sent; pure words, no framework."""
