"""
`handrail worker`: the process that holds the columns and keeps the pulse.
"""
