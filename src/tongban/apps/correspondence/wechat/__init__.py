"""WeChat official accounts: what they hand over, and how they are answered."""
