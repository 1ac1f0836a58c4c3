"""Signing in and confirming oneself at an identity provider, by OpenID Connect: FranceConnect, ProConnect, or another in their place."""
