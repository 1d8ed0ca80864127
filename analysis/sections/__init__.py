"""The sections of a report, each a function from a data set in memory to JSON-safe facts."""
