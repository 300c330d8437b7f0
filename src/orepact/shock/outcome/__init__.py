"""What became of an event: the record of a response, its closed books, its costs and its tables."""
