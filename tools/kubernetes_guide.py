"""Write the tables at the end of docs/guides/kubernetes.md from the tables that the code uses.

python tools/kubernetes_guide.py            writes them
python tools/kubernetes_guide.py --check    fails when they are not what they should be
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cloudabstract.spec.kubernetes import tables

GUIDE = Path(__file__).resolve().parents[1] / "docs/guides/kubernetes.md"
MARK = "<!-- From here on made by tools/kubernetes_guide.py: change the JSON tables, not this. -->"


def written() -> str:
    """Everything below the mark."""
    return "\n".join([MARK, "", *_fields(), *_annotations(), *_drivers()])


def _fields() -> Iterator[str]:
    yield "## Every field"
    yield ""
    for kind, entries in tables.load("dispositions").items():
        yield f"### {kind[0].upper()}{kind[1:]}"
        yield ""
        rows = [(f"`{field}`", *_disposition(entry)) for field, entry in entries.items()]
        yield from _table(("field", "disposition", "what"), rows)


def _disposition(entry: Mapping[str, Any]) -> tuple[str, str]:
    if "as" in entry:
        return "honoured", f"`{entry['as']}`"
    if "how" in entry:
        return "depends", entry["how"]
    code = entry.get("code", "LB000")
    severity = "degrade" if entry.get("degrades") else "note"
    default = " or ".join(f"`{each}`" for each in entry.get("default", ()))
    unless = f"; silent when {default}" if default else ""
    return f"{severity} `{code}`", f"{entry['cluster']}{unless}"


def _annotations() -> Iterator[str]:
    yield "## Annotations with a portable meaning"
    yield ""
    yield "Others of the same providers and controllers are notes with `LB017`."
    yield ""
    for kind in ("Service", "Ingress"):
        yield f"### Of a {kind}" if kind == "Service" else f"### Of an {kind}"
        yield ""
        rows = [
            (f"`{key}`", _meaning(inner), _values(inner))
            for key, entry in tables.load("annotations")[kind].items()
            for inner in entry.get("attributes", {"": entry}).values()
        ]
        yield from _table(("annotation", "field", "values"), rows)


def _meaning(entry: Mapping[str, Any]) -> str:
    field = entry["field"]
    if not field:
        return "what is done anyway"
    return {
        "targetType": "whether `nodePort` answers",
        "tls.certificates": "`ports[].tls.certificateRefs`",
        "tls.ports": "which ports end TLS",
        "listeners": "`ports`",
        "allowHttp": "whether there is a port 80",
        "appProtocol": "`ports[].appProtocol`",
    }.get(field, f"`{field}`")


def _values(entry: Mapping[str, Any]) -> str:
    if "values" in entry:
        return ", ".join(f"`{key}`" for key in entry["values"])
    return ", ".join(f"`{each}`" for each in entry.get("same", ()))


def _drivers() -> Iterator[str]:
    yield "## Storage drivers"
    yield ""
    rows = []
    for each in tables.load("provisioners")["drivers"]:
        names = ", ".join(f"`{name}`" for name in each["names"])
        known = ", ".join(f"`{key}`" for key in each["parameters"])
        tier = f"tier `{each['tier']}`" if "tier" in each else ""
        rows.append((each["of"], names, "; ".join(filter(None, (tier, known)))))
    yield from _table(("driver", "provisioner", "understood"), rows)
    yield "Of every driver `csi.storage.k8s.io/fstype` is understood, too."
    yield ""


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(each.replace('|', '&#124;') for each in row)} |"
    yield ""


def main(arguments: list[str]) -> int:
    """Write or check; returns the exit code."""
    text = GUIDE.read_text(encoding="utf-8")
    wanted = f"{text.partition(MARK)[0].rstrip()}\n\n{written()}"
    if "--check" in arguments:
        if text != wanted:
            print(f"{GUIDE.name} is stale: run python tools/kubernetes_guide.py")
        return int(text != wanted)
    GUIDE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
