"""In which databases tests keep the records of the embedded service: of `new_database`, a mark chooses another one."""

import pytest

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"

in_postgresql = pytest.mark.parametrize("new_database", [POSTGRESQL], indirect=True, scope="session")
in_each_database = pytest.mark.parametrize("new_database", [SQLITE, POSTGRESQL], indirect=True, scope="session")
