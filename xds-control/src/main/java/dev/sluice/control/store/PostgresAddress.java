package dev.sluice.control.store;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/**
 * Where a PostgreSQL database is and who we are to it. The password is never printed and never part
 * of the address. Immutable.
 */
public final class PostgresAddress {
    /** What an address begins with. */
    public static final String SCHEME = "jdbc:postgresql:";

    /** Seconds that a connection may take, and that one answer may. */
    private static final int CONNECT_SECONDS = 3;

    private static final int ANSWER_SECONDS = 10;

    /** What a URL may not say, since URLs are seen by others and logged. */
    private static final List<String> SECRETS = List.of("password", "sslpassword");

    private final String url;
    private final String user;
    private final String password;

    private PostgresAddress(String url, String user, String password) {
        this.url = url;
        this.user = user;
        this.password = password;
    }

    /**
     * Reads an address.
     *
     * @param url {@code jdbc:postgresql://HOST[:PORT]/DATABASE[?sslmode=verify-full&…]}, without a
     *     password
     * @param user empty for the one of the URL, or the system's
     * @param passwordFile whose first line is the password; empty for none
     */
    public static Parsed<PostgresAddress> read(
            String url, String user, Optional<Path> passwordFile) {
        Problems problems = Problems.root();
        boolean named = url.matches("jdbc:postgresql://[^/?]+/[^/?]+(\\?.*)?");
        if (!named) {
            problems.field("--store")
                    .add(
                            Problem.quote(withoutParameters(url)),
                            SCHEME + "//HOST:PORT/DATABASE",
                            "correct the address");
        }
        SECRETS.stream()
                .filter(secret ->
                        url.toLowerCase(Locale.ROOT).matches(".*[?&]" + secret + "=.*")
                                || url.matches(".*//[^/]*:[^/]*@.*"))
                .findFirst()
                .ifPresent(secret ->
                        problems.field("--store")
                                .add(
                                        "a secret in the address",
                                        "an address that others may see",
                                        "take it out, and give --store-password-file"));
        Optional<String> password = passwordFile.map(file -> firstLine(file, problems));
        return problems.finish(() -> new PostgresAddress(url, user, password.orElse("")));
    }

    private static String firstLine(Path file, Problems problems) {
        try {
            return Files.readString(file).lines().findFirst().orElse("");
        } catch (IOException e) {
            problems.field("--store-password-file")
                    .add(
                            Problem.quote(file.toString()),
                            "a readable file with the password in its first line",
                            "check the path and its owner");
            return "";
        }
    }

    /** For the driver: short waits, so that a database that is gone is found out. */
    Properties properties() {
        var properties = new Properties();
        if (!user.isEmpty()) {
            properties.setProperty("user", user);
        }
        if (!password.isEmpty()) {
            properties.setProperty("password", password);
        }
        properties.setProperty("ApplicationName", "sluice-control");
        properties.setProperty("connectTimeout", Integer.toString(CONNECT_SECONDS));
        properties.setProperty("loginTimeout", Integer.toString(CONNECT_SECONDS));
        properties.setProperty("socketTimeout", Integer.toString(ANSWER_SECONDS));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("reWriteBatchedInserts", "true");
        return properties;
    }

    String url() {
        return url;
    }

    /** Without parameters and password, for people. */
    @Override
    public String toString() {
        return withoutParameters(url);
    }

    private static String withoutParameters(String url) {
        int from = url.indexOf('?');
        String bare = from < 0 ? url : url.substring(0, from);
        return bare.replaceFirst("//[^/]*@", "//");
    }
}
