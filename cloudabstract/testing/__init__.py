"""What authors of providers and of deployments test with: stand-ins of clouds, faults, conformance."""
