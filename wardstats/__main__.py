"""Entry of ``python -m wardstats``."""

from wardstats.cli.main import main

if __name__ == "__main__":
    main()
