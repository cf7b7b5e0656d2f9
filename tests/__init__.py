"""The tests. Browsers are brought by `tests.browsers`; what every test may ask for stands in `tests/conftest.py`."""
