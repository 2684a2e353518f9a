"""
`handrail import`: the files of a company into the database.
"""
