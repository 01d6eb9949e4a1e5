"""``duobiao worker``: run background jobs until told to stop."""

from duobiao.config.commands import require_database, require_secret, start_django

ANSWERING = ("ninja",)
"""What only answers requests."""


def run() -> None:
    """Check that the installation is ready, then work."""
    require_secret()
    start_django(without=ANSWERING)
    require_database()
    from duobiao.config.memory import collect_less_often
    from duobiao.jobs.worker import Worker

    collect_less_often()
    worker = Worker()
    worker.obey_signals()
    worker.run()
