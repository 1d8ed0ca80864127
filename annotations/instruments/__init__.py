"""What people judge of each kind of instrument: a room for each."""
