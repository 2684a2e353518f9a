"""
CSV in, CSV and JSON out, with findings by line.

`company.read_company` is the door in, `results` the door out; the columns are described for editors and shops in
`manifest/schemas/`.
"""
