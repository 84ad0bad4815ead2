"""Where the servers of WeChat and Weibo hand over what people write."""
