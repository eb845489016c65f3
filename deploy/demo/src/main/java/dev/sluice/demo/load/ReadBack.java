package dev.sluice.demo.load;

import dev.sluice.demo.load.Ledger.PlacedOrder;
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
 * Reads every acknowledged write back through the given versions of its service themselves, past
 * all sidecars, and counts the rows of each order. Immutable.
 *
 * @param customers base address of {@code customers}, by name of the version
 * @param orders base address of {@code orders}, by name of the version
 * @param database where orders are
 */
public record ReadBack(Map<String, URI> customers, Map<String, URI> orders, DataSource database) {
    private static final Pattern OLD = Pattern.compile("\"customer_name\":\"([^\"]*)\"");
    private static final Pattern NEW =
            Pattern.compile("\"first_name\":\"([^\"]*)\",\"last_name\":\"([^\"]*)\"");
    private static final Pattern SHIP_TO = Pattern.compile("\"ship_to\":\"([^\"]*)\"");
    private static final Pattern ITEM = Pattern.compile("\"item\":\"([^\"]*)\"");

    /** Checks a whole ledger; nothing may write meanwhile. */
    public Findings check(Ledger ledger) throws IOException, InterruptedException, SQLException {
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return new Findings(
                    List.of(
                            renamesRead(http, ledger.acknowledgedNames()),
                            ordersRead(http, ledger.acknowledgedOrders()),
                            ordersStored(ledger.acknowledgedOrders())));
        }
    }

    private Findings.Check renamesRead(HttpClient http, Map<Integer, String> names)
            throws IOException, InterruptedException {
        var check = new Findings.Counting(claim("rename", customers));
        for (Map.Entry<String, URI> version : customers.entrySet()) {
            for (Map.Entry<Integer, String> name : names.entrySet()) {
                String read = name(http, version.getValue(), name.getKey());
                check.count(
                        read.equals(name.getValue()),
                        () ->
                                difference(
                                        "user " + name.getKey(),
                                        version.getKey(),
                                        read,
                                        name.getValue()));
            }
        }
        return check.done();
    }

    private Findings.Check ordersRead(HttpClient http, List<PlacedOrder> placed)
            throws IOException, InterruptedException {
        var check = new Findings.Counting(claim("order", orders));
        for (Map.Entry<String, URI> version : orders.entrySet()) {
            for (PlacedOrder order : placed) {
                String path = "/orders/" + order.user() + "/" + order.id();
                HttpResponse<String> answer = get(http, version.getValue().resolve(path));
                String read = found(ITEM, answer.body()) + " to " + found(SHIP_TO, answer.body());
                String told = order.item() + " to " + found(SHIP_TO, order.acknowledgement());
                check.count(
                        answer.statusCode() == 200 && read.equals(told),
                        () -> difference("order " + order.id(), version.getKey(), read, told));
            }
        }
        return check.done();
    }

    private static String claim(String write, Map<String, URI> versions) {
        return "every acknowledged "
                + write
                + " reads back the same through "
                + String.join(" and ", versions.keySet());
    }

    private static String difference(String what, String version, String read, String expected) {
        return what + " through " + version + ": " + read + " (expected: " + expected + ")";
    }

    private static String found(Pattern pattern, String body) {
        Matcher matcher = pattern.matcher(body);
        return matcher.find() ? matcher.group(1) : "nothing";
    }

    private static String name(HttpClient http, URI version, int user)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = get(http, version.resolve("/customers/" + user));
        Matcher old = OLD.matcher(answer.body());
        if (old.find()) {
            return old.group(1);
        }
        Matcher split = NEW.matcher(answer.body());
        return split.find()
                ? (split.group(1) + " " + split.group(2)).stripTrailing()
                : answer.statusCode() + " " + answer.body();
    }

    private static HttpResponse<String> get(HttpClient http, URI address)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(10)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private Findings.Check ordersStored(List<PlacedOrder> placed) throws SQLException {
        var check = new Findings.Counting("every acknowledged order is in the database once");
        try (Connection connection = database.getConnection();
                PreparedStatement query =
                        connection.prepareStatement(
                                "SELECT count(*) FROM orders WHERE id = ?::uuid")) {
            for (PlacedOrder order : placed) {
                query.setString(1, order.id());
                try (ResultSet row = query.executeQuery()) {
                    row.next();
                    long count = row.getLong(1);
                    check.count(count == 1, () -> "order " + order.id() + ": " + count + " rows");
                }
            }
        }
        return check.done();
    }
}
