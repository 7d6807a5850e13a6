"""How fast the engines are beside other libraries: ``make bench``. Not part of ``make test``."""
