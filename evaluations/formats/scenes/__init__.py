"""Scenes in several languages, as files hold them: what they must say, and how it is checked."""
