package dev.sluice.e2e.differential;

import dev.sluice.testkit.Patience;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Exchange;
import dev.sluice.testkit.http.H1Request;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.H2Answer;
import dev.sluice.testkit.http.H2Message;
import dev.sluice.testkit.http.H2Upstream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The upstreams of one proxy, {@code a}, {@code b} and {@code d} over HTTP/1.1 and {@code c} over
 * HTTP/2: they answer as the case in hand says and keep what arrived. Thread-safe.
 */
final class Upstreams implements AutoCloseable {
    /** Path of the request that finds out whether a connection lives; it is not kept. */
    static final String SENTINEL = "/sentinel";

    private final H1Upstream a = H1Upstream.startAtHead(request -> answer("a", request));
    private final H1Upstream b = H1Upstream.startAtHead(request -> answer("b", request));
    private final H1Upstream d = H1Upstream.startAtHead(request -> answer("d", request));
    private final H2Upstream c = H2Upstream.start(request -> answer("c", request));
    private final List<CompletableFuture<List<String>>> arrived = new ArrayList<>(); // guarded
    private volatile CompletableFuture<Void> enough = CompletableFuture.completedFuture(null);
    private int least; // guarded
    private List<UpstreamAnswer> answers = List.of(UpstreamAnswer.Message.OK); // guarded

    int port(String upstream) {
        return switch (upstream) {
            case "a", "clients-a" -> a.port();
            case "b" -> b.port();
            case "c", "clients-c" -> c.port();
            case "d" -> d.port();
            default ->
                    throw new IllegalArgumentException(
                            "upstream '" + upstream + "' (expected: a, b, c, d or dead)");
        };
    }

    /**
     * From now on, requests are this case's.
     *
     * @param arrivals how many come at least
     */
    synchronized void begin(List<UpstreamAnswer> script, int arrivals) {
        arrived.clear();
        answers = script;
        least = arrivals;
        enough =
                arrivals == 0 ? CompletableFuture.completedFuture(null) : new CompletableFuture<>();
    }

    /**
     * What arrived since the beginning of the case, each request read to its end. Several are
     * sorted, since copies come in any order.
     */
    List<String> arrived() {
        Patience.await(enough, "requests at the upstreams");
        List<CompletableFuture<List<String>>> requests;
        boolean sorted;
        synchronized (this) {
            requests = List.copyOf(arrived);
            sorted = least > 1;
        }
        Stream<List<String>> read =
                requests.stream().map(request -> Patience.await(request, "the end of a request"));
        return (sorted ? read.sorted(Comparator.comparing(List::toString)) : read)
                .flatMap(List::stream)
                .toList();
    }

    private H1Answer answer(String upstream, H1Request head) {
        if (head.target().equals(SENTINEL)) {
            return UpstreamAnswer.Message.OK.h1(upstream);
        }
        CompletableFuture<List<String>> record = new CompletableFuture<>();
        UpstreamAnswer answer = next(record);
        return exchange -> {
            record.complete(read(upstream, exchange));
            answer.h1(upstream).play(exchange);
        };
    }

    private H2Answer answer(String upstream, H2Message request) {
        if (request.path().equals(SENTINEL)) {
            return UpstreamAnswer.Message.OK.h2(upstream);
        }
        CompletableFuture<List<String>> record = new CompletableFuture<>();
        UpstreamAnswer answer = next(record);
        record.complete(Normalised.upstreamRequest(upstream, request));
        return answer.h2(upstream);
    }

    private synchronized UpstreamAnswer next(CompletableFuture<List<String>> record) {
        UpstreamAnswer answer = answers.get(Math.min(arrived.size(), answers.size() - 1));
        arrived.add(record);
        if (arrived.size() == least) {
            enough.complete(null);
        }
        return answer;
    }

    /** A request that the proxy broke off may or may not have come so far: it is not kept. */
    private static List<String> read(String upstream, H1Exchange exchange) {
        try {
            return Normalised.upstreamRequest(upstream, exchange.readBody());
        } catch (IOException e) {
            return List.of();
        }
    }

    @Override
    public void close() {
        a.close();
        b.close();
        c.close();
        d.close();
    }
}
