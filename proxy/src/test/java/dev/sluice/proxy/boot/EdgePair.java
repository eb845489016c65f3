package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.boot.EdgeCase.Answered;
import dev.sluice.proxy.boot.EdgeCase.Then;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Request;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.H2Answer;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.H2Event;
import dev.sluice.testkit.http.H2Message;
import dev.sluice.testkit.http.H2Settings;
import dev.sluice.testkit.http.H2Stream;
import dev.sluice.testkit.http.H2Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import dev.sluice.testkit.tcp.TcpUpstream;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A proxy between a protocol of clients and one of upstreams, which tells in words how a case ends:
 *
 * <pre>STATUS (FLAGS or refusal), how stream or body ended, whether the connection goes on; fields
 * </pre>
 */
final class EdgePair implements AutoCloseable {
    private static final String SEEN = "x-seen";
    private static final String ROUTES =
            """
            - {match: {path: /slow}, route: {cluster: app, timeout: 0.1s}}
            - {match: {path: /empty}, route: {cluster: empty}}
            - {match: {path: /refused}, route: {cluster: refused}}
            - {match: {path: /nowhere}, route: {cluster_header: x-to}}
            - {match: {prefix: /, headers: [{name: x-unrouted, present_match: true, invert_match: true}]}, route: {cluster: app}}
            """;

    private final boolean http2Client;
    private final boolean http2Upstream;
    private final H1Upstream http1 = H1Upstream.startAtHead(this::answer);
    private final H2Upstream http2 = H2Upstream.startAtHead(H2Settings.STANDARD, this::answer);
    private final RunningProxy proxy;
    private volatile Optional<EdgeCase> current = Optional.empty();
    private volatile CountDownLatch arrived = new CountDownLatch(1);
    private int version = 1;

    /** A client of HTTP/2 whose connection goes on. */
    private @Nullable H2Client kept;

    EdgePair(boolean http2Client, boolean http2Upstream) {
        this.http2Client = http2Client;
        this.http2Upstream = http2Upstream;
        proxy = RunningProxy.start(1, bootstrap(/* routed= */ true));
    }

    private String bootstrap(boolean routed) {
        return Yaml.withManager(
                "http_protocol_options: {accept_http_10: true}",
                Yaml.withManager(
                        "common_http_protocol_options: {max_headers_count: 60}", listener(routed)));
    }

    private String listener(boolean routed) {
        return Yaml.bootstrap(
                routed ? ROUTES : "- {match: {path: /sentinel}, route: {cluster: empty}}",
                routed ? app() : "",
                Yaml.cluster("empty"),
                Yaml.cluster("refused", TcpUpstream.refusedPort()));
    }

    private String app() {
        return http2Upstream
                ? Yaml.http2Cluster("app", http2.port())
                : Yaml.cluster("app", http1.port());
    }

    /** Whether both protocols have what the case is about. */
    boolean has(EdgeCase one) {
        boolean asked =
                http2Client
                        ? one.asked().frames().isPresent()
                                && one.then() != Then.CLIENT_ENDS_ITS_SIDE
                        : one.asked().text().isPresent();
        return asked
                && switch (one.answered()) {
                    case Answered.Echo _ -> true;
                    case Answered.This(var overHttp1, var overHttp2) ->
                            http2Upstream ? overHttp2.isPresent() : overHttp1.isPresent();
                };
    }

    private H1Answer answer(H1Request head) {
        EdgeCase now = now(head.target());
        return switch (now.answered()) {
            case Answered.Echo _ ->
                    exchange -> {
                        H1Request whole = exchange.readBody();
                        Headers got = whole.headers().with(":path", whole.target());
                        H1Answer.of(200, echo(now, got, whole.trailers()), whole.body())
                                .play(exchange);
                    };
            case Answered.This(var overHttp1, var _) -> overHttp1.orElseThrow();
        };
    }

