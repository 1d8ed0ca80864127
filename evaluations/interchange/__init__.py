"""Files of other programs (docs/reference/interchange.md): what they are, and the trials in them.

Pure. A format says of a file whether it is one of its own, by its content, and reads it bit by bit;
what it cannot take it names by its place in the file.
"""
