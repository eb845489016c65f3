package dev.sluice.demo.shop;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;

/**
 * One version of one service as a process: {@code SERVICE VERSION ADDRESS:PORT JDBC-URL
 * [CUSTOMERS-URI|NAME-FORMAT]}, where SERVICE is {@code customers} or {@code orders} and VERSION
 * {@code legacy} or {@code new}. Prints {@code ready} when it serves.
 */
public final class ShopMain {
    private ShopMain() {}

    /** Runs until the process is ended. */
    public static void main(String[] arguments) throws Exception {
        // Connections are kept for longer than any sidecar keeps one idle, and as many as there
        // are.
        System.setProperty("sun.net.httpserver.idleInterval", "7200");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
        String service = arguments[0];
        boolean legacy = arguments[1].equals("legacy");
        URI listen = URI.create("tcp://" + arguments[2]);
        try (HikariDataSource database = database(arguments[3]);
                HttpClient http =
                        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            JsonServer.Endpoint endpoint =
                    service.equals("customers")
                            ? customers(
                                    database, legacy, arguments.length > 4 ? arguments[4] : "sound")
                            : new OrdersService(
                                    database,
                                    URI.create(arguments[4]),
                                    legacy
                                            ? OrdersService.Dialect.LEGACY
                                            : OrdersService.Dialect.SPLIT,
                                    http);
            try (JsonServer _ =
                    new JsonServer(
                            new InetSocketAddress(listen.getHost(), listen.getPort()),
                            service + "/" + arguments[1],
                            endpoint)) {
                System.out.println("ready");
                new CountDownLatch(1).await();
            }
        }
    }

    private static JsonServer.Endpoint customers(
            DataSource database, boolean legacy, String format) {
        return new CustomersService(
                legacy
                        ? new CustomerStore.Legacy(database)
                        : new CustomerStore.Split(
                                database,
                                NameFormat.valueOf(
                                        format.toUpperCase(Locale.ROOT).replace('-', '_'))));
    }

    private static HikariDataSource database(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(8);
        config.setConnectionTimeout(10_000);
        return new HikariDataSource(config);
    }
}
