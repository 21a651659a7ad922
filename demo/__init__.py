"""Sample traffic that shows librarian at work, in a data folder of its own."""
