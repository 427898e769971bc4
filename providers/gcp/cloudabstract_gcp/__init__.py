"""Load balancers and volumes on Google Cloud: Compute Engine's load balancing and disks."""
