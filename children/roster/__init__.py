"""Reading a roster (花名册) made by hand: which sheets and columns it has, what each row says, and what becomes of it."""
