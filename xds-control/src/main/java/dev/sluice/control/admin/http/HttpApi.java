package dev.sluice.control.admin.http;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.sluice.contract.Problems;
import dev.sluice.control.admin.desk.Refusing;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Every method of the admin API over HTTP, as its annotation says, and {@code /openapi.json}, which
 * describes them. A request is called within this process with its {@code Authorization} header, so
 * who may do what is decided where it is for gRPC. Streams are answered as lines of JSON
 * (application/x-ndjson), an empty one every 15 s while nothing happens; one that fails ends with a
 * line {@code {"error": …}}. Thread-safe.
 *
 * <h2>Limits</h2>
 *
 * A body may have 4 MiB, as a message over gRPC. A method that does not stream must answer in 30 s.
 * At most 256 requests are at work at once, streams among them.
 */
public final class HttpApi implements HttpHandler {
    private static final int LARGEST_BODY = 4 * 1024 * 1024;
    private static final long LONGEST_CALL_SECONDS = 30;
    private static final long SILENCE_SECONDS = 15;
    private static final String JSON_TYPE = "application/json";
    private static final JsonFormat.Printer JSON =
            JsonFormat.printer().omittingInsignificantWhitespace();
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private static final int MOST_AT_ONCE = 256;
    private static final String MANY = MOST_AT_ONCE + " requests at work; end a stream or wait";

    private final Semaphore atOnce = new Semaphore(MOST_AT_ONCE);
    private final List<HttpRule> rules;
    private final Channel channel;
    private final byte[] openApi;

    /**
     * @param services that the channel leads to
     * @param channel within this process
     */
    public HttpApi(List<ServerServiceDefinition> services, Channel channel) {
        this.rules = HttpRule.of(services);
        this.channel = channel;
        this.openApi = OpenApi.of(rules).toPrettyString().getBytes(StandardCharsets.UTF_8);
    }

    /** Answers one request, on a thread that may wait. */
    @Override
    public void handle(HttpExchange exchange) throws IOException {
        boolean room = atOnce.tryAcquire();
        try (exchange) {
            if (!room) {
                fail(exchange, Failure.of(429, Status.Code.RESOURCE_EXHAUSTED, MANY));
                return;
            }
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            String path = exchange.getRequestURI().getRawPath();
            if (path.equals("/openapi.json")) {
                answer(exchange, 200, JSON_TYPE, openApi);
            } else {
                route(exchange, path);
            }
        } finally {
            if (room) {
                atOnce.release();
            }
        }
    }

    private void route(HttpExchange exchange, String path) throws IOException {
        List<String> verbs = new ArrayList<>();
        for (HttpRule rule : rules) {
            Optional<String> variable = rule.path().match(path);
            if (variable.isPresent() && rule.verb().equals(exchange.getRequestMethod())) {
                call(exchange, rule, variable.get());
                return;
            }
            variable.ifPresent(_ -> verbs.add(rule.verb()));
        }
        if (verbs.isEmpty()) {
            fail(
                    exchange,
                    Failure.of(
                            404, Status.Code.NOT_FOUND, "no such path; /openapi.json lists all"));
            return;
        }
        String allowed = String.join(", ", new TreeSet<>(verbs));
        exchange.getResponseHeaders().set("Allow", allowed);
        fail(exchange, Failure.of(405, Status.Code.UNIMPLEMENTED, "expected " + allowed));
    }

    private void call(HttpExchange exchange, HttpRule rule, String variable) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
        if (body.length > LARGEST_BODY) {
            fail(
                    exchange,
                    Failure.of(
                            413,
                            Status.Code.RESOURCE_EXHAUSTED,
                            "a body of more than " + LARGEST_BODY + " bytes"));
            return;
        }
        try {
            Problems problems = Problems.root();
            Message request =
                    RequestReader.read(
                            rule, variable, exchange.getRequestURI().getRawQuery(), body, problems);
            if (!problems.isEmpty()) {
                throw Refusing.invalid(problems.all());
            }
            if (rule.streams()) {
                stream(exchange, rule, request);
            } else {
                CallOptions soon =
                        CallOptions.DEFAULT.withDeadlineAfter(
                                LONGEST_CALL_SECONDS, TimeUnit.SECONDS);
                Message answer =
                        ClientCalls.blockingUnaryCall(as(exchange), rule.method(), soon, request);
                answer(exchange, 200, JSON_TYPE, utf8(json(answer) + "\n"));
            }
        } catch (StatusRuntimeException refused) {
            fail(exchange, Failure.of(refused));
        }
    }

    /** Answers 200 with the first line, so that a refusal still has its own code. */
    private void stream(HttpExchange exchange, HttpRule rule, Message request) throws IOException {
        BlockingClientCall<Message, Message> call =
                ClientCalls.blockingV2ServerStreamingCall(
                        as(exchange), rule.method(), CallOptions.DEFAULT, request);
        try {
            Message first = call.read();
            exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
            exchange.sendResponseHeaders(200, 0);
            if (first != null) {
                lines(exchange.getResponseBody(), call, first);
            }
        } catch (StatusException refused) {
            fail(
                    exchange,
                    Failure.of(refused.getStatus().asRuntimeException(refused.getTrailers())));
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } finally {
            call.cancel("the client is served or gone", null);
        }
    }

    private static void lines(
            OutputStream out, BlockingClientCall<Message, Message> call, Message first)
            throws IOException, InterruptedException {
        try {
            for (Message next = first; next != null; next = next(call, out)) {
                out.write(utf8(json(next) + "\n"));
                out.flush();
            }
        } catch (StatusException broken) {
            Failure failure =
                    Failure.of(broken.getStatus().asRuntimeException(broken.getTrailers()));
            out.write(utf8("{\"error\":" + failure.json() + "}\n"));
        }
    }

    /** Null at the end. While nothing comes, empty lines find out whether the client is there. */
    private static @Nullable Message next(
            BlockingClientCall<Message, Message> call, OutputStream out)
            throws IOException, InterruptedException, StatusException {
        while (true) {
            try {
                return call.read(SILENCE_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException silent) {
                out.write('\n');
                out.flush();
            }
        }
    }

    /** The channel with who calls. */
    private Channel as(HttpExchange exchange) {
        Metadata headers = new Metadata();
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (authorization != null) {
            headers.put(AUTHORIZATION, authorization);
        }
        return ClientInterceptors.intercept(
                channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static String json(Message answer) throws IOException {
        try {
            return JSON.print(answer);
        } catch (InvalidProtocolBufferException e) {
            throw new IOException("an Any of unknown type in an answer", e);
        }
    }

    private static void fail(HttpExchange exchange, Failure failure) throws IOException {
        if (failure.httpCode() == 401) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
        }
        answer(exchange, failure.httpCode(), JSON_TYPE, utf8(failure.json() + "\n"));
    }

    private static void answer(HttpExchange exchange, int code, String type, byte[] body)
            throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(code, body.length);
        exchange.getResponseBody().write(body);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
