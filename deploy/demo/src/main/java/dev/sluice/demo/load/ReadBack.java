package dev.sluice.demo.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * Reads every acknowledged write back: names through the given versions of {@code customers}
 * themselves, orders from the table. Immutable.
 *
 * @param versions base address by name of the version
 * @param database where orders are
 */
public record ReadBack(Map<String, URI> versions, DataSource database) {
    private static final Pattern OLD = Pattern.compile("\"customer_name\":\"([^\"]*)\"");
    private static final Pattern NEW =
            Pattern.compile("\"first_name\":\"([^\"]*)\",\"last_name\":\"([^\"]*)\"");

    /** Checks a whole ledger; nothing may write meanwhile. */
    public Findings check(Ledger ledger) throws IOException, InterruptedException, SQLException {
        Map<Integer, String> names = ledger.acknowledgedNames();
        var renames =
                new Findings.Counting(
                        "every acknowledged rename reads back the same through "
                                + String.join(" and ", versions.keySet()));
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (Map.Entry<String, URI> version : versions.entrySet()) {
                for (Map.Entry<Integer, String> name : names.entrySet()) {
                    String read = name(http, version.getValue(), name.getKey());
                    renames.count(
                            read.equals(name.getValue()),
                            () ->
                                    "user "
                                            + name.getKey()
                                            + " through "
                                            + version.getKey()
                                            + ": "
                                            + read
                                            + " (expected: "
                                            + name.getValue()
                                            + ")");
                }
            }
        }
        return new Findings(List.of(renames.done(), orders(ledger.acknowledgedOrders())));
    }

    private static String name(HttpClient http, URI version, int user)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(version.resolve("/customers/" + user))
                        .timeout(Duration.ofSeconds(10))
                        .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        Matcher old = OLD.matcher(answer.body());
        if (old.find()) {
            return old.group(1);
        }
        Matcher split = NEW.matcher(answer.body());
        return split.find()
                ? (split.group(1) + " " + split.group(2)).stripTrailing()
                : answer.statusCode() + " " + answer.body();
    }

    private Findings.Check orders(List<String> ids) throws SQLException {
        var check = new Findings.Counting("every acknowledged order is in the database once");
        try (Connection connection = database.getConnection();
                PreparedStatement query =
                        connection.prepareStatement(
                                "SELECT count(*) FROM orders WHERE id = ?::uuid")) {
            for (String id : ids) {
                query.setString(1, id);
                try (ResultSet row = query.executeQuery()) {
                    row.next();
                    long count = row.getLong(1);
                    check.count(count == 1, () -> "order " + id + ": " + count + " rows");
                }
            }
        }
        return check.done();
    }
}
