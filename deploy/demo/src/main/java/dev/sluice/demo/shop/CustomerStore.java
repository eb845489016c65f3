package dev.sluice.demo.shop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * How one version of the service {@code customers} keeps customers, and how it shows them.
 * Thread-safe.
 */
sealed interface CustomerStore {
    /** The customer as this version's API shows one; absent when there is none. */
    Optional<ObjectNode> read(long id) throws SQLException;

    /** Renames a customer; says whether there is one. */
    boolean rename(long id, String fullName) throws SQLException;

    /** The old schema: one column {@code customer_name}. */
    record Legacy(DataSource database) implements CustomerStore {
        @Override
        public Optional<ObjectNode> read(long id) throws SQLException {
            try (Connection connection = database.getConnection();
                    PreparedStatement query =
                            connection.prepareStatement(
                                    "SELECT customer_name FROM customers WHERE id = ?")) {
                query.setLong(1, id);
                try (ResultSet row = query.executeQuery()) {
                    return row.next()
                            ? Optional.of(
                                    Json.object()
                                            .put("id", id)
                                            .put("customer_name", row.getString(1)))
                            : Optional.empty();
                }
            }
        }

        @Override
        public boolean rename(long id, String fullName) throws SQLException {
            try (Connection connection = database.getConnection();
                    PreparedStatement update =
                            connection.prepareStatement(
                                    "UPDATE customers SET customer_name = ? WHERE id = ?")) {
                update.setString(1, fullName);
                update.setLong(2, id);
                return update.executeUpdate() == 1;
            }
        }
    }

    /** The new schema: {@code first_name} and {@code last_name}. */
    record Split(DataSource database, NameFormat format) implements CustomerStore {
        @Override
        public Optional<ObjectNode> read(long id) throws SQLException {
            try (Connection connection = database.getConnection();
                    PreparedStatement query =
                            connection.prepareStatement(
                                    "SELECT first_name, last_name FROM customers WHERE id = ?")) {
                query.setLong(1, id);
                try (ResultSet row = query.executeQuery()) {
                    return row.next() ? Optional.of(show(id, row)) : Optional.empty();
                }
            }
        }

        private ObjectNode show(long id, ResultSet row) throws SQLException {
            Customer customer = new Customer(id, row.getString(1), row.getString(2));
            return Json.object()
                    .put("id", id)
                    .put("first_name", customer.firstName())
                    .put("last_name", customer.lastName())
                    .put("initials", format.initials(customer));
        }

        @Override
        public boolean rename(long id, String fullName) throws SQLException {
            Customer customer = Customer.ofFullName(id, fullName);
            try (Connection connection = database.getConnection();
                    PreparedStatement update =
                            connection.prepareStatement(
                                    "UPDATE customers SET first_name = ?, last_name = ? WHERE id = ?")) {
                update.setString(1, customer.firstName());
                update.setString(2, customer.lastName());
                update.setLong(3, id);
                return update.executeUpdate() == 1;
            }
        }
    }
}
