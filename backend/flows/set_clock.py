"""
Set the company's clock: the wall's, or one that runs from a given instant at a given speed.
"""
