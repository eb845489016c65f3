package dev.sluice.demo.change;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntConsumer;
import javax.sql.DataSource;

/**
 * The schema change: {@code customers.customer_name} becomes {@code first_name} and {@code
 * last_name}, with both kept true by a trigger for as long as both versions run. Each step may be
 * repeated. Thread-safe.
 *
 * <p>The trigger works in both directions and cannot recurse: it changes only the row that is being
 * written, before it is, and looks at which side the statement changed. A write of the old side
 * sets the new one and the other way round; one that changes both keeps the new side.
 *
 * @param database where the table is
 */
public record NameSplit(DataSource database) {
    private static final int BATCH = 1_000;

    private static final String EXPAND =
            """
            SET lock_timeout = '2s';
            ALTER TABLE customers ADD COLUMN IF NOT EXISTS first_name text;
            ALTER TABLE customers ADD COLUMN IF NOT EXISTS last_name text;
            CREATE OR REPLACE FUNCTION customers_keep_names() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE
                blank int;
                old_side_changed boolean;
                new_side_changed boolean;
            BEGIN
                IF pg_trigger_depth() > 1 THEN
                    RETURN NEW;
                END IF;
                IF TG_OP = 'INSERT' THEN
                    old_side_changed := NEW.customer_name IS NOT NULL;
                    new_side_changed := NEW.first_name IS NOT NULL;
                ELSE
                    old_side_changed := NEW.customer_name IS DISTINCT FROM OLD.customer_name;
                    new_side_changed := NEW.first_name IS DISTINCT FROM OLD.first_name
                        OR NEW.last_name IS DISTINCT FROM OLD.last_name;
                END IF;
                IF new_side_changed THEN
                    NEW.last_name := coalesce(NEW.last_name, '');
                    NEW.customer_name := rtrim(NEW.first_name || ' ' || NEW.last_name);
                ELSIF old_side_changed OR NEW.first_name IS NULL THEN
                    blank := position(' ' in NEW.customer_name);
                    NEW.first_name := CASE blank WHEN 0 THEN NEW.customer_name ELSE left(NEW.customer_name, blank - 1) END;
                    NEW.last_name := CASE blank WHEN 0 THEN '' ELSE substr(NEW.customer_name, blank + 1) END;
                END IF;
                RETURN NEW;
            END $$;
            CREATE OR REPLACE TRIGGER customers_keep_names BEFORE INSERT OR UPDATE ON customers
                FOR EACH ROW EXECUTE FUNCTION customers_keep_names();
            """;

    private static final String BACKFILL =
            """
            UPDATE customers SET customer_name = customer_name WHERE id IN (
                SELECT id FROM customers WHERE first_name IS NULL ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED)
            """;

    private static final String DISAGREE =
            """
            SELECT count(*) FROM customers
            WHERE first_name IS NULL OR last_name IS NULL OR customer_name IS NULL
               OR customer_name <> rtrim(first_name || ' ' || last_name)
            """;

    private static final String CONTRACT =
            """
            SET lock_timeout = '2s';
            DROP TRIGGER customers_keep_names ON customers;
            DROP FUNCTION customers_keep_names();
            ALTER TABLE customers ALTER COLUMN first_name SET NOT NULL, ALTER COLUMN last_name SET NOT NULL;
            ALTER TABLE customers DROP COLUMN customer_name;
            """;

    /** SHA-256 of the statements, 64 hex digits: by it a plan says what was looked at. */
    public static String digest() {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (String statements : List.of(EXPAND, BACKFILL, DISAGREE, CONTRACT)) {
                sha.update(statements.getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Adds the columns and the trigger; the legacy version goes on working. */
    public void expand() throws SQLException {
        run(EXPAND);
    }

    /**
     * Splits the names of the rows from before, in batches of 1,000 by key, each its own
     * transaction. Rows that a service has written meanwhile are already right and are left alone.
     *
     * @param progress is told the rows done so far
     * @return rows changed
     */
    public int backfill(IntConsumer progress) throws SQLException {
        int done = 0;
        try (Connection connection = database.getConnection();
                PreparedStatement batch = connection.prepareStatement(BACKFILL)) {
            batch.setInt(1, BATCH);
            int changed;
            do {
                changed = batch.executeUpdate();
                done += changed;
                progress.accept(done);
            } while (changed > 0 || remaining(connection) > 0);
        }
        return done;
    }

    /** Rows whose two sides do not say the same; 0 when the change is verified. */
    public long disagreeing() throws SQLException {
        try (Connection connection = database.getConnection()) {
            return count(connection, DISAGREE);
        }
    }

    /** Ends the change: the old column and the trigger go. Legacy can't be served after it. */
    public void contract() throws SQLException {
        run(CONTRACT);
    }

    private static long remaining(Connection connection) throws SQLException {
        return count(connection, "SELECT count(*) FROM customers WHERE first_name IS NULL");
    }

    private static long count(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private void run(String statements) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(statements);
            connection.commit();
        }
    }
}
