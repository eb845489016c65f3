package dev.sluice.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.admin.v1.Protocol;
import dev.sluice.testkit.grpc.GrpcServerCall;
import dev.sluice.testkit.grpc.GrpcUpstream;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The two versions of the shop: they answer with their name, and keep the order of calls. */
final class Arms implements AutoCloseable {
    private final Protocol protocol;
    private final Running running = new Running();
    private final List<Arrival> arrivals = new ArrayList<>(); // guarded by itself
    private final int legacyPort;
    private final int newPort;

    private Arms(Protocol protocol) {
        this.protocol = protocol;
        legacyPort = start("legacy");
        newPort = start("new");
    }

    /** Which speak HTTP/1.1. */
    static Arms http() {
        return new Arms(Protocol.HTTP1);
    }

    /** Which speak gRPC, whatever the method. */
    static Arms grpc() {
        return new Arms(Protocol.HTTP2);
    }

    /**
     * A request.
     *
     * @param arm that it came to
     * @param nanos when, on the clock of {@link System#nanoTime}
     */
    record Arrival(String arm, long nanos) {}

    int legacyPort() {
        return legacyPort;
    }

    int newPort() {
        return newPort;
    }

    Protocol protocol() {
        return protocol;
    }

    /** All so far, in their order. */
    List<Arrival> arrivals() {
        synchronized (arrivals) {
            return List.copyOf(arrivals);
        }
    }

    private int start(String arm) {
        return protocol == Protocol.HTTP1
                ? running.keep(H1Upstream.start(_ -> H1Answer.ok(arrived(arm)))).port()
                : running.keep(GrpcUpstream.start(call -> answer(call, arm))).port();
    }

    private void answer(GrpcServerCall<byte[], byte[]> call, String arm) {
        Optional<byte[]> unused = call.read();
        call.send(arrived(arm).getBytes(UTF_8));
        call.end(Status.OK);
    }

    private String arrived(String arm) {
        synchronized (arrivals) {
            arrivals.add(new Arrival(arm, System.nanoTime()));
        }
        return arm;
    }

    @Override
    public void close() {
        running.close();
    }
}
