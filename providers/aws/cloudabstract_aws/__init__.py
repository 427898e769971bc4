"""Load balancers and volumes on AWS: Elastic Load Balancing, EBS and EFS.

plugin, settings, provider   what a target of this provider is; pure, without boto3
session, clients             an open connection; `clients` alone imports boto3, on first use
tags, errors, pacing         owner's tags, what AWS's errors mean, and its published rates
inventory, checkup           instances that can be backends; what `doctor` asks
balancers/, volumes/         the parts of each resource, and the drivers of these parts

A subpackage offers KINDS, `check`, `expand`, `status`, `survey`, `drivers` and `checkup`. To add a
kind: declare it in the subpackage's `kinds.py`, give it a driver, add both to KINDS and `drivers`,
and its published rate to `rates.json`.
"""
