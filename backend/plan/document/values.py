"""
The values of a plan file: each type with the form in which it is written.
"""

from datetime import date
from typing import Annotated, Literal, TypeAlias

from backend.kernel.money import Money
from backend.plan import forms

Points: TypeAlias = Annotated[int, forms.POINTS]
Percent: TypeAlias = Annotated[int, forms.PERCENT]
FinePercent: TypeAlias = Annotated[int, forms.FINE_PERCENT]
Count: TypeAlias = Annotated[int, forms.COUNT]
Amount: TypeAlias = Annotated[Money, forms.MONEY]
Day: TypeAlias = Annotated[date, forms.DAY]
Text: TypeAlias = Annotated[str, forms.TEXT]
Id: TypeAlias = Annotated[str, forms.ID]
YesNo: TypeAlias = Literal["yes", "no"]
