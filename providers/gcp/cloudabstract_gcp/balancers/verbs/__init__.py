"""The four verbs for each kind of a balancer's parts; driver.py has what they share."""
