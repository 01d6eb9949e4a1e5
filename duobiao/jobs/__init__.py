"""Background jobs: work that must not keep a person waiting, and work that the clock starts.

A job is a function marked with ``django_tasks.task``; ``job.enqueue(…)`` writes it to the database in the caller's
transaction. ``duobiao worker`` runs jobs, any number of them side by side, on one machine or several. A worker
holds a lease on the job it runs and renews it; when the worker is killed the lease runs out and the job is queued
again within 60 seconds. **So every job must be idempotent**: running it twice leaves what running it once leaves.

Used by every capability above the kernel. Not a message bus: what must happen together with a write belongs into
that write's transaction.
"""
