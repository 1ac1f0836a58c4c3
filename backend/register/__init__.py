"""Append-only, hash-chained books. Knows chains, not cases."""
