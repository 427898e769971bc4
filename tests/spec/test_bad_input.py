"""What is said about bad input: the text, and every line of the answer, word for word.

This is the reference of our messages. Each case is a mistake that people make.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

Said = Callable[[str], list[str]]

BALANCER = "kind: LoadBalancer\nmetadata: {name: web}\nspec:\n  ports: [{port: 80}]\n"
CLAIM = "kind: VolumeClaim\nmetadata: {name: data}\nspec:\n  accessModes: [ReadWriteOnce]\n"
SIZE = "  resources: {requests: {storage: 1Gi}}\n"
VOLUME = "kind: Volume\nmetadata: {name: v}\nspec:\n  accessModes: [ReadWriteOnce]\n"
TEN = "  capacity: {storage: 10Gi}\n"
CLASS = "kind: VolumeClass\nmetadata: {name: c}\nspec:\n"
POOLS = "  backends: [{name: web, addresses: []}, {name: api, addresses: []}]\n"
SNAPSHOT = "kind: VolumeSnapshot\nmetadata: {name: s}\n"

FIELDS = {
    "a number out of range": (
        BALANCER.replace("80", "70000"),
        "4: LoadBalancer/web: spec.ports[0].port: 70000 is not between 1 and 65535",
    ),
    "a number in quotes": (
        BALANCER.replace("80", '"80"'),
        "4: LoadBalancer/web: spec.ports[0].port: '80' is text; a whole number is expected "
        "(hint: leave out the quotes)",
    ),
    "a number with a leading zero": (
        BALANCER.replace("80", "080"),
        "4: LoadBalancer/web: spec.ports[0].port: '080' is text; a whole number is expected "
        "(hint: leave out the leading zero: some readers take it for octal)",
    ),
    "a number with an exponent": (
        BALANCER.replace("80", "1e3"),
        "4: LoadBalancer/web: spec.ports[0].port: '1e3' is not a whole number",
    ),
    "a broken number": (
        BALANCER.replace("80", "80.5"),
        "4: LoadBalancer/web: spec.ports[0].port: 80.5 is not a whole number",
    ),
    "a truth value for a number": (
        BALANCER.replace("80", "on"),
        "4: LoadBalancer/web: spec.ports[0].port: on is not a whole number",
    ),
    "an unquoted truth value for text": (
        BALANCER.replace("name: web", "name: on"),
        "2: LoadBalancer: metadata.name: on is read as a truth value; text is expected "
        '(hint: quote it: "on")',
    ),
    "Norway": (
        BALANCER.replace("name: web", "name: web, labels: {country: no}"),
        "2: LoadBalancer/web: metadata.labels.country: no is read as a truth value; text is "
        'expected (hint: quote it: "no")',
    ),
    "a version for text": (
        BALANCER.replace("name: web", "name: web, labels: {version: 1.10}"),
        "2: LoadBalancer/web: metadata.labels.version: 1.10 is read as a number; text is "
        'expected (hint: quote it: "1.10")',
    ),
    "text for a truth value": (
        BALANCER + '  deletionProtection: "true"\n',
        "5: LoadBalancer/web: spec.deletionProtection: 'true' is neither true nor false "
        "(hint: leave out the quotes)",
    ),
    "a list for a port": (
        BALANCER.replace("port: 80", "port: 80, targetPort: [80]"),
        "4: LoadBalancer/web: spec.ports[0].targetPort: a list is neither a number nor text",
    ),
    "one value for a list": (
        BALANCER + "  sourceRanges: 10.0.0.0/8\n",
        "5: LoadBalancer/web: spec.sourceRanges: '10.0.0.0/8' stands where a list is expected "
        "(hint: write ['10.0.0.0/8'])",
    ),
    "a mapping for a list": (
        "kind: LoadBalancer\nmetadata: {name: web}\nspec: {ports: {port: 80}}\n",
        "3: LoadBalancer/web: spec.ports: a mapping stands where a list is expected",
    ),
    "text for a mapping": (
        BALANCER + "  healthCheck: /healthz\n",
        "5: LoadBalancer/web: spec.healthCheck: '/healthz' stands where a mapping is expected",
    ),
    "an empty list": (
        "kind: LoadBalancer\nmetadata: {name: web}\nspec:\n  ports: []\n",
        "4: LoadBalancer/web: spec.ports: must not be empty",
    ),
    "too many of something": (
        BALANCER + "  ipFamilyPolicy: RequireDualStack\n  ipFamilies: [IPv4, IPv6, IPv4]\n",
        "6: LoadBalancer/web: spec.ipFamilies: has 3 items; at most 2 are allowed",
    ),
    "a field that is missing": (
        "kind: LoadBalancer\nmetadata: {name: web}\nspec: {}\n",
        "3: LoadBalancer/web: spec.ports: is required",
    ),
    "a field with nothing after it": (
        "kind: LoadBalancer\nmetadata: {name: web}\nspec:\n  ports:\n",
        "4: LoadBalancer/web: spec.ports: is required, but nothing is written there",
    ),
    "an unknown field": (
        BALANCER + "  backend: []\n",
        "5: LoadBalancer/web: spec.backend: there is no such field "
        "(hint: did you mean 'backends'?)",
    ),
    "a field in snake case": (
        BALANCER.replace("port: 80", "port: 80, target_port: 8080"),
        "4: LoadBalancer/web: spec.ports[0].target_port: there is no such field "
        "(hint: did you mean 'targetPort'?)",
    ),
    "a field of Kubernetes with another name here": (
        BALANCER + "  loadBalancerSourceRanges: []\n",
        "5: LoadBalancer/web: spec.loadBalancerSourceRanges: there is no such field "
        "(hint: this is called sourceRanges here)",
    ),
    "a selector with its labels at once": (
        BALANCER + "  backends: [{name: a, selector: {app: web}}]\n",
        "5: LoadBalancer/web: spec.backends[0].selector.app: there is no such field "
        "(hint: labels stand one level deeper: matchLabels: {app: ...})",
    ),
    "a field that only a cluster has": (
        BALANCER.replace("port: 80", "port: 80, nodePort: 30080"),
        "4: LoadBalancer/web: spec.ports[0].nodePort: there is no such field "
        "(hint: only a cluster has it; leave it out)",
    ),
    "a word in the wrong case": (
        BALANCER.replace("port: 80", "port: 80, protocol: tcp"),
        "4: LoadBalancer/web: spec.ports[0].protocol: 'tcp' is not one of TCP, UDP, SCTP "
        "(hint: did you mean 'TCP'?)",
    ),
    "the one word there is": (
        BALANCER + "  trafficDistribution: PreferFar\n",
        "5: LoadBalancer/web: spec.trafficDistribution: 'PreferFar' is not 'PreferClose' "
        "(hint: did you mean 'PreferClose'?)",
    ),
    "a name with capitals": (
        BALANCER.replace("name: web", "name: Web"),
        "2: LoadBalancer/Web: metadata.name: 'Web' must consist of lower case letters, digits, "
        "'-' and '.', and must start and end with a letter or digit",
    ),
    "a name that is too long": (
        BALANCER.replace("name: web", f"name: web, namespace: {'n' * 70}"),
        f"2: LoadBalancer/{'n' * 70}/web: metadata.namespace: has 70 characters; at most 63 are "
        "allowed",
    ),
    "an empty name": (
        BALANCER.replace("name: web", 'name: ""'),
        "2: LoadBalancer: metadata.name: must not be empty",
    ),
    "a size in other people's spelling": (
        CLAIM + "  resources: {requests: {storage: 10GB}}\n",
        "5: VolumeClaim/data: spec.resources.requests.storage: '10GB' is not a quantity such as "
        "64Mi, 10Gi or 1500M (hint: did you mean '10Gi', in steps of 1024, or '10G', of 1000?)",
    ),
    "a size of nothing": (
        CLAIM + "  resources: {requests: {storage: 0Gi}}\n",
        "5: VolumeClaim/data: spec.resources.requests.storage: 0Gi is not greater than 0",
    ),
    "a size below nothing": (
        CLAIM + "  resources: {requests: {storage: -1Gi}}\n",
        "5: VolumeClaim/data: spec.resources.requests.storage: -1Gi is not greater than 0",
    ),
    "a size beyond all measure": (
        CLAIM + "  resources: {requests: {storage: 1e99}}\n",
        "5: VolumeClaim/data: spec.resources.requests.storage: '1e99' is too large",
    ),
    "a truth value for a size": (
        CLAIM + "  resources: {requests: {storage: yes}}\n",
        "5: VolumeClaim/data: spec.resources.requests.storage: yes is not a quantity such as "
        "64Mi, 10Gi or 1500M",
    ),
    "a time without a unit that is one": (
        BALANCER + "  healthCheck: {interval: ten}\n",
        "5: LoadBalancer/web: spec.healthCheck.interval: 'ten' is not a duration such as 10s, "
        "1m30s or 2h",
    ),
    "a time that is too long": (
        BALANCER + "  connectionDraining: 2h\n",
        "5: LoadBalancer/web: spec.connectionDraining: 2h is not between 0s and 3600s",
    ),
    "a policy that Kubernetes gave up": (
        VOLUME + TEN + "  reclaimPolicy: Recycle\n",
        "6: Volume/v: spec.reclaimPolicy: 'Recycle' is not one of Delete, Retain",
    ),
    "a data source that is none": (
        CLAIM + SIZE + "  dataSource: {kind: Snapshot, name: before}\n",
        "6: VolumeClaim/data: spec.dataSource.kind: [CL004] 'Snapshot' is not one of "
        "VolumeSnapshot, VolumeClaim, Volume (hint: did you mean 'VolumeSnapshot'?)",
    ),
}

DOCUMENTS = {
    "an unknown kind": (
        "kind: LoadBalanser\n",
        "1: LoadBalanser: kind: there is no kind 'LoadBalanser' in cloudabstract.dev/v1 "
        "(hint: did you mean 'LoadBalancer'?)",
    ),
    "a kind of another tool": (
        "kind: Deployment\n",
        "1: Deployment: kind: there is no kind 'Deployment' in cloudabstract.dev/v1 "
        "(hint: documents of other tools need their apiVersion)",
    ),
    "no kind": (
        "metadata: {name: web}\n",
        "1: web: kind: is required (hint: one of LoadBalancer, Volume, VolumeClaim, VolumeClass, "
        "VolumeAttributesClass, VolumeSnapshot, VolumeAttachment)",
    ),
    "a kind that is no text": ("kind: 3\n", "1: kind: the kind must be text"),
    "a version that is not ours": (
        "apiVersion: cloudabstract.dev/v2\n" + BALANCER,
        "1: LoadBalancer/web: apiVersion: 'cloudabstract.dev/v2' is not a version of ours "
        "(hint: write cloudabstract.dev/v1)",
    ),
    "a version that is misspelt": (
        "apiVersion: cloud-abstract.dev/v1\n" + BALANCER,
        "1: LoadBalancer/web: apiVersion: 'cloud-abstract.dev/v1' is not a version of ours "
        "(hint: write cloudabstract.dev/v1)",
    ),
    "a name in the wrong place": (
        "name: web\n" + BALANCER,
        "1: LoadBalancer/web: name: there is no such field "
        "(hint: it belongs below metadata: metadata.name)",
    ),
    "no metadata": (
        "kind: LoadBalancer\nspec: {ports: [{port: 80}]}\n",
        "1: LoadBalancer: metadata: is required",
    ),
    "a namespace where there is none": (
        VOLUME.replace("name: v", "name: v, namespace: shop") + TEN,
        "2: Volume/shop/v: metadata.namespace: a Volume has no namespace: it is there for all of "
        "them (hint: leave it out)",
    ),
    "a list of documents": (
        "- kind: LoadBalancer\n",
        "1: a document is a mapping; this is a list "
        "(hint: write apiVersion, kind, metadata and spec)",
    ),
    "a lone word": (
        "hello\n",
        "1: a document is a mapping; this is no more than one value "
        "(hint: write apiVersion, kind, metadata and spec)",
    ),
    "a status": (
        BALANCER + "status: {phase: Bound}\n",
        "5: LoadBalancer/web: status: the status is written by cloudabstract; what stands here "
        "is not looked at",
    ),
    "one name for two": (
        BALANCER + "---\n" + BALANCER,
        "7: LoadBalancer/web: metadata.name: is defined twice; the first is at <stdin>:1 "
        "(hint: rename one, or leave one out)",
    ),
    "two default classes": (
        CLASS + "  default: true\n---\n" + CLASS.replace("name: c", "name: d") + "  default: true",
        "9: VolumeClass/d: spec.default: [CL003] VolumeClass/c is the default class already",
    ),
}

YAML = {
    "a tab": ("a:\n\tb: 1\n", "2: a tab cannot indent (hint: use spaces)"),
    "an open bracket": ("a: [1, 2\n", "1: a '[' is not closed, or a ',' is missing"),
    "an open brace": ("a:\n  {b: 1\n", "2: a '{' is not closed, or a ',' is missing"),
    "an open quote": ("a: 1\nb: 'x\nc: 2\n", "2: a quote is not closed"),
    "an open quote before the next document": (
        "a: 'x\n---\n" + BALANCER,
        "1: a quote is not closed",
    ),
    "text with a colon": (
        "a: b: c\n",
        "1: a ':' cannot stand here "
        "(hint: indent it, or quote text that has ': ', ' #' or a bracket in it)",
    ),
    "wrong indentation": (
        "a:\n    b: 1\n  c: 2\n",
        "3: the indentation does not fit the lines above "
        "(hint: quote text that has ': ', ' #' or a bracket in it)",
    ),
    "an alias without anchor": (
        "a: *x\n",
        "1: this alias has no anchor before it (hint: quote text that begins with '*')",
    ),
    "an unknown escape": (
        'a: "\\d"\n',
        "1: there is no such escape in double quotes (hint: use single quotes)",
    ),
    "an odd beginning": ("a: @b\n", "1: text cannot begin with '@' (hint: quote it)"),
    "a key twice": ("a: 1\nb: 2\na: 3\n", "3: a: the key 'a' is given twice"),
    "a key twice in JSON": ('{"a": 1,\n "a": 2}\n', "2: a: the key 'a' is given twice"),
    "a list for a key": ("[a]: 1\n", "1: a key must be text, not a list or mapping"),
    "a tag of another language": (
        "a: !Ref x\n",
        "1: a: the tag !Ref is not allowed; only plain YAML is read",
    ),
    "a tag that does not fit": ("a: !!int x\n", "1: a: 'x' is not what its tag !!int says"),
    "a character that cannot be": (
        "a: 1\nb: \x00\n",
        "2: there is a character that YAML does not allow (U+0000) (hint: remove it)",
    ),
}

RULES = {
    "a port twice": (
        BALANCER.replace("[{port: 80}]", "[{name: a, port: 80}, {name: b, port: 80}]"),
        "4: LoadBalancer/web: spec.ports[1]: 80/TCP is given twice; item 0 has it too",
    ),
    "two ports of one name": (
        BALANCER.replace("[{port: 80}]", "[{name: a, port: 80}, {name: a, port: 81}]"),
        "4: LoadBalancer/web: spec.ports[1].name: a is given twice; item 0 has it too",
    ),
    "two ports, one without a name": (
        BALANCER.replace("[{port: 80}]", "[{name: a, port: 80}, {port: 81}]"),
        "4: LoadBalancer/web: spec.ports[1].name: is required when there is more than one port",
    ),
    "a pool that is not there": (
        BALANCER.replace("port: 80", "port: 80, backend: wep") + POOLS,
        "4: LoadBalancer/web: spec.ports[0].backend: there is no pool 'wep' in spec.backends "
        "(hint: did you mean 'web'?)",
    ),
    "several pools and none named": (
        BALANCER + POOLS,
        "4: LoadBalancer/web: spec.ports[0].backend: is required when there is more than one "
        "pool (hint: one of web, api)",
    ),
    "a pool twice": (
        BALANCER.replace("port: 80", "port: 80, backend: web") + POOLS.replace("api", "web"),
        "5: LoadBalancer/web: spec.backends[1].name: web is given twice; item 0 has it too",
    ),
    "a pool from nowhere": (
        BALANCER + "  backends: [{name: web}]\n",
        "5: LoadBalancer/web: spec.backends[0]: a pool has either addresses, instances or a "
        "selector; this one has neither",
    ),
    "a pool from two places": (
        BALANCER + "  backends: [{name: web, addresses: [], selector: {}}]\n",
        "5: LoadBalancer/web: spec.backends[0]: a pool has either addresses, instances or a "
        "selector; this one has addresses and selector",
    ),
    "a host name for an address": (
        BALANCER + "  backends: [{name: web, addresses: [{address: db.local}]}]\n",
        "5: LoadBalancer/web: spec.backends[0].addresses[0].address: 'db.local' is not an IP "
        "address (hint: a pool of instances takes names)",
    ),
    "an address with a zone": (
        BALANCER + '  backends: [{name: web, addresses: [{address: "fe80::1%eth0"}]}]\n',
        "5: LoadBalancer/web: spec.backends[0].addresses[0].address: 'fe80::1%eth0' has a zone, "
        "which means nothing elsewhere (hint: leave out what follows the '%')",
    ),
    "the address of nobody": (
        BALANCER + "  backends: [{name: web, addresses: [{address: 0.0.0.0}]}]\n",
        "5: LoadBalancer/web: spec.backends[0].addresses[0].address: '0.0.0.0' is not the "
        "address of one machine",
    ),
    "a member twice": (
        BALANCER + "  backends: [{name: w, instances: [{name: i-1}, {name: i-1, weight: 2}]}]\n",
        "5: LoadBalancer/web: spec.backends[0].instances[1].name: i-1 is given twice; item 0 has "
        "it too",
    ),
    "a port by name with bare addresses": (
        BALANCER.replace("port: 80", "port: 80, targetPort: http")
        + "  backends: [{name: web, addresses: [{address: 10.0.0.1}]}]\n",
        "4: LoadBalancer/web: spec.ports[0].targetPort: 'http' is a name, but addresses do not "
        "name their ports (hint: write a number, or a port with each address)",
    ),
    "a network with host bits": (
        BALANCER + "  sourceRanges: [10.1.2.3/8]\n",
        "5: LoadBalancer/web: spec.sourceRanges[0]: '10.1.2.3/8' has bits set behind its length "
        "(hint: write 10.0.0.0/8)",
    ),
    "an address for a network": (
        BALANCER + '  sourceRanges: ["2001:db8::1"]\n',
        "5: LoadBalancer/web: spec.sourceRanges[0]: '2001:db8::1' is an address, not a network "
        "(hint: write 2001:db8::1/128)",
    ),
    "a network with a mask": (
        BALANCER + "  sourceRanges: [10.0.0.0/255.0.0.0]\n",
        "5: LoadBalancer/web: spec.sourceRanges[0]: '10.0.0.0/255.0.0.0' has a mask in place of "
        "a length (hint: write 10.0.0.0/8)",
    ),
    "no network at all": (
        BALANCER + "  sourceRanges: [everyone]\n",
        "5: LoadBalancer/web: spec.sourceRanges[0]: 'everyone' is not a network in CIDR form "
        "(hint: write it as in 203.0.113.0/24)",
    ),
    "settings of an affinity that is off": (
        BALANCER + "  sessionAffinityConfig: {}\n",
        "5: LoadBalancer/web: spec.sessionAffinityConfig: only has a meaning with "
        "sessionAffinity: ClientIP (hint: set it, or leave this out)",
    ),
    "a path for a check without paths": (
        BALANCER + "  healthCheck: {protocol: TCP, path: /healthz}\n",
        "5: LoadBalancer/web: spec.healthCheck.path: [LB005] only HTTP and HTTPS checks have a "
        "path; the protocol is TCP",
    ),
    "a path of a check without a slash": (
        BALANCER + "  healthCheck: {path: healthz}\n",
        "5: LoadBalancer/web: spec.healthCheck.path: must start with '/'",
    ),
    "a check that outlasts its interval": (
        BALANCER + "  healthCheck: {interval: 5s, timeout: 6s}\n",
        "5: LoadBalancer/web: spec.healthCheck.timeout: [LB005] 6s is longer than the interval "
        "of 5s",
    ),
    "two families in a single stack": (
        BALANCER + "  ipFamilies: [IPv4, IPv6]\n",
        "5: LoadBalancer/web: spec.ipFamilies: [LB008] two families need ipFamilyPolicy "
        "PreferDualStack or RequireDualStack",
    ),
    "a class that cannot be": (
        BALANCER + "  loadBalancerClass: my class\n",
        "5: LoadBalancer/web: spec.loadBalancerClass: 'my class' cannot be the name of a class "
        "(hint: l4, l7, or one of the target's)",
    ),
    "routes without HTTP": (
        BALANCER + "  backends: [{name: a, addresses: []}]\n  routes: [{backend: a}]\n",
        "6: LoadBalancer/web: spec.routes: [LB016] routes need a balancer that understands HTTP "
        "(hint: set loadBalancerClass: l7)",
    ),
    "a route to a pool that is not there": (
        BALANCER + "  loadBalancerClass: l7\n  routes: [{backend: a}]\n",
        "6: LoadBalancer/web: spec.routes[0].backend: there is no pool 'a' in spec.backends "
        "(hint: add it there)",
    ),
    "a route that climbs": (
        BALANCER
        + "  loadBalancerClass: l7\n  backends: [{name: a, addresses: []}]\n"
        + "  routes: [{path: /a/../b, backend: a}]\n",
        "7: LoadBalancer/web: spec.routes[0].path: '/a/../b' has '.', '..' or nothing for a "
        "segment (hint: clients resolve these)",
    ),
    "a route with an address for a host": (
        BALANCER
        + "  loadBalancerClass: l7\n  backends: [{name: a, addresses: []}]\n"
        + "  routes: [{host: 10.0.0.1, backend: a}]\n",
        "7: LoadBalancer/web: spec.routes[0].host: '10.0.0.1' is an address "
        "(hint: routes match names of hosts; leave it out to match any)",
    ),
    "a route twice": (
        BALANCER
        + "  loadBalancerClass: l7\n  backends: [{name: a, addresses: []}]\n"
        + "  routes: [{backend: a}, {backend: a}]\n",
        "7: LoadBalancer/web: spec.routes[1]: this route matches what spec.routes[0] does; it is "
        "never reached",
    ),
    "HTTP over UDP": (
        BALANCER.replace("port: 80", "port: 80, protocol: UDP") + "  loadBalancerClass: l7\n",
        "4: LoadBalancer/web: spec.ports[0].protocol: [LB003] class l7 speaks HTTP, over TCP and "
        "not over UDP (hint: use class l4 for it)",
    ),
    "TLS over UDP": (
        BALANCER.replace("port: 80", "port: 80, protocol: UDP, tls: {certificateRefs: [a]}"),
        "4: LoadBalancer/web: spec.ports[0].tls: TLS runs over TCP, not over UDP",
    ),
    "the mode for one, and another": (
        CLAIM.replace("Once]", "Once, ReadWriteOncePod]") + SIZE,
        "4: VolumeClaim/data: spec.accessModes: ReadWriteOncePod cannot be combined with other "
        "modes",
    ),
    "a class whose name cannot be": (
        CLAIM + SIZE + "  volumeClassName: Fast\n",
        "6: VolumeClaim/data: spec.volumeClassName: 'Fast' must consist of lower case letters, "
        "digits, '-' and '.', and must start and end with a letter or digit",
    ),
    "a claim made from itself": (
        CLAIM + SIZE + "  dataSource: {kind: VolumeClaim, name: data}\n",
        "6: VolumeClaim/data: spec.dataSource.name: this is the resource itself",
    ),
    "a selector with values that it cannot use": (
        CLAIM
        + SIZE
        + "  selector:\n    matchExpressions: [{key: a, operator: Exists, values: [b]}]\n",
        "7: VolumeClaim/data: spec.selector.matchExpressions[0].values: Exists takes no values "
        "(hint: leave them out)",
    ),
    "a selector without the values that it needs": (
        CLAIM + SIZE + "  selector:\n    matchExpressions: [{key: a, operator: In}]\n",
        "7: VolumeClaim/data: spec.selector.matchExpressions[0].values: In needs at least one "
        "value",
    ),
    "an adopted volume that is to be filled": (
        VOLUME + TEN + "  externalRef: vol-1\n  dataSource: {kind: Volume, name: w}\n",
        "7: Volume/v: spec.dataSource: an existing volume is adopted with its data "
        "(hint: leave out this, or externalRef)",
    ),
    "a mount option of nobody": (
        VOLUME + TEN + "  mountOptions: [noatime, fast]\n",
        "6: Volume/v: spec.mountOptions[1]: [VO018] 'fast' is not a mount option of ext4 that is "
        "known here",
    ),
    "mount options for raw blocks": (
        VOLUME + TEN + "  volumeMode: Block\n  mountOptions: [noatime]\n",
        "7: Volume/v: spec.mountOptions: a volume of raw blocks is not mounted "
        "(hint: leave them out)",
    ),
    "a key that locks nothing": (
        CLASS + "  encryption: {key: alias/shop}\n",
        "4: VolumeClass/c: spec.encryption.key: a key is given, but encryption is not enabled "
        "(hint: set encryption.enabled: true)",
    ),
    "a snapshot of nothing": (
        SNAPSHOT + "spec: {source: {}}\n",
        "3: VolumeSnapshot/s: spec.source: has either a claim or a volume; this one has neither",
    ),
    "a snapshot of two things": (
        SNAPSHOT + "spec: {source: {claim: a, volume: b}}\n",
        "3: VolumeSnapshot/s: spec.source: has either a claim or a volume; this one has both",
    ),
    "a class of attributes without any": (
        "kind: VolumeAttributesClass\nmetadata: {name: a}\nspec: {performance: {}}\n",
        "3: VolumeAttributesClass/a: spec.performance: names nothing that changes "
        "(hint: set tier, iops or throughput)",
    ),
    "a label that cannot be selected": (
        BALANCER.replace("name: web", "name: web, labels: {a: b c}"),
        "2: LoadBalancer/web: metadata.labels.a: 'b c' cannot be a label's value "
        "(hint: at most 63 letters, digits, '-', '_' and '.', with a letter or digit at both "
        "ends)",
    ),
    "a label's key with two slashes": (
        BALANCER.replace("name: web", "name: web, labels: {a/b/c: d}"),
        "2: LoadBalancer/web: metadata.labels['a/b/c']: 'a/b/c' cannot be a label's key "
        "(hint: at most 63 letters, digits, '-', '_' and '.', perhaps with a domain and '/' "
        "before them)",
    ),
}


def cases(table: Mapping[str, tuple[str, ...]]) -> list[object]:
    """The rows of a table as parameters, each with its name."""
    return [pytest.param(row[0], list(row[1:]), id=name) for name, row in table.items()]


@pytest.mark.parametrize(("text", "expected"), cases(FIELDS))
def test_a_wrong_field_is_explained(text: str, expected: list[str], said: Said) -> None:
    """One sentence, with line, resource, field, and a remedy where there is one."""
    assert said(text) == expected


@pytest.mark.parametrize(("text", "expected"), cases(DOCUMENTS))
def test_a_wrong_document_is_explained(text: str, expected: list[str], said: Said) -> None:
    """The same for what is wrong around the fields."""
    assert said(text) == expected


@pytest.mark.parametrize(("text", "expected"), cases(RULES))
def test_a_broken_rule_is_explained(text: str, expected: list[str], said: Said) -> None:
    """The same for rules across fields, with a code where the portable contract has one."""
    assert said(text) == expected


@pytest.mark.parametrize(("text", "expected"), cases(YAML))
def test_broken_yaml_is_explained(text: str, expected: list[str], said: Said) -> None:
    """What cannot be read is placed, and put in our words."""
    assert said(text) == expected


def test_every_problem_is_reported_at_once(said: Said) -> None:
    """Four mistakes in two documents are four lines, in the order of the file."""
    text = (
        "kind: LoadBalancer\nmetadata: {name: Web}\nspec:\n  ports: [{port: 0, x: 1}]\n"
        "---\nkind: Volume\nmetadata: {name: v}\nspec: {capacity: {storage: 1Gi}}\n"
    )
    assert [line.split(": ")[0] for line in said(text)] == ["2", "4", "4", "8"]


def test_what_is_valid_gets_no_word(shop: str, said: Said) -> None:
    """Documents of every kind pass without a problem or a warning."""
    assert said(shop) == []
