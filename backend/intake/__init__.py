"""
What a company tells of itself, event by event: read strictly, known by key, judged against what is known already.

Pure: an event is text that became a struct, and a judgement says what it becomes or what it lacks; the flows hold the
transaction and the store the tables.
"""
