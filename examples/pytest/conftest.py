# pytester is for the fixture's own tests.
pytest_plugins = ["faultline_pytest", "pytester"]
