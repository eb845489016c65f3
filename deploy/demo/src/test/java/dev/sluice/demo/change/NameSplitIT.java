package dev.sluice.demo.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The change on a real PostgreSQL. */
class NameSplitIT {
    private static final int CUSTOMERS = 2_500;

    private static EmbeddedPostgres server;
    private static DataSource database;
    private NameSplit split;

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
        database = server.getPostgresDatabase();
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @BeforeEach
    void schemaFromBefore() throws SQLException {
        run("DROP TABLE IF EXISTS orders; DROP TABLE IF EXISTS customers CASCADE");
        ShopSchema.create(database, CUSTOMERS, new SplittableRandom(1));
        split = new NameSplit(database);
    }

    @Test
    void backfill_splits_every_row_and_then_every_row_agrees() throws SQLException {
        split.expand();
        assertThat(split.disagreeing()).as("rows not split yet").isEqualTo(CUSTOMERS);

        int rows = split.backfill(_ -> {});

        assertThat(rows).isEqualTo(CUSTOMERS);
        assertThat(split.disagreeing()).isZero();
    }

    @Test
    void expand_and_backfill_may_be_repeated() throws SQLException {
        split.expand();
        split.backfill(_ -> {});
        split.expand();

        assertThat(split.backfill(_ -> {})).as("rows left for a second backfill").isZero();
        assertThat(split.disagreeing()).isZero();
    }

    @Test
    void a_write_of_either_version_is_seen_by_both() throws SQLException {
        split.expand();
        split.backfill(_ -> {});

        run("UPDATE customers SET customer_name = 'Mary Ann Evans' WHERE id = 1");
        run("UPDATE customers SET first_name = 'George', last_name = 'Eliot' WHERE id = 2");
        run("UPDATE customers SET first_name = 'Plato', last_name = '' WHERE id = 3");
        run("UPDATE customers SET customer_name = 'Sappho' WHERE id = 4");

        assertThat(row(1)).isEqualTo("Mary Ann Evans|Mary|Ann Evans");
        assertThat(row(2)).isEqualTo("George Eliot|George|Eliot");
        assertThat(row(3)).isEqualTo("Plato|Plato|");
        assertThat(row(4)).isEqualTo("Sappho|Sappho|");
    }

    @Test
    void inserts_of_either_version_are_seen_by_both() throws SQLException {
        split.expand();

        run("INSERT INTO customers (id, customer_name) VALUES (90001, 'Ada Lovelace')");
        run("INSERT INTO customers (id, first_name, last_name) VALUES (90002, 'Ada', 'Lovelace')");

        assertThat(row(90001)).isEqualTo("Ada Lovelace|Ada|Lovelace");
        assertThat(row(90002)).isEqualTo("Ada Lovelace|Ada|Lovelace");
    }

    @Test
    void backfill_keeps_what_a_service_wrote_meanwhile() throws SQLException {
        split.expand();
        run("UPDATE customers SET first_name = 'Ada', last_name = 'King Noel' WHERE id = 7");

        split.backfill(_ -> {});

        assertThat(row(7)).isEqualTo("Ada King Noel|Ada|King Noel");
    }

    @Test
    void contract_takes_the_old_column_and_the_trigger_away() throws SQLException {
        split.expand();
        split.backfill(_ -> {});

        split.contract();

        run("UPDATE customers SET first_name = 'Ada', last_name = 'Byron' WHERE id = 1");
        assertThat(text("SELECT first_name || '|' || last_name FROM customers WHERE id = 1"))
                .isEqualTo("Ada|Byron");
        assertThat(
                        text(
                                "SELECT count(*) FROM information_schema.columns WHERE column_name = 'customer_name'"))
                .isEqualTo("0");
    }

    private static String row(long id) throws SQLException {
        return text(
                "SELECT customer_name || '|' || first_name || '|' || last_name FROM customers WHERE id = "
                        + id);
    }

    private static void run(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String text(String query) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
