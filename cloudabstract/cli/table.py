"""Which commands there are, by section, with the line that `--help` shows for each.

A command is the attribute `command` of the module of its name under commands/, imported when it is
run. To add one, write that module and a line here.
"""

from __future__ import annotations

import importlib

import click

SECTIONS: dict[str, dict[str, str]] = {
    "Change": {
        "plan": "Show what apply would do, and why.",
        "apply": "Make the target what the spec says.",
        "delete": "Delete what a spec names, or all that a stack owns.",
    },
    "Look": {
        "get": "List resources with their status.",
        "describe": "Tell all there is to know about one resource.",
        "tree": "Show resources and the native objects they are made of.",
        "wait": "Wait until a resource is as it should be.",
        "events": "List the calls that were made, and what came of each.",
        "history": "List what was done, when, by whom.",
        "diff": "Compare the specs of two revisions.",
    },
    "Day two": {
        "watch": "Keep the target as the spec says, until stopped.",
        "drift": "Tell what others have changed since the last apply.",
        "rollback": "Apply the spec of an earlier revision again.",
        "discover": "Print what nobody here made, as portable documents.",
        "adopt": "Put owner's labels on something that exists.",
        "release": "Take owner's labels off, and leave the objects.",
        "gc": "List what no known stack owns; delete of it what is named.",
    },
    "Check and learn": {
        "validate": "Check documents without touching anything.",
        "render": "Print a spec as portable documents, or as Kubernetes manifests.",
        "schema": "Print the JSON Schema of documents.",
        "explain": "Explain a kind, a field, a code, or why a claim waits.",
    },
    "Set up": {
        "targets": "Show the configured targets, and where each value is from.",
        "providers": "List the providers that are installed.",
        "doctor": "Check configuration, store and target.",
        "unlock": "Release the lease of a run that died.",
        "version": "Print versions.",
        "completion": "Print a completion script for a shell.",
    },
}

SUMMARIES = {name: text for section in SECTIONS.values() for name, text in section.items()}


def load(name: str) -> click.Command:
    """The command of that name, which must be in the table."""
    module = importlib.import_module(f"{__package__}.commands.{name}")
    command: click.Command = module.command
    return command
