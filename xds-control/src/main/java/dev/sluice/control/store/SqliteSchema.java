package dev.sluice.control.store;

import dev.sluice.contract.Problem;
import dev.sluice.control.change.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The tables of a log in a SQLite file, by version. Stateless. */
final class SqliteSchema {
    /** {@code PRAGMA application_id} of our files: "SLCE". */
    private static final int APPLICATION_ID = 0x534c4345;

    /** {@code PRAGMA user_version} says how many of them a file has seen. */
    static final SchemaSteps STEPS =
            new SchemaSteps(
                    List.of(
                            List.of(
                                    """
                                    CREATE TABLE event (
                                      seq      INTEGER PRIMARY KEY,
                                      epoch    INTEGER NOT NULL,
                                      payload  TEXT    NOT NULL,
                                      previous TEXT    NOT NULL,
                                      hash     TEXT    NOT NULL
                                    ) STRICT
                                    """,
                                    """
                                    CREATE TABLE epoch (
                                      id    INTEGER PRIMARY KEY CHECK (id = 1),
                                      value INTEGER NOT NULL
                                    ) STRICT
                                    """,
                                    "INSERT INTO epoch (id, value) VALUES (1, 1)"),
                            List.of(
                                    """
                                    CREATE TABLE image (
                                      seq    INTEGER NOT NULL,
                                      form   TEXT    NOT NULL,
                                      hash   TEXT    NOT NULL,
                                      digest TEXT    NOT NULL,
                                      PRIMARY KEY (seq, form)
                                    ) STRICT
                                    """,
                                    """
                                    CREATE TABLE image_part (
                                      seq     INTEGER NOT NULL,
                                      form    TEXT    NOT NULL,
                                      part    INTEGER NOT NULL,
                                      content BLOB    NOT NULL,
                                      PRIMARY KEY (seq, form, part)
                                    ) STRICT
                                    """)));

    private SqliteSchema() {}

    /**
     * Makes the tables where there are none, brings those of an earlier program up to date, and
     * sets what the one connection that writes the log needs.
     *
     * @throws StoreException when the file is another program's, or a later one's
     */
    static void prepare(Path file, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            int id = pragma(statement, "application_id");
            int version = pragma(statement, "user_version");
            boolean fresh = id == 0 && version == 0 && isEmpty(statement);
            if (!fresh && id != APPLICATION_ID) {
                throw new StoreException(
                        new Problem(
                                file.toString(),
                                "a SQLite file of application " + id,
                                "an event log of this program",
                                "name another file"));
            }
            List<String> missing = STEPS.after(file.toString(), version);
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("PRAGMA synchronous=FULL");
            statement.execute("PRAGMA busy_timeout=2000");
            if (!missing.isEmpty()) {
                upgrade(connection, statement, missing);
            }
        }
    }

    /** As a whole or not at all: a file has the tables of one version. */
    private static void upgrade(Connection connection, Statement statement, List<String> missing)
            throws SQLException {
        connection.setAutoCommit(false);
        for (String part : missing) {
            statement.executeUpdate(part);
        }
        statement.executeUpdate("PRAGMA application_id=" + APPLICATION_ID);
        statement.executeUpdate("PRAGMA user_version=" + STEPS.newest());
        connection.commit();
        connection.setAutoCommit(true);
    }

    private static int pragma(Statement statement, String name) throws SQLException {
        try (ResultSet row = statement.executeQuery("PRAGMA " + name)) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    private static boolean isEmpty(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT count(*) FROM sqlite_schema")) {
            return row.next() && row.getInt(1) == 0;
        }
    }
}
