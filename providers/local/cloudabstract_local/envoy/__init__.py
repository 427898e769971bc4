"""The data plane: Envoy's configuration as pure values, its process, and the switch between both.

    nouns       what is wanted of the data plane
    clusters, listeners, routes, secrets    each noun in Envoy's own words (pure)
    config      all of it for one Envoy, as files (pure)
    binary, daemon, admin                   the process, and the socket that answers for it
    ports       whether an address and port can be had, and who has them
    validation, switch                      from one configuration to the next, losing nothing

There is one Envoy for each drain time that balancers of the root ask for (nearly always one),
because Envoy knows one drain time for all of its listeners.
"""
