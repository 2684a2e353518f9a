"""
Files that a company's export may hold on a bad day, each with the findings that it deserves.

A case is the two files and `code line:column` of every finding, in the order of their places.
"""

from typing import NamedTuple

MEMBERS = "member,sponsor,joined\n"
ORDERS = "order,member,placed_at,pv,cv\n"
ALL = "order,kind,member,customer,placed_at,pv,cv,returns\n"
SOLD = "order,kind,member,placed_at,pv,cv,returns,products\n"
GOOD_MEMBERS = MEMBERS + "A,,2026-01-01\nB,A,2026-02-01\n"
GOOD_ORDERS = ORDERS + "O1,B,2026-10-05,100,90\n"


class Case(NamedTuple):
    """Two files, and what is found in them."""

    members: bytes
    orders: bytes
    found: list[str]


def members(text: str | bytes, *found: str) -> Case:
    """Make a case of a members file beside a good orders file."""
    return Case(text if isinstance(text, bytes) else text.encode(), GOOD_ORDERS.encode(), list(found))


def orders(text: str | bytes, *found: str) -> Case:
    """Make a case of an orders file beside a good members file."""
    return Case(GOOD_MEMBERS.encode(), text if isinstance(text, bytes) else text.encode(), list(found))


CASES = {
    "a file with nothing in it": members(b"", "file-empty 1"),
    "a file of blank lines": members("\n\n\r\n", "file-empty 1"),
    "a header and no member": members(MEMBERS, "members-none 1", "member-unknown 2:4"),
    "no header": members("A,,2026-01-01\nB,A,2026-02-01\n", "header-missing 1"),
    "semicolons": members("member;sponsor;joined\nA;;2026-01-01\n", "separator-wrong 1"),
    "tabs": orders("order\tmember\tplaced_at\tpv\tcv\nO1\tB\t2026-10-05\t1\t1\n", "separator-wrong 1"),
    "vertical bars": members("member|sponsor|joined\nA||2026-01-01\n", "separator-wrong 1"),
    "a doubled column": members("member,sponsor,joined,sponsor\nB,A,2026-01-01,A\n", "column-doubled 1:23"),
    "an unknown column": members("member,sponsor,joined,sponser\nB,,2026-01-01,A\n", "column-unknown 1:23"),
    "a missing column": members("member,joined\nB,2026-01-01\n", "column-missing 1"),
    "two missing columns": orders("order,member,pv\nO1,B,1\n", "column-missing 1", "column-missing 1"),
    "too few cells": members(MEMBERS + "A,,2026-01-01\nB,A\n", "cells-too-few 3"),
    "too many cells": members(MEMBERS + "A,,2026-01-01\nB,A,2026-01-01,x\n", "cells-too-many 3"),
    "a quote that nothing closes": members(
        MEMBERS + 'A,,2026-01-01\n"B,A,2026-01-01\nC,X,2026-01-01\n',
        "quote-unclosed 3:1",
        "sponsor-unknown 4:3",
    ),
    "a quote that swallows the next row": members(
        'member,sponsor,name,joined\nA,,"Ann,2026-01-01\nB,A,Ben",2026-01-01\n',
        "quote-unclosed 2:4",
    ),
    "text behind a closed quote": members(
        MEMBERS + 'A,,2026-01-01\nB,"A" x,2026-02-01\n', "quote-unclosed 3:3"
    ),
    "Windows-1252": members(
        "member,sponsor,name,joined\nA,,Ann,2026-01-01\nB,A,Jürgen,2026-02-01\n".encode("cp1252"), "not-utf-8 3"
    ),
    "UTF-16": members(GOOD_MEMBERS.encode("utf-16"), "not-utf-8 1"),
    "UTF-16 without its mark": members(GOOD_MEMBERS.encode("utf-16-le"), "nul-byte 1"),
    "a NUL byte": members(b"member,sponsor,joined\nA,,2026-01-01\nB\0,A,2026-01-01\n", "nul-byte 3"),
    "a doubled member": members(MEMBERS + "A,,2026-01-01\nB,A,2026-02-01\nA,B,2026-02-01\n", "member-doubled 4:1"),
    "a member without an id": members(MEMBERS + "B,,2026-01-01\n,B,2026-02-01\n", "id-empty 3:1"),
    "a blank in an id": members(
        MEMBERS + "B,,2026-01-01\nC ,B,2026-02-01\n", "id-hidden 3:1"
    ),
    "a blank of no width in an id": members(MEMBERS + "B,,2026-01-01\nC\u200b,B,2026-02-01\n", "id-hidden 3:1"),
    "an id in full width": members(MEMBERS + "B,,2026-01-01\n\uff23,B,2026-02-01\n", "id-confusable 3:1"),
    "an id without end": members(MEMBERS + f"B,,2026-01-01\n{'C' * 65},B,2026-02-01\n", "id-long 3:1"),
    "an orphan": members(MEMBERS + "A,,2026-01-01\nB,a7,2026-02-01\n", "sponsor-unknown 3:3"),
    "an unknown enroller": members(
        "member,sponsor,enroller,joined\nA,,,2026-01-01\nB,A,Z,2026-02-01\n", "enroller-unknown 3:5"
    ),
    "its own enroller": members(
        "member,sponsor,enroller,joined\nA,,,2026-01-01\nB,A,B,2026-02-01\n", "enroller-self 3:5"
    ),
    "enrollers in a circle": members(
        "member,sponsor,enroller,joined\nA,,B,2026-01-01\nB,A,,2026-02-01\n", "enroller-cycle 2:4"
    ),
    "an order of the day of leaving": Case(
        b"member,sponsor,joined,left\nA,,2026-01-01,2026-10-05\n",
        (ALL + "O1,,A,,2026-10-04,9,9,\nO2,,A,,2026-10-05,9,9,\nR1,return,A,,2026-10-06,9,9,O1\n").encode(),
        ["order-after-leaving 3:8"],
    ),
    "its own sponsor": members(MEMBERS + "B,B,2026-01-01\n", "sponsor-cycle 2:3"),
    "a circle of three beside a circle of two": members(
        MEMBERS + "A,C,2026-01-01\nB,A,2026-01-01\nC,B,2026-01-01\nD,E,2026-01-01\nE,D,2026-01-01\n",
        "sponsor-cycle 2:3",
        "sponsor-cycle 5:3",
    ),
    "a day that does not exist": members(MEMBERS + "B,,2026-02-29\n", "date-wrong 2:4"),
    "a day as Americans write it": members(MEMBERS + "B,,10/05/2026\n", "date-wrong 2:4"),
    "a day without dashes": members(MEMBERS + "B,,20260105\n", "date-wrong 2:4"),
    "a day in full-width digits": members(MEMBERS + "B,,\uff12\uff10\uff12\uff16-01-05\n", "date-wrong 2:4"),
    "a day in the year one": members(MEMBERS + "B,,0001-01-01\n", "date-far 2:4"),
    "a training neither done nor not": members(
        "member,sponsor,joined,training\nB,,2026-01-01,maybe\n", "training-wrong 2:15"
    ),
    "a day of leaving before that of joining": members(
        "member,sponsor,joined,left\nB,,2026-01-02,2026-01-01\n", "left-early 2:15"
    ),
    "negative periods": members("member,sponsor,joined,held\nB,,2026-01-01,-1\n", "count-wrong 2:15"),
    "a name that turns the line around": members(
        "member,sponsor,joined,name\nB,,2026-01-01,Ann\u202eneB\n", "name-hidden 2:15"
    ),
    "full-width digits": orders(ORDERS + "O1,B,2026-10-05,\uff11\uff12,1\n", "points-digits 2:17"),
    "an underscore in a number": orders(ORDERS + "O1,B,2026-10-05,1_000,1\n", "points-separator 2:17"),
    "a comma for thousands": orders(ORDERS + 'O1,B,2026-10-05,"1,000.00",1\n', "points-separator 2:17"),
    "a comma for decimals": orders(ORDERS + 'O1,B,2026-10-05,"120,50",1\n', "points-separator 2:17"),
    "an exponent": orders(ORDERS + "O1,B,2026-10-05,1e5,1\n", "points-exponent 2:17"),
    "infinity and no number": orders(ORDERS + "O1,B,2026-10-05,inf,nan\n", "points-wrong 2:17", "points-wrong 2:21"),
    "a negative volume": orders(ORDERS + "O1,B,2026-10-05,-5,1\n", "points-negative 2:17"),
    "three decimals": orders(ORDERS + "O1,B,2026-10-05,1.005,1\n", "points-decimals 2:17"),
    "a volume beyond any order": orders(ORDERS + f"O1,B,2026-10-05,{10**30},1\n", "points-large 2:17"),
    "no volume": orders(ORDERS + "O1,B,2026-10-05,,1\n", "points-empty 2:17"),
    "a formula for a volume": orders(ORDERS + "O1,B,2026-10-05,=1+1,1\n", "points-wrong 2:17"),
    "an instant without an offset": orders(ORDERS + "O1,B,2026-10-25T02:30:00,1,1\n", "instant-naive 2:6"),
    "an hour that no clock has": orders(ORDERS + "O1,B,2026-10-05T25:00:00Z,1,1\n", "instant-wrong 2:6"),
    "an instant of a spreadsheet": orders(ORDERS + "O1,B,46300.5,1,1\n", "instant-wrong 2:6"),
    "an instant at the end of time": orders(ORDERS + "O1,B,9999-12-31T23:59:59-14:00,1,1\n", "date-far 2:6"),
    "a doubled order": orders(ORDERS + "O1,B,2026-10-05,1,1\nO1,B,2026-10-06,1,1\n", "order-doubled 3:1"),
    "an order of nobody": orders(ORDERS + "O1,X,2026-10-05,1,1\n", "member-unknown 2:4"),
    "an order before joining": orders(ORDERS + "O1,B,2026-01-31,1,1\n", "order-early 2:6"),
    "a kind that there is not": orders(ALL + "O1,retrun,B,,2026-10-05,1,1,\n", "kind-unknown 2:4"),
    "a member as its own customer": orders(ALL + "O1,order,B,B,2026-10-05,1,1,\n", "customer-self 2:12"),
    "a return of nothing": orders(ALL + "R1,return,B,,2026-10-05,1,1,\n", "return-of-nothing 2:29"),
    "a return of an unknown order": orders(ALL + "R1,return,B,,2026-10-05,1,1,O9\n", "return-unknown 2:29"),
    "an order that returns": orders(
        ALL + "O1,order,B,,2026-10-05,1,1,\nO2,order,B,,2026-10-06,1,1,O1\n", "order-returns 3:28"
    ),
    "a return of a return": orders(
        ALL + "O1,,B,,2026-10-05,1,1,\nR1,return,B,,2026-10-06,1,1,O1\nR2,return,B,,2026-10-07,1,1,R1\n",
        "return-of-return 4:29",
    ),
    "a return of another's order": orders(
        ALL + "O1,,B,,2026-10-05,1,1,\nR1,return,A,,2026-10-06,1,1,O1\n", "return-of-another 3:29"
    ),
    "a return by another customer": orders(
        ALL + "O1,,B,C1,2026-10-05,1,1,\nR1,return,B,C2,2026-10-06,1,1,O1\n", "return-of-another 3:31"
    ),
    "a return before its order": orders(
        ALL + "O1,,B,,2026-10-05,1,1,\nR1,return,B,,2026-10-04,1,1,O1\n", "return-early 3:29"
    ),
    "more back than was bought, in two returns": orders(
        ALL + "O1,,B,,2026-10-05,2,2,\nR1,return,B,,2026-10-06,1,1,O1\nR2,return,B,,2026-10-07,1,1.01,O1\n",
        "return-excess 4:32",
    ),
    "a product without its units": orders(SOLD + "O1,,B,2026-10-05,1,1,,KIT:1 SHAKE\n", "products-wrong 2:23"),
    "no units of a product": orders(SOLD + "O1,,B,2026-10-05,1,1,,KIT:0\n", "products-wrong 2:23"),
    "units of no product": orders(SOLD + "O1,,B,2026-10-05,1,1,,:2\n", "products-wrong 2:23"),
    "half a unit": orders(SOLD + "O1,,B,2026-10-05,1,1,,KIT:0.5\n", "products-wrong 2:23"),
    "a product twice": orders(SOLD + "O1,,B,2026-10-05,1,1,,KIT:1 KIT:2\n", "products-doubled 2:23"),
    "a product in full width": orders(SOLD + "O1,,B,2026-10-05,1,1,,\uff2bIT:1\n", "id-confusable 2:23"),
    "more units back than were bought, in two returns": orders(
        SOLD
        + "O1,,B,2026-10-05,2,2,,KIT:2\nR1,return,B,2026-10-06,1,1,O1,KIT:1\nR2,return,B,2026-10-07,1,1,O1,KIT:2\n",
        "units-excess 4:31",
    ),
    "another product back": orders(
        SOLD + "O1,,B,2026-10-05,2,2,,KIT:2\nR1,return,B,2026-10-06,1,1,O1,SHAKE:1\n", "units-excess 3:31"
    ),
    "a return of products that cannot be read": orders(
        SOLD + "O1,,B,2026-10-05,2,2,,KIT\nR1,return,B,2026-10-06,1,1,O1,KIT:1\n", "products-wrong 2:23"
    ),
    "everything at once": Case(
        (MEMBERS + "A,,2026-13-01\nA,Q,2026-01-01\nB ,A,x\nC\n").encode(),
        (ORDERS + "O1,Z,2026-10-05,1e5,-1\nO2,C,2026-10-05,1,1\n").encode(),
        [
            "date-wrong 2:4", "member-doubled 3:1", "sponsor-unknown 3:3", "id-hidden 4:1", "date-wrong 4:6",
            "cells-too-few 5", "member-unknown 2:4", "points-exponent 2:17", "points-negative 2:21",
        ],
    ),
}  # fmt: skip

