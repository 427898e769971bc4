"""Load balancers and volumes on one machine: Envoy carries the traffic, disk images hold the data."""
