"""The site as an app of the device: its names and icons, and what can be read of it without a connection."""
