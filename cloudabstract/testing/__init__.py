"""What authors of providers and deployments test with: clouds to try, faults, conformance."""
