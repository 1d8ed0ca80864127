"""What is shown of the ten values alone."""
