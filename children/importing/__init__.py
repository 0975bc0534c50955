"""How a roster's rows become files: matched against the register, gathered into families, written in sets."""
