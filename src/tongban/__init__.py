"""Tongban (通办): one number, one window, one network."""
