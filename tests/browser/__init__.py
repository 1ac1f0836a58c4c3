"""A real browser before the running product."""