UNUSUAL = {
    "a mark of byte order": ("\ufeff" + GOOD_MEMBERS).encode(),
    "CRLF": GOOD_MEMBERS.replace("\n", "\r\n").encode(),
    "CR alone": GOOD_MEMBERS.replace("\n", "\r").encode(),
    "no line feed at the end": GOOD_MEMBERS.rstrip().encode(),
    "blank lines between and behind": b"member,sponsor,joined\n\nA,,2026-01-01\n,,\nB,A,2026-02-01\n\n\n",
    "every cell in quotes": b'"member","sponsor","joined"\n"A","","2026-01-01"\n"B","A","2026-02-01"\n',
    "capitals and blanks in the header": b"Member, SPONSOR ,joined\nA,,2026-01-01\nB,A,2026-02-01\n",
    "columns in another order": b"joined,member,sponsor\n2026-01-01,A,\n2026-02-01,B,A\n",
    "a column of nothing at the end": b"member,sponsor,joined,\nA,,2026-01-01,\nB,A,2026-02-01,\n",
    "the separator named as spreadsheets do": b"sep=,\nmember,sponsor,joined\nA,,2026-01-01\nB,A,2026-02-01\n",
    "optional columns left empty": (
        b"member,sponsor,joined,enroller,market,title,held,missed,training\nA,,2026-01-01,,,,,,\nB,A,2026-02-01,,,,,,\n"
    ),
}

