package dev.sluice.e2e.chaos;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.sluice.admin.v1.Protocol;
import dev.sluice.chaos.toxiproxy.ToxiproxyServer;
import dev.sluice.e2e.Running;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;

/**
 * A shop whose versions read what they say from one PostgreSQL, each as a user of its own with a
 * pool of its own; a Toxiproxy stands between NEW and the database. A bystander does the same and
 * belongs to no shop. Owned by the test's thread.
 */
final class StoredShop implements AutoCloseable {
    /** How long NEW waits for a connection of its pool. */
    static final Duration WAIT = Duration.ofMillis(250);

    /** The name of what stands between NEW and the database. */
    static final String PROXY = "database-of-new";

    /** How many connections NEW may have: those of its pool, and a few. */
    private static final int CONNECTIONS = 24;

    private static final int POOL = 20;
    private static final String ANY = "127.0.0.1:0";
    private static final Pattern LISTENS = Pattern.compile("\"listen\":\"127\\.0\\.0\\.1:(\\d+)\"");

    private final Running running;
    private final EmbeddedPostgres database;
    private final ToxiproxyServer toxiproxy;
    private final Doors doors;
    private final int bystander;

    private StoredShop(
            Running running,
            EmbeddedPostgres database,
            ToxiproxyServer toxiproxy,
            Doors doors,
            int bystander) {
        this.running = running;
        this.database = database;
        this.toxiproxy = toxiproxy;
        this.doors = doors;
        this.bystander = bystander;
    }

    /** Starts everything. Of each connection that it loses, a pool says nothing. */
    static StoredShop start() throws Exception {
        ((Logger) LoggerFactory.getLogger("com.zaxxer.hikari")).setLevel(Level.ERROR);
        Running running = new Running();
        try {
            EmbeddedPostgres database =
                    running.keep(
                            EmbeddedPostgres.builder()
                                    .setPGStartupWait(Duration.ofSeconds(60))
                                    .setServerConfig("fsync", "off")
                                    .setServerConfig("max_connections", "100")
                                    .start());
            createShop(database);
            ToxiproxyServer toxiproxy =
                    running.keep(
                            ToxiproxyServer.start(
                                    new ToxiproxyServer.Settings(
                                            new InetSocketAddress(
                                                    InetAddress.getLoopbackAddress(), 0),
                                            1,
                                            1,
                                            ToxiproxyServer.Page.PROXY_METRICS)));
            int between = between(toxiproxy, database.getPort());
            HikariDataSource ofLegacy = running.keep(pool("shop_legacy", database.getPort()));
            HikariDataSource ofNew = running.keep(pool("shop_new", between));
            HikariDataSource ofBystander = running.keep(pool("shop_bystander", database.getPort()));
            H1Upstream legacy = running.keep(H1Upstream.start(_ -> answer(ofLegacy)));
            H1Upstream fresh = running.keep(H1Upstream.start(_ -> answer(ofNew)));
            H1Upstream second = running.keep(H1Upstream.start(_ -> answer(ofNew)));
            H1Upstream bystander = running.keep(H1Upstream.start(_ -> answer(ofBystander)));
            Doors doors =
                    new Doors(
                            legacy.port(), fresh.port(), second.port(), Protocol.HTTP1, List.of());
            return new StoredShop(running, database, toxiproxy, doors, bystander.port());
        } catch (Exception | Error failed) {
            running.close();
            throw failed;
        }
    }

    private static void createShop(EmbeddedPostgres database) throws SQLException {
        try (Connection owner = database.getPostgresDatabase().getConnection();
                Statement statement = owner.createStatement()) {
            statement.execute("CREATE TABLE words (version text PRIMARY KEY, word text)");
            statement.execute(
                    "INSERT INTO words VALUES ('shop_legacy', 'old'), ('shop_new', 'new'),"
                            + " ('shop_bystander', 'well')");
            statement.execute("CREATE ROLE shop_legacy LOGIN");
            statement.execute("CREATE ROLE shop_bystander LOGIN");
            statement.execute("CREATE ROLE shop_new LOGIN CONNECTION LIMIT " + CONNECTIONS);
            statement.execute("GRANT SELECT ON words TO shop_legacy, shop_new, shop_bystander");
        }
    }

    /** Puts the Toxiproxy before the database; the port that it listens on. */
    private static int between(ToxiproxyServer toxiproxy, int database)
            throws IOException, InterruptedException {
        String proxy =
                "{\"name\":\"%s\",\"listen\":\"%s\",\"upstream\":\"127.0.0.1:%d\"}"
                        .formatted(PROXY, ANY, database);
        try (HttpClient http = HttpClient.newHttpClient()) {
            String created =
                    http.send(
                                    HttpRequest.newBuilder(URI.create(api(toxiproxy) + "/proxies"))
                                            .POST(HttpRequest.BodyPublishers.ofString(proxy))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body();
            Matcher listens = LISTENS.matcher(created);
            if (!listens.find()) {
                throw new IOException("no proxy was created: " + created);
            }
            return Integer.parseInt(listens.group(1));
        }
    }

    private static HikariDataSource pool(String user, int port) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:postgresql://127.0.0.1:" + port + "/postgres");
        config.setUsername(user);
        config.setMaximumPoolSize(POOL);
        config.setConnectionTimeout(WAIT.toMillis());
        config.setInitializationFailTimeout(Duration.ofSeconds(30).toMillis());
        config.addDataSourceProperty("socketTimeout", "1");
        return new HikariDataSource(config);
    }

    /** What the database says; an error when there is no connection, or no word on it. */
    private static H1Answer answer(HikariDataSource pool) {
        try (Connection connection = pool.getConnection();
                Statement query = connection.createStatement();
                ResultSet word =
                        query.executeQuery("SELECT word FROM words WHERE version = current_user")) {
            return word.next() ? H1Answer.ok(word.getString(1) + Doors.END) : unavailable();
        } catch (SQLException gone) {
            return unavailable();
        }
    }

    private static H1Answer unavailable() {
        byte[] body = "no database\n".getBytes(StandardCharsets.US_ASCII);
        return exchange -> {
            exchange.send(
                    "HTTP/1.1 503 Service Unavailable\r\ncontent-length: %d\r\n\r\n"
                            .formatted(body.length));
            exchange.send(body);
        };
    }

    Doors doors() {
        return doors;
    }

    /** Port of the bystander. */
    int bystander() {
        return bystander;
    }

    /** The database itself, past the Toxiproxy. */
    String url() {
        return "jdbc:postgresql://127.0.0.1:" + database.getPort() + "/postgres";
    }

    /** Address of the Toxiproxy's API. */
    String toxiproxy() {
        return api(toxiproxy);
    }

    private static String api(ToxiproxyServer server) {
        return "http://127.0.0.1:" + server.address().getPort();
    }

    @Override
    public void close() {
        running.close();
    }
}