    private H2Answer answer(H2Message head) {
        EdgeCase now = now(head.path());
        return switch (now.answered()) {
            case Answered.Echo _ ->
                    stream -> {
                        H2Message rest = isWhole(stream) ? head : stream.readMessage(head.head());
                        if (rest.end() instanceof H2Message.End.Complete) {
                            Headers fields = echo(now, head.head(), rest.trailers());
                            H2Answer echo = H2Answer.of(200, fields, rest.body(), Headers.NONE);
                            bearing(() -> echo.play(stream));
                        }
                    };
            case Answered.This(var _, var overHttp2) ->
                    stream -> bearing(() -> overHttp2.orElseThrow().play(stream));
        };
    }

    /** Sends, also where the proxy ends the stream before all has been sent. */
    private static void bearing(Runnable sending) {
        try {
            sending.run();
        } catch (AssertionError ended) {
            assertThat(ended).as("what failed").hasMessageContaining("which failed");
        }
    }

    /** Whether a request ended with its head. */
    private static boolean isWhole(H2Stream stream) {
        return stream.received().getFirst() instanceof H2Event.Head(Headers _, boolean last)
                && last;
    }

    /** The case that a request belongs to; the ones behind it are plain. */
    private EdgeCase now(String path) {
        EdgeCase now = current.orElseThrow();
        if (path.equals("/after") || path.equals("/sentinel")) {
            return EdgeCase.asked(now.group(), now.name(), "", (client, stream) -> {});
        }
        if (now.then() == Then.CLUSTER_GOES) {
            proxy.swap(++version, bootstrap(/* routed= */ false));
        }
        arrived.countDown();
        return now;
    }

    private static Headers echo(EdgeCase now, Headers got, Headers trailers) {
        String seen =
                now.seen().stream()
                        .map(name -> told(name, got, trailers))
                        .collect(Collectors.joining("; "));
        return seen.isEmpty() ? Headers.NONE : Headers.of(SEEN, seen);
    }

    /** A name with {@code ?} at its end asks only whether it is there. */
    private static String told(String asked, Headers fields, Headers trailers) {
        boolean whether = asked.endsWith("?");
        String name = whether ? asked.substring(0, asked.length() - 1) : asked;
        Headers in = name.startsWith("trailer ") ? trailers : fields;
        String key = name.substring(name.startsWith("trailer ") ? "trailer ".length() : 0);
        if (!in.has(key)) {
            return "no " + name;
        }
        return whether ? name : name + "=" + String.join(" & ", in.all(key));
    }

    /**
     * Plays a case.
     *
     * @param flagged whether its record is to be waited for, which may come after its answer
     */
    String play(EdgeCase one, boolean flagged) throws IOException {
        current = Optional.of(one);
        arrived = new CountDownLatch(1);
        int refusals = proxy.refusals().size();
        String end = http2Client ? overHttp2(one) : overHttp1(one);
        TreeSet<String> why = new TreeSet<>();
        if (flagged) {
            while (why.isEmpty()) {
                why.addAll(flags(proxy.nextRecord()));
            }
        }
        RawHttp1Client.get(proxy.port(), "/sentinel");
        for (ExchangeRecord record = proxy.nextRecord();
                !record.path().equals("/sentinel");
                record = proxy.nextRecord()) {
            why.addAll(flags(record));
        }
        proxy.refusals().stream()
                .skip(refusals)
                .map(refusal -> "`" + refusal.name().toLowerCase(Locale.ROOT) + "`")
                .forEach(why::add);
        if (one.then() == Then.CLUSTER_GOES) {
            proxy.swap(++version, bootstrap(/* routed= */ true));
        }
        return why.isEmpty() ? end : end.replaceFirst(",|$", " " + String.join(" ", why) + "$0");
    }

    private static List<String> flags(ExchangeRecord record) {
        return record.path().equals("/after")
                ? List.of()
                : record.flags().stream().map(ResponseFlag::word).toList();
    }

