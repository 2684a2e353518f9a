"""
Away: how the absence of the database shows itself, whatever the driver calls it.
"""

import asyncpg

AWAY: tuple[type[Exception], ...] = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
"""Refused, broken off, shutting down, starting, crowded; time-outs are among OSError. A later try may go well.

The driver's own InternalClientError is what a connection says that dies while it is given back to the pool."""
