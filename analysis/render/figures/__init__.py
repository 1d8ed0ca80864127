"""The drawn figures of a report: one Altair spec each, rendered on the server."""