    private String overHttp1(EdgeCase one) throws IOException {
        try (RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send(one.asked().text().orElseThrow());
            if (one.then() == Then.CLIENT_LEAVES) {
                awaitRequest();
                client.connection().reset();
                return "left";
            }
            if (one.then() == Then.CLIENT_ENDS_ITS_SIDE) {
                awaitRequest();
                client.connection().finish();
            }
            return read(one, client);
        }
    }

    private void awaitRequest() {
        Patience.await(arrived, "the upstream to get the request");
    }

    private static String read(EdgeCase one, RawHttp1Client client) {
        H1Response head;
        try {
            head = client.readHead();
        } catch (IOException none) {
            return "no answer, closed";
        }
        String status = statuses(head.interim().stream().map(H1Response::status), head.status());
        try {
            boolean bodyless = one.asked().text().orElseThrow().startsWith("HEAD");
            H1Response whole = bodyless ? head : client.readRest(head);
            return status
                    + ", "
                    + rest(one, client, head)
                    + fields(one, head.headers(), whole.trailers());
        } catch (IOException cut) {
            return status + ", cut" + fields(one, head.headers(), Headers.NONE);
        }
    }

    private static String statuses(Stream<Integer> interim, int last) {
        return Stream.concat(interim, Stream.of(last))
                .map(String::valueOf)
                .distinct()
                .collect(Collectors.joining(" then "));
    }

    private static String rest(EdgeCase one, RawHttp1Client client, H1Response head) {
        if (one.then() == Then.CLUSTER_GOES) {
            return "drained";
        }
        try {
            if (!head.headers().first("connection").orElse("").equals("close")) {
                client.send("GET /after HTTP/1.1\r\nhost: a.test\r\n\r\n");
                return client.readResponse().status() > 0 ? "kept" : "closed";
            }
            return client.readToClose().size() == 0 ? "closed" : "more bytes";
        } catch (IOException ended) {
            return "closed";
        }
    }

    private static String fields(EdgeCase one, Headers head, Headers trailers) {
        return Stream.concat(
                        head.all(SEEN).stream(),
                        one.told().stream().map(name -> told(name, head, trailers)))
                .map(text -> "; " + text)
                .collect(Collectors.joining());
    }

    private String overHttp2(EdgeCase one) {
        H2Client client = kept;
        if (client == null) {
            client = H2Client.connect(proxy.port());
            kept = client;
        }
        String end = overHttp2(one, client);
        if (!end.contains("kept")) {
            client.close();
            kept = null;
        }
        return end;
    }

    private String overHttp2(EdgeCase one, H2Client client) {
        H2Stream stream = client.open();
        bearing(() -> one.asked().frames().orElseThrow().send(client, stream));
        if (one.then() == Then.CLIENT_LEAVES) {
            awaitRequest();
            stream.reset(Http2Error.CANCEL);
            return "left, " + rest(one, client);
        }
        H2Message message = stream.readMessage();
        String status =
                message.status() < 0
                        ? "no answer"
                        : statuses(
                                message.interim().stream()
                                        .map(head -> head.first(":status").orElse("0"))
                                        .map(Integer::parseInt),
                                message.status());
        return status
                + end(message)
                + ", "
                + rest(one, client)
                + fields(one, message.head(), message.trailers());
    }

    private static String end(H2Message message) {
        return switch (message.end()) {
            case H2Message.End.Complete _ -> "";
            case H2Message.End.Reset(long code) -> ", reset " + Http2Error.valueOf(code);
            case H2Message.End.GivenUp _ -> ", given up";
            case H2Message.End.Disconnected _ -> "";
        };
    }

    private static String rest(EdgeCase one, H2Client client) {
        if (one.then() == Then.CLUSTER_GOES) {
            return "drained";
        }
        try {
            return client.get("/after").status() > 0 ? "kept" : "closed";
        } catch (AssertionError | RuntimeException ended) {
            return "closed";
        }
    }

    @Override
    public void close() {
        H2Client client = kept;
        if (client != null) {
            client.close();
        }
        proxy.close();
        http1.close();
        http2.close();
    }
}
