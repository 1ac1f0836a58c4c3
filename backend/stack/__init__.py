"""Starts PostgreSQL, Valkey, SeaweedFS and the platform's own processes, for `make run` and `make test`. No Django in it."""
