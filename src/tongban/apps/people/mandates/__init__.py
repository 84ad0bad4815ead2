"""Acting for others: giving, asking, answering, ending, and the log of all of it. Entered by services and queries."""
