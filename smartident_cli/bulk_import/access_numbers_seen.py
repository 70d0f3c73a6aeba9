"""Which access numbers a file has told so far. However many they are, they take no memory: they lie on the disk."""

from typing import Self


class AccessNumbersSeen:
    """Remembers on which line a number stood first, while the file is read."""

    def __enter__(self) -> Self:
        import sqlite3  # noqa: PLC0415  of all commands only an import needs it

        # A database without a name is a file that nobody else can open, and that is gone with its connection.
        self.database = sqlite3.connect("")
        self.database.execute("CREATE TABLE seen (number TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID")
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    def add(self, number: str, line: int) -> int:
        """Remember a number, and tell on which line it stood first, which may be this one."""
        try:
            self.database.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (number, line))
            (first,) = self.database.execute("SELECT line FROM seen WHERE number = ?", (number,)).fetchone()
        except self.database.Error as full:
            raise OSError(str(full)) from None
        return int(first)
