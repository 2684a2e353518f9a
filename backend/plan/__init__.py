"""What a plan says: the document, its findings, and its terms on one day."""
