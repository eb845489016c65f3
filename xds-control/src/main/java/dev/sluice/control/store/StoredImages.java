package dev.sluice.control.store;

import com.google.protobuf.ByteString;
import dev.sluice.control.change.Digest;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.ImageStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Images as they lie in the tables {@code image} and {@code image_part}, which are the same in
 * every database. The row of {@code image} is written last and makes the parts count. Owned by one
 * thread.
 */
final class StoredImages implements ImageStore {
    private static final int PART = 1 << 19;

    private final Database database;

    StoredImages(Database database) {
        this.database = database;
    }

    @Override
    public Optional<Image> newest(String form) {
        return database.run(connection -> newest(connection, form));
    }

    /** The newest image of a form whose bytes are those that were written. */
    static Optional<Image> newest(Connection connection, String form) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT seq, hash, digest FROM image WHERE form = ?"
                                + " ORDER BY seq DESC LIMIT 1")) {
            query.setString(1, form);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next() || !Digest.isOne(row.getString(2))) {
                    return Optional.empty();
                }
                Head head = new Head(row.getLong(1), new Digest(row.getString(2)));
                String digest = row.getString(3);
                Image image = new Image(head, form, content(connection, head, form));
                return digest(image).equals(digest) ? Optional.of(image) : Optional.empty();
            }
        }
    }

    @Override
    public void keep(Image image) {
        int parts = 0;
        for (int from = 0; from < image.content().size(); from += PART) {
            int number = parts++;
            ByteString part =
                    image.content().substring(from, Math.min(image.content().size(), from + PART));
            database.transact(connection -> add(connection, image, number, part));
        }
        database.transact(connection -> {
            complete(connection, image);
            forgetOlder(connection, "image", image);
            return forgetOlder(connection, "image_part", image);
        });
    }

    @Override
    public void close() {
        database.close();
    }

    private static ByteString content(Connection connection, Head head, String form)
            throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT content FROM image_part WHERE seq = ? AND form = ?"
                                + " ORDER BY part")) {
            query.setLong(1, head.seq());
            query.setString(2, form);
            try (ResultSet rows = query.executeQuery()) {
                ByteString content = ByteString.empty();
                while (rows.next()) {
                    content = content.concat(ByteString.copyFrom(rows.getBytes(1)));
                }
                return content;
            }
        }
    }

    private static int add(Connection connection, Image image, int number, ByteString part)
            throws SQLException {
        try (PreparedStatement delete =
                        connection.prepareStatement(
                                "DELETE FROM image_part WHERE seq = ? AND form = ? AND part = ?");
                PreparedStatement insert =
                        connection.prepareStatement(
                                "INSERT INTO image_part (seq, form, part, content)"
                                        + " VALUES (?, ?, ?, ?)")) {
            place(delete, image);
            delete.setInt(3, number);
            delete.executeUpdate();
            place(insert, image);
            insert.setInt(3, number);
            insert.setBytes(4, part.toByteArray());
            return insert.executeUpdate();
        }
    }

    private static void complete(Connection connection, Image image) throws SQLException {
        try (PreparedStatement delete =
                        connection.prepareStatement(
                                "DELETE FROM image WHERE seq = ? AND form = ?");
                PreparedStatement insert =
                        connection.prepareStatement(
                                "INSERT INTO image (seq, form, hash, digest)"
                                        + " VALUES (?, ?, ?, ?)")) {
            place(delete, image);
            delete.executeUpdate();
            place(insert, image);
            insert.setString(3, image.head().hash().hex());
            insert.setString(4, digest(image));
            insert.executeUpdate();
        }
    }

    private static int forgetOlder(Connection connection, String table, Image image)
            throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM " + table + " WHERE seq < ?")) {
            delete.setLong(1, image.head().seq());
            return delete.executeUpdate();
        }
    }

    private static void place(PreparedStatement statement, Image image) throws SQLException {
        statement.setLong(1, image.head().seq());
        statement.setString(2, image.form());
    }

    /** Covers the place too, so that content is not taken for the state of another one. */
    private static String digest(Image image) {
        return Digest.of(
                        image.form(),
                        Long.toString(image.head().seq()),
                        image.head().hash().hex(),
                        Digest.ofBytes(image.content().asReadOnlyByteBufferList()).hex())
                .hex();
    }
}
