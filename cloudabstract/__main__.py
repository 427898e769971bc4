"""`python -m cloudabstract` is the command line."""

from __future__ import annotations

from cloudabstract.cli.main import main

if __name__ == "__main__":
    main()
