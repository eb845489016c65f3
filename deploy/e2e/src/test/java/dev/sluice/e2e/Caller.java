package dev.sluice.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Users of the shop behind one listener. Thread-safe. */
public final class Caller implements AutoCloseable {
    static final int USERS = 200;

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI listener;

    Caller(String address, int port) {
        this.listener = URI.create("http://" + address + ":" + port + "/");
    }

    /** Who answers a user: the body of a 200, else the status. */
    String ask(int user) {
        HttpRequest request =
                HttpRequest.newBuilder(listener)
                        .header("x-user", Integer.toString(user))
                        .timeout(Duration.ofSeconds(10))
                        .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? answer.body() : "status " + answer.statusCode();
        } catch (IOException e) {
            return "failed: " + e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    /** How many of 200 users each version answers. */
    Map<String, Integer> tally() {
        return tally(this::ask);
    }

    /**
     * The same of users who call otherwise.
     *
     * @param ask who answers a user
     */
    static Map<String, Integer> tally(IntFunction<String> ask) {
        Map<String, Integer> tally = new TreeMap<>();
        for (int user = 0; user < USERS; user++) {
            tally.merge(ask.apply(user), 1, Integer::sum);
        }
        return tally;
    }

    /** Asks until the answers are as wanted, for half a minute at most; returns the last. */
    Map<String, Integer> tallyUntil(Predicate<Map<String, Integer>> wanted) {
        return until(this::tally, wanted);
    }

    /** Takes a tally until it is as wanted, for half a minute at most; returns the last. */
    static Map<String, Integer> until(
            Supplier<Map<String, Integer>> tally, Predicate<Map<String, Integer>> wanted) {
        long end = System.nanoTime() + LIMIT.toNanos();
        Map<String, Integer> last = tally.get();
        while (!wanted.test(last) && System.nanoTime() < end) {
            last = tally.get();
        }
        return last;
    }

    /** Waits until something holds, for half a minute at most. */
    public static void await(BooleanSupplier holds) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!holds.getAsBoolean() && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
