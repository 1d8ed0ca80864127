"""Training an evaluator of the ten values from labels, and cross-validating it."""
