"""Print the address of a PostgreSQL server that tests may use, or say why there is none (status 1).

TEST_POSTGRES_URL names one; otherwise a server on this machine that lets the current user, or
`postgres`, in without a password is taken. Tests make and drop their own database on it.
"""

import getpass
import os
import sys

import psycopg


def candidates() -> list[str]:
    if url := os.environ.get("TEST_POSTGRES_URL"):
        return [url]
    users = dict.fromkeys([getpass.getuser(), "postgres"])
    return [f"postgres://{user}@127.0.0.1:5432/postgres" for user in users]


def main() -> int:
    reason = ""
    for url in candidates():
        try:
            with psycopg.connect(url, connect_timeout=3) as connection:
                row = connection.execute(
                    "select rolcreatedb or rolsuper from pg_roles where rolname = current_user"
                ).fetchone()
        except psycopg.Error as error:
            reason = str(error).strip().splitlines()[0]
            continue
        if row and row[0]:
            print(url)
            return 0
        reason = "the role may not create databases"
    print(
        f"PostgreSQL tests skipped: no usable server ({reason}).\n"
        "Set TEST_POSTGRES_URL=postgres://user@host/database to name one.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
