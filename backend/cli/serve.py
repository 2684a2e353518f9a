"""
`handrail serve`: the app with the worker beside it.
"""
