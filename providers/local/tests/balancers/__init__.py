"""Balancers of the local provider: real Envoy, real sockets on loopback."""