PLACED = "member,sponsor,from,correction\n"
SERVED = "customer,member,type,from\n"
SHELVED = "product,name,parts\n"
PRICED = "product,market,from,pv,cv\n"
STATED = "member,from,fact,value\n"


def dropped(name: str, text: str | bytes, *found: str) -> tuple[str, bytes, list[str]]:
    """Make a case of one file of a drop."""
    return name, text if isinstance(text, bytes) else text.encode(), list(found)


DROPS = {
    "a member twice": dropped("members.csv", MEMBERS + "C,A,2026-03-01\nC,B,2026-03-01\n", "row-doubled 3:1"),
    "a member without an id": dropped("members.csv", MEMBERS + ",A,2026-03-01\n", "id-empty 2:1"),
    "a member with a blank": dropped("members.csv", MEMBERS + "C ,A,2026-03-01\n", "id-hidden 2:1"),
    "a sponsor in full width": dropped("members.csv", MEMBERS + "C,\uff21,2026-03-01\n", "id-confusable 2:3"),
    "a member under itself": dropped("members.csv", MEMBERS + "C,C,2026-03-01\n", "sponsor-self 2:3"),
    "a circle of two": dropped(
        "members.csv", MEMBERS + "C,D,2026-03-01\nD,C,2026-03-01\n", "sponsor-cycle 2:3"
    ),
    "a circle of enrollers": dropped(
        "members.csv",
        "member,sponsor,enroller,joined\nC,A,D,2026-03-01\nD,A,C,2026-03-01\n",
        "enroller-cycle 2:5",
    ),
    "a circle of enrollers by way of a sponsor": dropped(
        "members.csv", "member,sponsor,enroller,joined\nC,,D,2026-03-01\nD,C,,2026-03-01\n", "enroller-cycle 2:4"
    ),
    "a member who left before joining": dropped(
        "members.csv", "member,sponsor,joined,left\nC,A,2026-03-01,2026-02-01\n", "left-early 2:16"
    ),
    "a name that hides something": dropped(
        "members.csv", "member,sponsor,name,joined\nC,A,An\u202en,2026-03-01\n", "name-hidden 2:5"
    ),
    "semicolons in a drop": dropped("members.csv", "member;sponsor;joined\nC;A;2026-03-01\n", "separator-wrong 1"),
    "a placement under itself": dropped("placements.csv", PLACED + "B,B,2026-06-01,\n", "sponsor-self 2:3"),
    "a placement on no day": dropped("placements.csv", PLACED + "B,A,2026-06-31,\n", "date-wrong 2:5"),
    "a placement twice": dropped(
        "placements.csv", PLACED + "B,A,2026-06-01,\nB,,2026-06-01,\n", "row-doubled 3:1"
    ),
    "a correction in words": dropped("placements.csv", PLACED + "B,A,2026-06-01,second\n", "correction-wrong 2:16"),
    "a negative correction": dropped("placements.csv", PLACED + "B,A,2026-06-01,-1\n", "correction-wrong 2:16"),
    "a placement without its day": dropped("placements.csv", "member,sponsor\nB,A\n", "column-missing 1"),
    "a placement before joining": dropped("placements.csv", PLACED + "B,,2026-01-01,\n", "event-early 2"),
    "a placement on the day of joining": dropped("placements.csv", PLACED + "B,,2026-02-01,\n", "placement-there 2"),
    "a customer of a type of its own": dropped("customers.csv", SERVED + "C1,B,vip,2026-06-01\n", "type-unknown 2:6"),
    "a customer who is the member": dropped("customers.csv", SERVED + "B,B,retail,2026-06-01\n", "customer-self 2:1"),
    "a customer of nobody": dropped("customers.csv", SERVED + "C1,,retail,2026-06-01\n", "id-empty 2:4"),
    "a customer twice": dropped(
        "customers.csv", SERVED + "C1,B,retail,2026-06-01\nC1,A,retail,2026-06-01\n", "row-doubled 3:1"
    ),
    "parts without units": dropped("products.csv", SHELVED + "BOX,Box,KIT\n", "products-wrong 2:9"),
    "a part twice": dropped("products.csv", SHELVED + "BOX,Box,KIT:1 KIT:2\n", "products-doubled 2:9"),
    "a bundle that holds itself": dropped("products.csv", SHELVED + "BOX,Box,BOX:1\n", "bundle-circle 2"),
    "a product twice": dropped("products.csv", SHELVED + "KIT,Kit,\nKIT,Set,\n", "row-doubled 3:1"),
    "a product without an id": dropped("products.csv", SHELVED + ",Kit,\n", "id-empty 2:1"),
    "a price with a comma": dropped("prices.csv", PRICED + 'KIT,US,2026-01-01,"1,5",1\n', "points-separator 2:19"),
    "a negative price": dropped("prices.csv", PRICED + "KIT,US,2026-01-01,1,-1\n", "points-negative 2:21"),
    "a price with an exponent": dropped("prices.csv", PRICED + "KIT,US,2026-01-01,1e3,1\n", "points-exponent 2:19"),
    "a price in the year one": dropped("prices.csv", PRICED + "KIT,US,0001-01-01,1,1\n", "date-far 2:8"),
    "a price twice": dropped(
        "prices.csv", PRICED + "KIT,US,2026-01-01,1,1\nKIT,US,2026-01-01,2,2\n", "row-doubled 3:1"
    ),
    "a fact that there is not": dropped("facts.csv", STATED + "B,2026-06-01,cleard,yes\n", "fact-unknown 2:14"),
    "a fact with another's value": dropped("facts.csv", STATED + "B,2026-06-01,cleared,70 %\n", "value-wrong 2:22"),
    "a fact before joining": dropped("facts.csv", STATED + "B,2026-01-01,cleared,yes\n", "event-early 2"),
    "an order before its member": dropped("orders.csv", ORDERS + "O1,B,2026-01-31,1,1\n", "order-before-joining 2"),
    "an order from the future": dropped("orders.csv", ORDERS + "O1,B,2199-01-31,1,1\n", "order-ahead 2"),
    "an order without volume or products": dropped(
        "orders.csv", ORDERS + "O1,B,2026-10-05,,\n", "points-empty 2:17", "points-empty 2:18"
    ),
    "a return of nothing in a drop": dropped("orders.csv", ALL + "R1,return,B,,2026-10-05,1,1,\n", "return-half 2:29"),
    "more back than there was": dropped(
        "orders.csv", ALL + "O1,,B,,2026-10-05,1,1,\nR1,return,B,,2026-10-06,2,1,O1\n", "return-exceeds 3"
    ),
    "a return before its order in a drop": dropped(
        "orders.csv", ALL + "O1,,B,,2026-10-05,1,1,\nR1,return,B,,2026-10-04,1,1,O1\n", "return-before-order 3"
    ),
    "Windows-1252 in a drop": dropped(
        "products.csv", "product,name\nKIT,Stück\n".encode("cp1252"), "not-utf-8 2"
    ),
    "a NUL byte in a drop": dropped("prices.csv", PRICED.encode() + b"KIT\0,US,2026-01-01,1,1\n", "nul-byte 2"),
    "a quote that nothing closes, in a drop": dropped(
        "customers.csv", SERVED + '"C1,B,retail,2026-06-01\n', "quote-unclosed 2:1"
    ),
    "a file that is no drop's": dropped("member.csv", GOOD_MEMBERS, "file-unknown 1"),
}  # fmt: skip
"""Files of a drop into a company of A and B: each with what is found by itself, or against what is there already."""
