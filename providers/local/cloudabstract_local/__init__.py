"""Load balancers and volumes on one machine: Envoy for traffic, disk images for data."""
