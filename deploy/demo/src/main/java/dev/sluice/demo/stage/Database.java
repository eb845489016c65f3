package dev.sluice.demo.stage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * A real PostgreSQL from embedded binaries, on a free loopback port, its data in a folder that goes
 * with it.
 */
final class Database implements AutoCloseable {
    private final EmbeddedPostgres server;
    private final HikariDataSource pool;

    private Database(EmbeddedPostgres server) {
        this.server = server;
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(server.getJdbcUrl("postgres", "postgres"));
        config.setMaximumPoolSize(4);
        this.pool = new HikariDataSource(config);
    }

    /**
     * Starts one.
     *
     * @throws IOException if it can't be started; as root that needs {@code unshare} with user
     *     namespaces
     */
    static Database start() throws IOException {
        try {
            return new Database(
                    EmbeddedPostgres.builder()
                            .setPGStartupWait(Duration.ofSeconds(60))
                            .setServerConfig("fsync", "off")
                            .setServerConfig("max_connections", "100")
                            .start());
        } catch (IOException | IllegalStateException e) {
            throw new IOException(
                    "PostgreSQL did not start: "
                            + e.getMessage()
                            + " (expected: a user other than root, or root with a working `unshare -U`);"
                            + " run the demo as an ordinary user",
                    e);
        }
    }

    /** For services and the change. */
    DataSource pool() {
        return pool;
    }

    /** For other processes. */
    String url() {
        return server.getJdbcUrl("postgres", "postgres");
    }

    @Override
    public void close() throws IOException {
        pool.close();
        server.close();
    }
}
