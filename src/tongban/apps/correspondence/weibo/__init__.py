"""Private messages to a Weibo account: what Weibo hands over, and how it is answered."""
