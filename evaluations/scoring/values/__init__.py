"""Scoring by evaluators that were trained on what people judged of ten values."""
