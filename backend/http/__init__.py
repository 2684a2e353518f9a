"""The only place of Litestar: routes, intake, stream, screens."""
