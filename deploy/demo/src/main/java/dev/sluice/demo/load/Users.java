package dev.sluice.demo.load;

import dev.sluice.contract.decide.DecisionHeader;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.demo.change.ShopSchema;
import dev.sluice.demo.load.Entry.Outcome;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The users: requests at a fixed rate, users chosen by popularity, seven reads to three writes. A
 * user renames himself once at a time, so that the order of acknowledged names is known.
 *
 * <p>When {@link #MOST_UNDER_WAY} requests are under way, the next ones are not sent but counted.
 * On a machine that can't serve the rate, requests would otherwise queue for seconds, and the judge
 * would see the queue instead of the versions. Thread-safe.
 */
public final class Users implements AutoCloseable {
    private static final double SKEW = 0.7;

    /** At the usual rate, enough for answers of 120 ms. */
    private static final int MOST_UNDER_WAY = 24;

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    private final Call.Edge edge;
    private final Ledger ledger;
    private final Zipf popularity;
    private final RandomGenerator random;
    private final Set<Integer> renaming = ConcurrentHashMap.newKeySet();
    private final Semaphore room = new Semaphore(MOST_UNDER_WAY);
    private final Clock clock;
    private final HttpClient http;
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService pace =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("users").daemon().factory());

    /**
     * @param edge where requests go
     * @param users how many distinct users there are
     * @param ledger where each request is written
     * @param random used by one thread at a time
     */
    public Users(Call.Edge edge, int users, Ledger ledger, RandomGenerator random, Clock clock) {
        this.edge = edge;
        this.ledger = ledger;
        this.random = random;
        this.clock = clock;
        this.popularity = new Zipf(users, SKEW, random);
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(5))
                        .build();
    }

    /**
     * Starts to send.
     *
     * @param perSecond requests a second, 1..10,000
     */
    public void start(int perSecond) {
        var unused =
                pace.scheduleAtFixedRate(
                        this::next, 0, 1_000_000_000L / perSecond, TimeUnit.NANOSECONDS);
    }

    /** One request, unless too many are under way. */
    private void next() {
        Call call = choose(popularity.next(random));
        if (room.tryAcquire()) {
            ledger.sending();
            calls.execute(() -> run(call));
            return;
        }
        ledger.heldBack();
        if (call instanceof Call.Rename(int user, String _)) {
            renaming.remove(user);
        }
    }

    private Call choose(int user) {
        int dice = random.nextInt(20);
        if (dice < 7) {
            return new Call.ReadCustomer(user);
        }
        if (dice < 14) {
            return new Call.ReadOrder(user);
        }
        if (dice < 17) {
            return new Call.PlaceOrder(
                    user,
                    new UUID(random.nextLong(), random.nextLong()).toString(),
                    "item-" + dice);
        }
        return renaming.add(user)
                ? new Call.Rename(user, ShopSchema.nameOf(user, random))
                : new Call.ReadCustomer(user);
    }

    private void run(Call call) {
        var sent = clock.instant();
        try {
            Outcome outcome = send(call);
            ledger.record(new Entry(call, sent, Duration.between(sent, clock.instant()), outcome));
        } finally {
            if (call instanceof Call.Rename(int user, String _)) {
                renaming.remove(user);
            }
            room.release();
        }
    }

    private Outcome send(Call call) {
        try {
            HttpResponse<String> answer =
                    http.send(request(call), HttpResponse.BodyHandlers.ofString());
            return read(answer);
        } catch (IOException e) {
            return new Outcome.Lost(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.Lost("interrupted");
        }
    }

    private HttpRequest request(Call call) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(call.at(edge))
                        .timeout(LONGEST_WAIT)
                        .header("x-user", Integer.toString(call.user()))
                        .header("x-sluice-explain", "1");
        return switch (call) {
            case Call.ReadCustomer _, Call.ReadOrder _ -> request.GET().build();
            case Call.Rename(int _, String fullName) ->
                    request.PUT(
                                    HttpRequest.BodyPublishers.ofString(
                                            "{\"full_name\":\"" + fullName + "\"}"))
                            .header("content-type", "application/json")
                            .build();
            case Call.PlaceOrder(int user, String orderId, String item) ->
                    request.POST(
                                    HttpRequest.BodyPublishers.ofString(
                                            "{\"customer_id\":"
                                                    + user
                                                    + ",\"order_id\":\""
                                                    + orderId
                                                    + "\",\"item\":\""
                                                    + item
                                                    + "\"}"))
                            .header("content-type", "application/json")
                            .build();
        };
    }

    private static Outcome read(HttpResponse<String> answer) {
        HttpHeaders headers = answer.headers();
        Optional<Entry.Inner> inner =
                headers.firstValue("x-inner-served-by")
                        .map(servedBy ->
                                new Entry.Inner(servedBy, decision(headers, "x-inner-decision")));
        return new Outcome.Answered(
                answer.statusCode(),
                headers.firstValue("x-served-by").orElse(""),
                decision(headers, "x-sluice-decision"),
                inner,
                answer.body());
    }

    private static Optional<GateDecision> decision(HttpHeaders headers, String name) {
        return headers.firstValue(name).flatMap(text -> DecisionHeader.parse(text).toOptional());
    }

    /** Stops sending and waits until every request under way has ended. */
    public void stop() throws InterruptedException {
        pace.shutdown();
        boolean ended =
                pace.awaitTermination(5, TimeUnit.SECONDS)
                        && room.tryAcquire(MOST_UNDER_WAY, 30, TimeUnit.SECONDS);
        if (!ended) {
            throw new IllegalStateException(
                    "requests under way after 30 s: "
                            + (MOST_UNDER_WAY - room.availablePermits())
                            + " (expected: 0, each ends by its own timeout of "
                            + LONGEST_WAIT.toSeconds()
                            + " s)");
        }
    }

    @Override
    public void close() {
        pace.shutdownNow();
        calls.shutdownNow();
        http.shutdownNow();
    }
}
