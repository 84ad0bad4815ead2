"""The theme of a month (每月一题): a topic with an owner, a plan and a day, before everybody."""
