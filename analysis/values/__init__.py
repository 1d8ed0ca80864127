"""What reports know of the ten values alone: pure, with NumPy."""
