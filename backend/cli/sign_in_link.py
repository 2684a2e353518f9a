"""
`handrail sign-in-link`: a way in for a member or an operator.
"""
