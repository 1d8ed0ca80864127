"""What data sets hold of studies of ten values alone."""
