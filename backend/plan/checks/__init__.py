"""The checks of sense, by what they look at: words, days, the ladder, titles, amounts, references."""
