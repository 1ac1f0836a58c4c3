"""Divorce by mutual consent before the judge."""
