"""Load balancers and volumes on AWS: Elastic Load Balancing, EBS and EFS."""
