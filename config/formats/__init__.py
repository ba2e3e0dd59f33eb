"""How dates are written, where Roost differs from Django: one package a language, each with a module `formats`."""
