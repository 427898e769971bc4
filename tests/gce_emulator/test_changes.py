"""patch and update: merging, fingerprints, and what cannot change."""

from __future__ import annotations

from typing import Any

SERVICES = "global/backendServices"
RULES = "regions/us-central1/forwardingRules"


def _service(api: Any, **fields: Any) -> Any:
    api.make(SERVICES, "web", **fields)
    return api.get(f"{SERVICES}/web")


def test_a_patch_changes_what_it_names(api: Any) -> None:
    """JSON merge patch: objects are merged, null removes, the rest stays."""
    fields = {"description": "old", "logConfig": {"enable": True, "sampleRate": 0.5}}
    service = _service(api, **fields)
    patch = {
        "description": None,
        "timeoutSec": 7,
        "logConfig": {"sampleRate": 1.0},
        "fingerprint": service["fingerprint"],
    }
    api.done("PATCH", f"{SERVICES}/web", patch)
    changed = api.get(f"{SERVICES}/web")
    assert changed["timeoutSec"] == 7
    assert changed["logConfig"] == {"enable": True, "sampleRate": 1.0}
    assert changed["description"] == ""
    assert changed["fingerprint"] != service["fingerprint"]
    assert changed["id"] == service["id"]


def test_a_patch_replaces_lists(api: Any) -> None:
    """A list is one value."""
    api.make("global/firewalls", "web", allowed=[{"IPProtocol": "tcp", "ports": ["80", "81"]}])
    api.done("PATCH", "global/firewalls/web", {"allowed": [{"IPProtocol": "udp"}]})
    assert api.get("global/firewalls/web")["allowed"] == [{"IPProtocol": "udp"}]


def test_an_update_puts_back_to_default_what_it_leaves_out(api: Any) -> None:
    """PUT is the whole resource."""
    service = _service(api, timeoutSec=7, description="old")
    body = {"name": "web", "description": "new", "fingerprint": service["fingerprint"]}
    api.done("PUT", f"{SERVICES}/web", body)
    changed = api.get(f"{SERVICES}/web")
    assert (changed["timeoutSec"], changed["description"]) == (30, "new")
    assert changed["id"] == service["id"]


def test_an_update_without_fingerprint_lacks_a_field(api: Any) -> None:
    """400 required, as Compute Engine answers an update of a backend service."""
    _service(api)
    status, body = api.call("PUT", f"{SERVICES}/web", {"name": "web"})
    assert status == 400
    assert body["error"]["message"] == "Required field 'resource.fingerprint' not specified"


def test_an_old_fingerprint_is_not_met(api: Any) -> None:
    """Somebody changed the resource since: 412, and nothing is changed."""
    old = _service(api)["fingerprint"]
    api.done("PATCH", f"{SERVICES}/web", {"timeoutSec": 7, "fingerprint": old})
    body = {"timeoutSec": 8, "fingerprint": old}
    assert api.refusal("PATCH", f"{SERVICES}/web", body) == (412, "conditionNotMet")
    assert api.refusal("PUT", f"{SERVICES}/web", body) == (412, "conditionNotMet")
    assert api.get(f"{SERVICES}/web")["timeoutSec"] == 7


def test_a_patch_without_a_demanded_fingerprint_is_not_met(api: Any) -> None:
    """Of backend services, URL maps and proxies the document demands it."""
    service = _service(api)["selfLink"]
    api.make("global/urlMaps", "web", defaultService=service)
    api.make("global/targetHttpProxies", "web", urlMap="global/urlMaps/web")
    for path in (f"{SERVICES}/web", "global/urlMaps/web", "global/targetHttpProxies/web"):
        assert api.refusal("PATCH", path, {"description": "x"}) == (412, "conditionNotMet")


def test_a_forwarding_rule_is_patched_with_or_without_fingerprint(api: Any) -> None:
    """Its fingerprint is optional, but a wrong one is refused."""
    service = api.make("regions/us-central1/backendServices", "in", loadBalancingScheme="INTERNAL")
    fields = {"backendService": service, "ports": ["80"], "loadBalancingScheme": "INTERNAL"}
    api.make(RULES, "in", **fields)
    old = api.get(f"{RULES}/in")["fingerprint"]
    api.done("PATCH", f"{RULES}/in", {"allowGlobalAccess": True})
    assert api.get(f"{RULES}/in")["allowGlobalAccess"] is True
    body = {"allowGlobalAccess": False, "fingerprint": old}
    assert api.refusal("PATCH", f"{RULES}/in", body) == (412, "conditionNotMet")


def test_most_fields_of_a_forwarding_rule_cannot_change(api: Any) -> None:
    """A change needs a new rule; sending the same value again is no change."""
    service = api.make("regions/us-central1/backendServices", "web")
    api.make(RULES, "web", backendService=service, ports=["80"])
    for change in ({"ports": ["81"]}, {"IPProtocol": "UDP"}, {"description": "x"}):
        assert api.refusal("PATCH", f"{RULES}/web", change) == (400, "invalid")
    api.done("PATCH", f"{RULES}/web", {"ports": ["80"]})


def test_the_scheme_of_a_backend_service_cannot_change(api: Any) -> None:
    """A backend service made for one kind of load balancer stays with it."""
    body = {"fingerprint": _service(api)["fingerprint"], "loadBalancingScheme": "EXTERNAL_MANAGED"}
    assert api.refusal("PATCH", f"{SERVICES}/web", body) == (400, "invalid")


def test_what_was_read_can_be_sent_back(api: Any) -> None:
    """Read, change one field, send all of it: output-only fields do no harm."""
    service = _service(api)
    api.done("PUT", f"{SERVICES}/web", {**service, "timeoutSec": 9})
    assert api.get(f"{SERVICES}/web")["timeoutSec"] == 9
