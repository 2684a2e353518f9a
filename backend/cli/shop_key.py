"""
`handrail shop-key`: a key with which a shop signs its orders.
"""
