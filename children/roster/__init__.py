"""Reading a roster (花名册) made by hand: its sheets and columns, what each row says, and what becomes of it."""
