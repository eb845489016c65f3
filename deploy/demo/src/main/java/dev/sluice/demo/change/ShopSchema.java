package dev.sluice.demo.change;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;

/** The shop's database as it was before the change. Thread-safe. */
public final class ShopSchema {
    /** One person in seven has a single name, so that a version that forgets them is found. */
    private static final int SINGLE_NAME_EVERY = 7;

    private static final List<String> FIRST =
            List.of(
                    "Ada",
                    "Grace",
                    "Alan",
                    "Edsger",
                    "Barbara",
                    "Donald",
                    "Frances",
                    "Tony",
                    "Radia",
                    "Leslie",
                    "Margaret",
                    "Niklaus",
                    "Katherine",
                    "Ken",
                    "Shafi",
                    "Vint");
    private static final List<String> LAST =
            List.of(
                    "Lovelace",
                    "Hopper",
                    "Turing",
                    "Dijkstra",
                    "Liskov",
                    "Knuth",
                    "Allen",
                    "Hoare",
                    "Perlman",
                    "Lamport",
                    "Hamilton",
                    "Wirth",
                    "Johnson",
                    "Thompson",
                    "Goldwasser",
                    "van der Berg");

    private ShopSchema() {}

    /**
     * Creates the tables and the customers 1..{@code customers}.
     *
     * @param random chooses names
     */
    public static void create(DataSource database, int customers, RandomGenerator random)
            throws SQLException {
        try (Connection connection = database.getConnection()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(
                        """
                        CREATE TABLE customers (id bigint PRIMARY KEY, customer_name text);
                        CREATE TABLE orders (id uuid PRIMARY KEY, customer_id bigint NOT NULL, item text NOT NULL,
                            ship_to text NOT NULL, placed timestamptz NOT NULL DEFAULT clock_timestamp());
                        CREATE INDEX orders_by_customer ON orders (customer_id, placed);
                        """);
            }
            connection.setAutoCommit(false);
            try (PreparedStatement insert =
                    connection.prepareStatement(
                            "INSERT INTO customers (id, customer_name) VALUES (?, ?)")) {
                for (int id = 1; id <= customers; id++) {
                    insert.setLong(1, id);
                    insert.setString(2, nameOf(id, random));
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            connection.commit();
        }
    }

    /** A name for a customer: two words or more, one word for every seventh. */
    public static String nameOf(int id, RandomGenerator random) {
        String first = FIRST.get(random.nextInt(FIRST.size()));
        return isSingleName(id) ? first : first + " " + LAST.get(random.nextInt(LAST.size()));
    }

    /** Whether a customer has one name only. */
    public static boolean isSingleName(int id) {
        return id % SINGLE_NAME_EVERY == 0;
    }
}
