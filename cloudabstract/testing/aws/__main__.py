"""`python -m cloudabstract.testing.aws`: see cloudabstract.testing.aws.server."""

from __future__ import annotations

from cloudabstract.testing.aws.server import main

if __name__ == "__main__":
    main()
