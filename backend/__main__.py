"""
`python -m backend` is the `handrail` command, for a checkout whose scripts are not on the path.
"""

from backend.cli import main

if __name__ == "__main__":
    main()
