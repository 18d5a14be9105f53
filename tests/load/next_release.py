"""`python next_release.py MODULE` runs one of our processes as of a release whose index has another schema.

The product has no switch for it: the number of the schema is raised before anybody reads it.
"""

import runpy
import sys


def main() -> None:
    """Raises the number, then becomes the module."""
    from api_gateway.search import index_schema

    index_schema.SCHEMA_VERSION += 1
    module = sys.argv[1]
    sys.argv = [module]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
