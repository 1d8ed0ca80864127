"""What people judge of an answer's ten values."""
